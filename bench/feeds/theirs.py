"""The `reader` library's side of the polling benchmark: run by the Python of its own environment, knows nothing of ours."""

import json
import sys
import time
from collections.abc import Iterable

from reader import make_reader  # type: ignore[import-not-found]


def main(path: str, workers: str) -> None:
    """`theirs.py DATABASE WORKERS`; input: `add` and addresses, or `poll`; output: a line of JSON each."""
    reader = make_reader(path)
    print("ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "add":
            _add(reader, words[1:])
            print("{}", flush=True)
            continue
        began, cpu, failed, fresh = time.perf_counter(), time.process_time(), 0, 0
        for result in reader.update_feeds_iter(workers=int(workers), scheduled=False):
            failed += isinstance(result.value, Exception)
            fresh += getattr(result.value, "new", 0) or 0
        answer = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "troubled": failed, "fresh": fresh}
        print(json.dumps(answer), flush=True)


def _add(reader: object, addresses: Iterable[str]) -> None:
    for address in addresses:
        reader.add_feed(address)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
