"""Fuzzing of all readers of sources and pictures for as long as asked. Anything but a refusal with a sentence is a finding."""

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

from bench.fuzzing.work import SLOW_SECONDS, Finding, Report, work


def apart(seed: int, seconds: float, current: Path, only: str, answers: Connection) -> None:
    """The worker's process."""
    os.nice(10)
    answers.send(work(seed, seconds, current, only))


def run(seed: int, minutes: float, only: str) -> Report:
    """Workers one after the other, each a process of its own; one that dies is a finding, and the next goes on."""
    whole, ends = Report(), time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        current = Path(folder) / "current"
        while (left := ends - time.monotonic()) > 0.5:
            ours, theirs = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.get_context("fork").Process(target=apart, args=(seed, min(left, 300), current, only, theirs))
            process.start()
            theirs.close()
            try:
                _add(whole, ours.recv())
            except EOFError:
                process.join()
                name, number, body = current.read_bytes().split(b"\n", 2)
                where = f"the process died ({process.exitcode})"
                whole.findings[where] = Finding(name.decode(), where, 1, len(body), int(number), body)
            process.join()
            seed += 1
    return whole


def _add(whole: Report, part: Report) -> None:
    whole.executions += part.executions
    whole.refusals += part.refusals
    whole.kept += part.kept
    whole.lines = max(whole.lines, part.lines)
    whole.peak_mb = max(whole.peak_mb, part.peak_mb)
    if part.slowest_s > whole.slowest_s:
        whole.slowest_s, whole.slowest = part.slowest_s, part.slowest
    for name, count in part.by_target.items():
        whole.by_target[name] = whole.by_target.get(name, 0) + count
    for where, finding in part.findings.items():
        known = whole.findings.setdefault(where, finding)
        if known is not finding:
            known.times += finding.times


def _keep(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place, finding in enumerate(report.findings.values()):
        (folder / f"{place}-{finding.target.replace(' ', '-')}").write_bytes(finding.body)
        (folder / f"{place}-{finding.target.replace(' ', '-')}.txt").write_text(
            f"{finding.where}\nnumber {finding.number}\n{finding.trace}"
        )


def main() -> int:
    """Print what was found, in figures; 1 when there is a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9), help="the same seed spoils in the same way")
    parser.add_argument("--only", default="", help="one reader alone")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of findings")
    asked = parser.parse_args()
    report = run(asked.seed, asked.minutes, asked.only)
    if asked.keep:
        _keep(report, asked.keep)
    if asked.json:
        told = asdict(report)
        told["findings"] = [{**finding, "body": finding["body"].hex()[:2_000]} for finding in told["findings"].values()]
        print(json.dumps({"seed": asked.seed, "minutes": asked.minutes, **told}))
        return 1 if report.findings else 0
    print(f"seed {asked.seed}, {asked.minutes:g} minutes")
    for name, count in sorted(report.by_target.items()):
        print(f"  {name:16} {count:10,}")
    print(f"read {report.executions:,} times, {report.refusals:,} refused with a sentence")
    print(f"{report.kept:,} inputs kept as new, {report.lines:,} lines of ours run")
    print(f"slowest {report.slowest_s:.2f} s ({report.slowest}; limit {SLOW_SECONDS:g} s), peak memory {report.peak_mb} MB")
    print(f"findings: {len(report.findings)}")
    for finding in report.findings.values():
        print(f"- {finding.target}: {finding.where}, {finding.times} times, {finding.size} bytes: {finding.body[:200]!r}\n{finding.trace}")
    return 1 if report.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
