"""Keeps the processes of one installation: starts them, again when they die, ends them together. Standard library only, to stay small."""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from creatorbot.cli.processes.process import STARTED_BY

log = logging.getLogger("creatorbot.supervisor")
ASK = "CREATORBOT_ASK"  # number of the open pipe on which a child may ask for an optional one
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LONGEST_PAUSE_S = 30.0
_GOOD_RUN_S = 60.0  # a child that ran this long has proved itself: its next restart is quick again


def command(name: str) -> list[str]:
    """How to start one of our own commands with this very Python."""
    return [sys.executable, "-m", "creatorbot", name]


def environment(**more: str) -> dict[str, str]:
    """Our environment for a child: it finds the program also in a bare checkout, from any folder."""
    root = str(Path(__file__).resolve().parents[3])
    before = os.environ.get("PYTHONPATH", "")
    paths = [root, *(part for part in before.split(os.pathsep) if part and part != root)]
    # MALLOC_ARENA_MAX: glibc would otherwise keep a heap for each thread.
    return {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONPATH": os.pathsep.join(paths), STARTED_BY: str(os.getpid()), **more}


class Running(Protocol):
    """A process that was started: subprocess.Popen, or one that answers like it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


def started(argv: Sequence[str], more: Mapping[str, str], handles: Sequence[int] = ()) -> "subprocess.Popen[bytes]":
    """A new process. more: for its environment. handles: open files it gets."""
    return subprocess.Popen(argv, env=environment(**more), pass_fds=handles, stdin=subprocess.DEVNULL)


@dataclass
class Child:
    """One process we keep. start_it: makes it run. due: when to start it (monotonic seconds); None while it runs."""

    name: str
    start_it: Callable[[], Running]
    running: Running | None = None
    due: float | None = 0.0
    started: float = 0.0
    pause: float = 0.5

    def start(self) -> None:
        """Start it now."""
        self.running = self.start_it()
        self.due, self.started = None, time.monotonic()

    def look(self) -> int | None:
        """Its exit status when it has just ended by itself; it is then due again, later each time it ends soon."""
        if self.running is None or (status := self.running.poll()) is None:
            return None
        ran = time.monotonic() - self.started
        self.pause = 0.5 if ran > _GOOD_RUN_S else min(self.pause * 2, _LONGEST_PAUSE_S)
        self.running, self.due = None, time.monotonic() + self.pause
        return status

    def end(self, patience_s: float = 10.0) -> None:
        """Ask it to end; kill it when it does not."""
        self.ask_to_end()
        self.wait_for_end(time.monotonic() + patience_s)

    def ask_to_end(self) -> None:
        """SIGTERM, without waiting."""
        self.due = None
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def wait_for_end(self, until: float) -> None:
        """Wait until this moment (monotonic seconds), then kill it."""
        if self.running is None:
            return
        try:
            self.running.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s did not end when asked, it was killed", self.name)
            self.running.kill()
            self.running.wait()
        self.running = None


class Signals:
    """Signals as bytes on a pipe, so that one `select` waits for everything."""

    def __init__(self) -> None:
        self.ends = self.handle, self._write = os.pipe()
        for end in self.ends:
            os.set_blocking(end, False)
        for number in (*_ENDING, signal.SIGCHLD):
            signal.signal(number, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)

    def read(self) -> set[int]:
        """Those that came since the last look."""
        try:
            return set(os.read(self.handle, 4096))
        except BlockingIOError:
            return set()


def asks_to_end(numbers: set[int]) -> bool:
    """Whether one of these signals means the end."""
    return bool(numbers.intersection(_ENDING))


class Supervisor:
    """children: kept running. optional: by the name under which the pipe `ask` asks for it, in lines “name start” and “name end”."""

    def __init__(self, children: Sequence[Child], optional: Mapping[str, Child], ask: int, signals: Signals) -> None:
        self._children = list(children)
        self._optional = dict(optional)
        self._ask, self._signals = ask, signals
        self._unread = b""
        os.set_blocking(ask, False)

    def step(self, longest_s: float = 60.0) -> bool:
        """Start what is due, wait until something happens. False when it is time to end."""
        self.start_due()
        pauses = [child.due - time.monotonic() for child in self._children if child.due is not None]
        ready, _, _ = select.select([self._signals.handle, self._ask], [], [], max(0.0, min([longest_s, *pauses])))
        if asks_to_end(self._signals.read()):
            return False
        for child in self._children:
            status = child.look()
            if status is not None:
                log.warning("%s ended (%s), starting it again in %.1f s", child.name, status, child.pause)
        if self._ask in ready:
            self._fulfil()
        return True

    def start_due(self) -> None:
        """Start those whose time has come."""
        for child in self._children:
            if child.due is not None and child.due <= time.monotonic():
                child.start()

    def end(self) -> None:
        """All of them, at the same time, within ten seconds."""
        for child in self._children:
            child.ask_to_end()
        until = time.monotonic() + 10
        for child in self._children:
            child.wait_for_end(until)

    def _fulfil(self) -> None:
        self._unread += os.read(self._ask, 4096)
        *lines, self._unread = self._unread.split(b"\n")
        for line in lines:
            name, _, wanted = line.decode("ascii", "replace").partition(" ")
            child = self._optional.get(name)
            if child is None:
                continue
            if wanted == "start" and child not in self._children:
                child.due = time.monotonic()
                self._children.append(child)
            elif wanted == "end" and child in self._children:
                self._children.remove(child)
                child.end()
