"""Children as forks of a process that has loaded the program once: they share its memory and start at once. Linux only."""

import ctypes
import gc
import importlib
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import TimeoutExpired

from creatorbot.cli import main
from creatorbot.cli.processes.supervisor import environment

POSSIBLE = sys.platform == "linux"
# What the web server and the jobs need. By name: the commands that start no children never load it.
_LOADED = ("creatorbot.cli.application", "creatorbot.cli.work")
_PR_SET_NAME = 15  # linux/prctl.h
_M_ARENA_MAX = -8  # glibc's malloc.h
_ARENAS = 2


def load() -> None:
    """Load the program, so that forks made from now on share it."""
    with suppress(AttributeError):  # other C libraries than glibc have no arenas
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)  # glibc would otherwise keep a heap for each thread
    for name in _LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that collecting garbage in a child does not copy what it shares


class Fork:
    """One of our own commands in a fork of this process, asked and waited for as a subprocess.Popen is."""

    def __init__(self, name: str, more: Mapping[str, str], ours: Sequence[int]) -> None:
        """more: for its environment. ours: open files that stay this process's alone."""
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_be, args=(name, environment(**more), ours), name=name)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Its exit status, once it has ended: negative for the signal that killed it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired when it still runs then."""
        self._process.join(timeout)
        if (status := self.returncode) is None:
            raise TimeoutExpired(self._process.name, timeout or 0.0)
        return status

    def terminate(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()


def _be(name: str, more: Mapping[str, str], parents: Sequence[int]) -> None:
    """Become that command: nothing of what the parent holds or listens to stays."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for handle in parents:
        os.close(handle)
    logging.getLogger().handlers.clear()
    os.environ.update(more)
    if (root := os.environ["PYTHONPATH"].partition(os.pathsep)[0]) not in sys.path:
        sys.path.insert(0, root)  # what is loaded later is found from any folder
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_NAME, f"cb-{name}".encode()[:15], 0, 0, 0)
    sys.exit(main([name]))
