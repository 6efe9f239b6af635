"""A server of the Misskey family on loopback, in a process of its own: written from the family's source, with faults on demand.

It keeps what was posted in a folder, so that one which died can be started again.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Family:
    """A running one. url: its base address. process: killed and started anew by `restart`."""

    folder: Path
    software: str
    process: subprocess.Popen[str]
    url: str

    @property
    def place(self) -> frozenset[tuple[str, int]]:
        """What a door must admit to reach it."""
        return frozenset({("127.0.0.1", int(self.url.rpartition(":")[2]))})

    def order(self, call: str, behaviour: str, times: int = 1) -> None:
        """Let something go wrong with the next calls of this name."""
        wanted = {"call": call, "behaviour": behaviour, "times": times}
        requests.post(f"{self.url}/counterpart/orders", json=wanted, timeout=5).raise_for_status()

    def change(self, **account: object) -> None:
        """Change what the server knows of the account: suspended, moved, silenced, revoked."""
        requests.post(f"{self.url}/counterpart/account", json=account, timeout=5).raise_for_status()

    def notes(self) -> list[dict[str, object]]:
        """What really stands there, oldest first."""
        found: list[dict[str, object]] = requests.get(f"{self.url}/counterpart/notes", timeout=5).json()
        return found

    def say_yes(self, address: str, answer: str = "accept") -> str:
        """What the person's browser does on the page that asks; where it is sent."""
        page = requests.get(address, timeout=5)
        assert page.status_code == 200, page.text[:300]
        asked = dict(parse_qsl(urlsplit(address).query))
        sent = requests.post(address.partition("?")[0], data={**asked, "answer": answer}, timeout=5, allow_redirects=False)
        return sent.headers.get("Location", "")

    def restart(self) -> None:
        """Start it again on its old port, after it died."""
        self.process.kill()
        self.process.wait()
        self.process, self.url = _begin(self.folder, self.software, int(self.url.rpartition(":")[2]))


@contextmanager
def family(folder: Path, software: str = "sharkey") -> Iterator[Family]:
    """A server of this software, gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Family(folder, software, *_begin(folder, software, 0))
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def _begin(folder: Path, software: str, port: int) -> tuple[subprocess.Popen[str], str]:
    argv = [sys.executable, "-m", "tests.servers.misskey", str(folder), software, str(port)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "the counterpart did not start"
    return process, url
