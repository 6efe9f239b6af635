"""Children are started, started again when they die, asked for by name, and ended together."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from creatorbot.cli.processes.supervisor import Child, Signals, Supervisor, started

LASTING = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
SHORT = "pass"


def child(code: str) -> Child:
    return Child("a child", partial(started, [sys.executable, "-c", code], {}))


@pytest.fixture
def signals() -> Iterator[Signals]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)}
    made = Signals()
    yield made
    signal.set_wakeup_fd(-1)
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def step_until(group: Supervisor, done: object) -> None:
    until = time.monotonic() + 20
    while not done() and time.monotonic() < until:  # type: ignore[operator]
        assert group.step(longest_s=0.05)
    assert done()  # type: ignore[operator]


def test_one_that_was_killed_is_started_again(signals: Signals, pipe: tuple[int, int]) -> None:
    lasting = child(LASTING)
    group = Supervisor([lasting], {}, pipe[0], signals)
    step_until(group, lambda: lasting.running)
    assert lasting.running
    first = lasting.running.pid
    os.kill(first, signal.SIGKILL)
    step_until(group, lambda: lasting.running and lasting.running.pid != first)
    group.end()
    assert lasting.running is None


def test_one_that_keeps_dying_is_tried_more_and_more_rarely(signals: Signals, pipe: tuple[int, int]) -> None:
    short = child(SHORT)
    group = Supervisor([short], {}, pipe[0], signals)
    pauses = []
    for _ in range(8):
        short.due = 0.0
        step_until(group, lambda: short.running is None and (short.due or 0) > 0)
        pauses.append(short.pause)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_stubborn_one_is_killed() -> None:
    stubborn = child(STUBBORN)
    stubborn.start()
    assert stubborn.running
    process = stubborn.running
    time.sleep(0.5)
    stubborn.end(patience_s=0.2)
    assert process.returncode is not None


def test_the_end_is_asked_for_by_a_signal(signals: Signals, pipe: tuple[int, int]) -> None:
    group = Supervisor([], {}, pipe[0], signals)
    assert group.step(longest_s=0)
    os.kill(os.getpid(), signal.SIGTERM)
    assert not group.step(longest_s=5)


def test_an_optional_one_comes_and_goes_when_asked_for(signals: Signals, pipe: tuple[int, int]) -> None:
    practice = child(LASTING)
    group = Supervisor([], {"practice": practice}, pipe[0], signals)
    os.write(pipe[1], b"practice st")
    assert group.step(longest_s=0.05)
    assert practice.running is None
    os.write(pipe[1], b"art\nunheard-of start\npractice start\n")
    step_until(group, lambda: practice.running)
    assert practice.running
    process = practice.running
    os.write(pipe[1], b"practice end\n")
    step_until(group, lambda: practice.running is None)
    assert process.returncode is not None
    assert group.step(longest_s=0.05)
    assert practice.running is None


def test_children_find_the_program_from_any_folder(signals: Signals, pipe: tuple[int, int], tmp_path: Path) -> None:
    code = f"import os; os.chdir('/'); import creatorbot, pathlib; pathlib.Path({str(tmp_path / 'found')!r}).touch()"
    one = child(code)
    group = Supervisor([one], {}, pipe[0], signals)
    step_until(group, lambda: (tmp_path / "found").exists())
    group.end()
