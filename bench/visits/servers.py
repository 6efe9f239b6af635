"""The servers under load: granian with one application, or the whole service; their processes, and what those cost."""

import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from wsgiref.types import WSGIApplication

from flask import Flask, redirect
from werkzeug.wrappers import Response

from tests.servers.service import family, free_port

ROOT = Path(__file__).resolve().parents[2]
FLASK, OURS = "bench.visits.servers:flask_redirect", "tests.servers.door:application"
WORKERS, THREADS = 2, 4
_TICKS = os.sysconf("SC_CLK_TCK")


def flask_redirect() -> WSGIApplication:
    """For granian: the least that Flask can do with a link."""
    app = Flask(__name__)

    @app.get("/l/<code>")
    def link(code: str) -> Response:
        return redirect("https://shop.example.org/album/tall-ships")

    return app


@dataclass(frozen=True)
class Served:
    """A running server: its port, and the process that started all of its others."""

    port: int
    process: int

    def workers(self) -> list[int]:
        """The processes that answer."""
        everyone = family(self.process)
        return [pid for pid in everyone if pid != self.process and not _is_helper(pid)]

    def cpu_s(self) -> float:
        """Seconds of processor all of its processes have used so far."""
        return sum(_cpu_s(pid) for pid in family(self.process))


def _is_helper(pid: int) -> bool:
    """multiprocessing starts a process that only cleans up."""
    with suppress(OSError):
        return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return True


def _cpu_s(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    return 0.0


def peak_mb(pid: int) -> float:
    """The most memory this process has held at once since it began, shared parts counted whole."""
    return _kb(f"/proc/{pid}/status", "VmHWM") / 1000


def held_mb(pid: int) -> tuple[float, float]:
    """Resident now, and its proportional share of that."""
    return _kb(f"/proc/{pid}/smaps_rollup", "Rss") / 1000, _kb(f"/proc/{pid}/smaps_rollup", "Pss") / 1000


def _kb(path: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(path).read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


@contextmanager
def granian(target: str, folder: Path, more: Mapping[str, str] | None = None, workers: int = WORKERS) -> Iterator[Served]:
    """granian with this application. more: for its environment. Raises RuntimeError when it does not answer."""
    port = free_port()
    how = f"-m granian --interface wsgi --factory --port {port} --workers {workers} --no-ws --blocking-threads {THREADS} --log-level error"
    command = [sys.executable, *how.split(), "--respawn-failed-workers", target]
    environment = {**os.environ, "CREATORBOT_DATA": str(folder), **(more or {})}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_for(port)
        yield Served(port, server.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(port: int, seconds: float = 60) -> None:
    """Until somebody listens there. Raises RuntimeError when nobody does."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


@contextmanager
def others(processes: int, *modules: str) -> Iterator[ProcessPoolExecutor]:
    """Processes for load programs, which must not wait for one another, nor for us; all are there, with what they need loaded."""
    context = get_context("spawn")
    all_here = context.Barrier(processes + 1)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_be_ready, initargs=(all_here, modules)) as pool:
        waiting = [pool.submit(os.getpid) for _ in range(processes)]  # each starts one more, as none is free yet
        all_here.wait(120)
        for one in waiting:
            one.result()
        yield pool


def _be_ready(all_here: Barrier, modules: tuple[str, ...]) -> None:
    for name in modules:
        importlib.import_module(name)
    all_here.wait(120)
