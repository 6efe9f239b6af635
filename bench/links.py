"""Links: speed beside a bare Flask redirect, a stampede, kills, draining and memory. Nothing here needs anything from outside.

`python -m bench links [--json] [--only throughput,stampede,kill,drain,memory] [--quick]`
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

from bench.visits import draining, killing, memory, stampede, throughput

PARTS = ("throughput", "stampede", "kill", "drain", "memory")
TARGETS = {
    "ratio": "at least 3",
    "p99_ms": "at most 25",
    "page_bytes": "at least 12,000",
    "drain_per_s": "at least 30,000",
    "mb_100k_links": "under 200",
}
STAMPEDE = {"errors": "0", "p99_people_ms": "under 100", "people": "as many as came", "servers": "as many as came"}
KILL = {"answered": "", "stored": "as many as answered", "twice": "0"}
Part = Callable[[], dict[str, object]]


def say(sentence: str) -> None:
    """Progress, beside the result."""
    print(sentence, file=sys.stderr, flush=True)


def parts(*, quick: bool, own_load: bool) -> dict[str, Part]:
    """How each is measured. quick: only to see that everything works, with figures that mean little."""
    crowd = stampede.Size(500, 25, 2.0) if quick else stampede.Size()
    catalogue = memory.Size(2_000, 100, 10, 10, 200, 1) if quick else memory.Size()
    return {
        "throughput": lambda: throughput.measure(1.0 if quick else 4.0, 1 if quick else 3, own_load, say),
        "stampede": lambda: {"stampede": stampede.measure(crowd, say)},
        "kill": lambda: {"kill": killing.measure(1 if quick else 10, say)},
        "drain": lambda: draining.measure(5_000 if quick else 200_000, say),
        "memory": lambda: _memory(catalogue),
    }


def _memory(size: memory.Size) -> dict[str, object]:
    found = memory.measure(size, say)
    return {"mb_100k_links": found.pop("mb_100k_links"), "memory": found}


def measure(names: Sequence[str], *, quick: bool, own_load: bool) -> dict[str, object]:
    """All that was asked for, in one document."""
    found: dict[str, object] = {}
    seconds: dict[str, float] = {}
    for name, part in parts(quick=quick, own_load=own_load).items():
        if name in names:
            say(f"{name} …")
            began = time.monotonic()
            found |= part()
            seconds[name] = round(time.monotonic() - began, 1)
    return found | {"seconds": seconds} | ({"quick": True} if quick else {})


def table(found: dict[str, object], write: Callable[[str], None] = print) -> None:
    """For people: what has a target with it, the rest below."""
    rest: dict[str, object] = {}
    for name, value in found.items():
        if name in ("stampede", "kill") and isinstance(value, dict):
            for key, target in (STAMPEDE if name == "stampede" else KILL).items():
                _row(write, f"{name}: {key}", value[key], target)
            rest |= {f"{name}: {key}": one for key, one in value.items() if key not in STAMPEDE and key not in KILL}
        elif isinstance(value, dict):
            rest |= {f"{name}: {key}": one for key, one in value.items()}
        else:
            _row(write, name, value, TARGETS.get(name, ""))
    for name, value in rest.items():
        _row(write, name, value, "")


def _row(write: Callable[[str], None], name: str, value: object, target: str) -> None:
    shown = f"{value:,}" if isinstance(value, int | float) else str(value)
    write(f"{name:34}{shown:>14}" + (f"   ({target})" if target else ""))


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(prog="bench links", description=__doc__)
    options.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    options.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas: " + ", ".join(PARTS))
    options.add_argument("--quick", action="store_true", help="small sizes, only to see that everything works")
    options.add_argument("--own-load", action="store_true", help="our own load program, also where wrk is installed")
    given = options.parse_args()
    names = given.only.split(",")
    if unknown := set(names) - set(PARTS):
        options.error(f"there is no part {', '.join(sorted(unknown))}")
    found = measure(names, quick=given.quick, own_load=given.own_load)
    print(json.dumps(found)) if given.json else table(found)


if __name__ == "__main__":
    main()
