"""Memory of the whole service at rest: proportional set size of each process, and their sum. Linux only."""

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.servers.service import family, memory_kb, started


def measure(seconds: float) -> list[tuple[str, int]]:
    """Start it, open a few pages, let it rest: name and kB of each process."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as service:
        service.wait_until_ready()
        for path in (service.address, "/login", "/setup"):
            service.get(path)
        time.sleep(seconds)
        everyone = family(service.process.pid)
        used = memory_kb(list(everyone))
        return [(everyone[pid], used[pid]) for pid in sorted(everyone)]


def main() -> None:
    """Print one table, or the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=10, help="how long it rests first")
    asked = parser.parse_args()
    rows = measure(asked.seconds)
    total = sum(kb for _, kb in rows)
    if asked.json:
        print(json.dumps({"processes": rows, "total_kb": total}))
        return
    for command, kb in rows:
        print(f"{command:28} {kb / 1000:8.1f} MB")
    print(f"{'together':28} {total / 1000:8.1f} MB   (limit 250)")


if __name__ == "__main__":
    main()
