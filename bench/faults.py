"""The long fault runs: whole workers killed again and again while servers go and come. One post in the end each time, or it says which not.

They are tests that would take most of the build's time; there they are passed over, here they run as often as asked.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG = (
    "tests/announcements/test_handover_killed.py",
    "tests/announcements/test_handover_any_order.py",
    "tests/announcements/test_two_steps.py",
    "tests/contracts/family/test_matrix.py",
    "tests/artists/telling/test_never_silent.py",
)


def run(place: str, runs: int) -> dict[str, object]:
    """One of them, with so many runs."""
    told = {**os.environ, "CREATORBOT_KILLS": str(runs), "CREATORBOT_ORDERS": str(20 * runs), "CREATORBOT_EVERY": "yes"}
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", place], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    said = done.stdout.strip().splitlines()
    return {
        "run": Path(place).stem,
        "passed": done.returncode == 0,
        "s": round(time.monotonic() - began, 1),
        "said": said[-1] if said else "",
    }


def main() -> None:
    """Print one table, or the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5, help="how often each is played")
    asked = parser.parse_args()
    rows = [run(place, asked.runs) for place in LONG]
    if asked.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print(f"{row['run']:28} {'passed' if row['passed'] else 'FAILED':8} {row['s']:8} s   {row['said']}")
    sys.exit(0 if all(row["passed"] for row in rows) else 1)


if __name__ == "__main__":
    main()
