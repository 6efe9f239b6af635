"""One worker: spoils, reads, keeps what is new as a further seed, and writes down what should not have happened, made small."""

import contextlib
import logging
import random
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bench.fuzzing.mutation import spoiled
from bench.fuzzing.seeds import pages, pictures
from bench.fuzzing.targets import TARGETS, Target, outcome

SLOW_SECONDS = 2.0
_GIVEN_UP = 15.0  # seconds of processor time
_MOST_SEEDS = 3_000
_MINIMISING_SECONDS = 20.0
_TRACED_SHARE = 0.05


class TooSlow(Exception):
    """A read that did not end."""


@dataclass
class Finding:
    """One kind of mishap. where: exception and innermost place of ours. size: of the smallest input that shows it."""

    target: str
    where: str
    times: int = 1
    size: int = 0
    number: int = 0
    body: bytes = b""
    trace: str = ""


@dataclass
class Report:
    """What one worker saw. slowest: seconds of processor time, and by which reader."""

    executions: int = 0
    by_target: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    lines: int = 0
    slowest_s: float = 0.0
    slowest: str = ""
    peak_mb: int = 0
    refusals: int = 0
    findings: dict[str, Finding] = field(default_factory=dict)


def work(seed: int, seconds: float, current: Path, only: str = "") -> Report:
    """Fuzz for so long. current: the input under work is written there first, so that it is known if this process dies."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _ring)
    chance, report, ends = random.Random(seed), Report(), time.monotonic() + seconds
    corpus = {False: pages(), True: pictures()}
    targets = [target for target in TARGETS if only in ("", target.name)]
    seen: set[str] = set()
    lines: set[tuple[str, int]] = set()
    while time.monotonic() < ends:
        target = chance.choice(targets)
        bodies = corpus[target.pictures]
        body = spoiled(chance, _seed(chance, bodies), _seed(chance, bodies))
        number = chance.randrange(1_000)
        current.write_bytes(f"{target.name}\n{number}\n".encode() + body)
        before = len(lines)
        word = _once(target, body, number, report, lines if chance.random() < _TRACED_SHARE else None)
        new = f"{target.name} {word}"
        if (new not in seen or len(lines) > before) and len(bodies) < _MOST_SEEDS:
            seen.add(new)
            bodies.append(body)
            report.kept += 1
    report.lines = len(lines)
    report.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for finding in report.findings.values():
        _minimise(finding)
    return report


def _seed(chance: random.Random, bodies: list[bytes]) -> bytes:
    """The smaller of three: small ones are read often, large ones sometimes."""
    return min((chance.choice(bodies) for _ in range(3)), key=len) if chance.random() < 0.8 else chance.choice(bodies)


def _ring(number: int, frame: FrameType | None) -> None:
    raise TooSlow


def _once(target: Target, body: bytes, number: int, report: Report, lines: set[tuple[str, int]] | None) -> str:
    began = time.process_time()
    try:
        with _bell(), _watched(lines):
            word = outcome(target, body, number)
    except Exception as error:
        _note(report, target, body, number, _where(error), traceback.format_exc(limit=-8))
        word = _where(error)
    spent = time.process_time() - began
    report.executions += 1
    report.by_target[target.name] = report.by_target.get(target.name, 0) + 1
    report.refusals += word.startswith("refused")
    if lines is None and spent > report.slowest_s:
        report.slowest_s, report.slowest = spent, f"{target.name}, {len(body)} bytes"
        if spent > SLOW_SECONDS:
            _note(report, target, body, number, "slow", f"{spent:.1f} s of processor time")
    return word


@contextlib.contextmanager
def _bell() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, _GIVEN_UP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextlib.contextmanager
def _watched(lines: set[tuple[str, int]] | None) -> Iterator[None]:
    """Which lines of ours are run, added to `lines`; None: nobody watches, at full speed."""
    if lines is None:
        yield
        return

    def line(frame: FrameType, event: str, told: object) -> object:
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, event: str, told: object) -> object:
        return line(frame, event, told) if "/creatorbot/" in frame.f_code.co_filename else None

    sys.settrace(call)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.settrace(None)


def _where(error: BaseException) -> str:
    """Exception and the innermost place in our own code, else the innermost at all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/creatorbot/" in frame.filename or "/tests/contracts/" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno} {frame.name}"


def _note(report: Report, target: Target, body: bytes, number: int, where: str, trace: str) -> None:
    found = report.findings.get(where)
    if found is None:
        report.findings[where] = Finding(target.name, where, 1, len(body), number, body, trace)
        return
    found.times += 1
    if len(body) < len(found.body):
        found.target, found.body, found.number, found.trace, found.size = target.name, body, number, trace, len(body)


def _minimise(finding: Finding) -> None:
    """Leave out piece after piece as long as the same still happens."""
    target = next(one for one in TARGETS if one.name == finding.target)
    ends, size = time.monotonic() + _MINIMISING_SECONDS, max(1, len(finding.body) // 2)
    while size and time.monotonic() < ends:
        at = 0
        while at < len(finding.body) and time.monotonic() < ends:
            shorter = finding.body[:at] + finding.body[at + size :]
            if _still(target, shorter, finding):
                finding.body = shorter
            else:
                at += size
        size //= 2
    finding.size = len(finding.body)


def _still(target: Target, body: bytes, finding: Finding) -> bool:
    began = time.process_time()
    try:
        with _bell():
            outcome(target, body, finding.number)
    except Exception as error:
        return _where(error) == finding.where
    return finding.where == "slow" and time.process_time() - began > SLOW_SECONDS
