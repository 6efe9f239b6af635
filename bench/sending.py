"""Sending: ours and the neighbours when answers get lost; a thousand posts in one minute; and a thousand kills.

`python -m bench sending [--json] [--only race|burst|kills] [--runs N] [--posts N] [--engines sqlite,postgresql]`
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from bench.kills import kills
from bench.posts.burst import burst
from bench.posts.race import race

PARTS = ("race", "burst", "kills")
BURST = ("missing", "duplicates", "ratio_to_plain_loop", "late_p99_s")
KILLS = ("runs", "missing", "duplicates")


def say(sentence: str) -> None:
    """Progress, beside the result."""
    print(sentence, file=sys.stderr, flush=True)


def measure(parts: Sequence[str], runs: int, posts: int, engines: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """What each part came to; `details` holds all that is behind the figures."""
    found: dict[str, dict[str, object]] = {}
    details: dict[str, object] = {}
    if "race" in parts:
        results, details["scenarios"] = race(say)
        found["race"] = dict(results)
    if "burst" in parts:
        whole = burst(engines, posts, 50 * posts // 1000, say)
        found["burst"], details["burst"] = {name: whole[name] for name in BURST}, whole
    if "kills" in parts:
        whole = kills(runs, engines, say)
        found["kills"], details["kills"] = {name: whole[name] for name in KILLS}, whole
    return {**found, "details": details}


def table(found: dict[str, dict[str, object]], write: Callable[[str], None] = print) -> None:
    """For people."""
    for name, part in found.items():
        if name == "details":
            continue
        for row, value in part.items():
            shown = ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
            write(f"{name:6} {row:20} {shown}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench sending")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be given more than once")
    parser.add_argument("--runs", type=int, default=1000, help="how many kills")
    parser.add_argument("--posts", type=int, default=1000, help="how many posts in the burst")
    parser.add_argument("--engines", default="sqlite,postgresql", help="databases, separated by commas")
    chosen = parser.parse_args()
    found = measure(chosen.only or PARTS, chosen.runs, chosen.posts, tuple(chosen.engines.split(",")))
    if chosen.json:
        print(json.dumps(found, indent=1))
    else:
        table(found)


if __name__ == "__main__":
    main()
