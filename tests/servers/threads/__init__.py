"""A small Threads on loopback, in a process of its own: written from Meta's description of its calls, with faults on demand.

It keeps what was posted in a folder, so that one which died can be started again.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.servers.service import ROOT, free_port


@dataclass
class Running:
    """One that runs. tls_port: where it speaks TLS, 0 for nowhere."""

    folder: Path
    port: int
    secure: tuple[str, ...] = ()
    tls_port: int = 0
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its plain address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again: it knows what it knew."""
        self.stop()
        argv = [sys.executable, "-m", "tests.servers.threads", str(self.folder), str(self.port), *self.secure]
        self.process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("http://"), "the counterpart did not start"

    def stop(self) -> None:
        """Kill it."""
        if self.process is not None and self.process.stdout is not None:
            self.process.kill()
            self.process.wait(10)
            self.process.stdout.close()
            self.process = None

    def order(self, call: str, behaviour: str, times: int = 1) -> None:
        """Let something go wrong with the next calls of this name: create, status, publish, list, show, me, refresh …"""
        self._tell("orders", {"call": call, "behaviour": behaviour, "times": times})

    def practise(self, **what: object) -> None:
        """Change what is so there: lag, slow, tells, counts, replies, checkpoint."""
        self._tell("practice", what)

    def key(self, key: str, **what: object) -> None:
        """Change what is so with a key: issued, expires, scopes."""
        self._tell("keys", {key: what})

    def fill(self, number: int) -> None:
        """So many other posts by the same hand, newer than all that are there."""
        self._tell("fill", {"number": number})

    def state(self) -> dict[str, Any]:
        """What really stands there: posts (oldest first), containers, keys."""
        found: dict[str, Any] = requests.get(f"{self.url}/counterpart/state", timeout=5).json()
        return found

    @property
    def posts(self) -> list[dict[str, Any]]:
        """The posts there."""
        found: list[dict[str, Any]] = self.state()["posts"]
        return found

    def _tell(self, what: str, given: object) -> None:
        requests.post(f"{self.url}/counterpart/{what}", json=given, timeout=5).raise_for_status()


@contextmanager
def threads(folder: Path, tls: tuple[Path, Path] | None = None) -> Iterator[Running]:
    """One account, @aoife. tls: a certificate and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Running(folder, free_port())
    if tls is not None:
        running.tls_port = free_port()
        running.secure = (str(running.tls_port), str(tls[0]), str(tls[1]))
    running.start()
    try:
        yield running
    finally:
        running.stop()
