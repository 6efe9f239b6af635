"""The whole service as a person starts it, for tests that look at it from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://\S+")


@dataclass
class Service:
    """A running `creatorbot run`. lines: what it has printed so far."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The one that was printed to be opened."""
        return next(found.group() for line in self.lines if (found := ADDRESS.search(line)))

    def wait_until_ready(self, seconds: float = 90) -> None:
        """Until the address has been printed. Fails when the service ends first or takes longer."""
        until = time.monotonic() + seconds
        while not any(ADDRESS.search(line) for line in self.lines):
            assert self.process.poll() is None, "".join(self.lines)
            assert time.monotonic() < until, "".join(self.lines)
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page, as a browser without anything from before sees it: cookies last for its redirects only."""
        url = path if path.startswith("http") else f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(url, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(seconds)


def free_port() -> int:
    """One that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def environment(data: Path, port: int) -> dict[str, str]:
    """Ours without anything that could point to another installation."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CREATORBOT_") and name not in ("PYTHONPATH", "LC_ALL", "LANG")
    }
    return {**kept, "CREATORBOT_DATA": str(data), "CREATORBOT_PORT": str(port)}


@contextmanager
def started(
    data: Path, argv: Sequence[str] = (sys.executable, "-m", "creatorbot", "run"), cwd: Path = ROOT, port: int = 0
) -> Iterator[Service]:
    """Start it; killed with everything it started when the block ends."""
    port = port or free_port()
    process = subprocess.Popen(
        argv, cwd=cwd, env=environment(data, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    service = Service(process, port, data)
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: service.lines.extend(process.stdout or []), daemon=True)
    reader.start()
    try:
        yield service
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        reader.join(10)
        process.stdout.close()


def family(pid: int) -> dict[int, str]:
    """This process and all it started: id and the name it goes by. Linux only."""
    children: dict[int, list[int]] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry.name))
                commands[int(entry.name)] = (entry / "comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, waiting = {}, [pid]
    while waiting:
        one = waiting.pop()
        found[one] = commands.get(one, "")
        waiting += children.get(one, [])
    return found


def memory_kb(pids: Sequence[int]) -> dict[int, int]:
    """Proportional set size of each process. Linux only."""
    found = {}
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found[pid] = int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return found
