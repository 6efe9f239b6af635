"""`python -m bench NAME [options]` runs one benchmark; without a name it says which there are."""

import runpy
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(arguments: list[str]) -> int:
    """Hand over to the benchmark as if it had been started by itself."""
    if not arguments or arguments[0] not in NAMES:
        print("Benchmarks:", ", ".join(NAMES), file=sys.stderr)
        return 2
    sys.argv = [f"bench {arguments[0]}", *arguments[1:]]
    runpy.run_module(f"bench.{arguments[0]}", run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
