"""The whole service on a prepared data folder, as a person starts it; and looking from outside at what it has put into its database."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bench.crowds.answers import ask, request, status_of
from bench.visits.servers import WORKERS, Served
from creatorbot.links.journal import segments
from tests.servers.service import Service, family, started

DRAINED_WITHIN_S, WARM_WITHIN_S = 120.0, 120.0
_EVERY_WORKER = 24  # connections: each goes to one of them by chance
_COMMAND = ("env", f"CREATORBOT_WEB_WORKERS={WORKERS}", "CREATORBOT_LOG_LEVEL=WARNING", sys.executable, "-m", "creatorbot", "run")


@contextmanager
def running(folder: Path) -> Iterator[tuple[Service, Served]]:
    """Web server, jobs and supervisor; as many web workers as everywhere here."""
    with started(folder, _COMMAND) as service:
        service.wait_until_ready()
        yield service, Served(service.port, child(service, "serve"))


def until_warm(served: Served, path: str) -> float:
    """Ask until every worker must have its pages ready; seconds. Raises RuntimeError when it takes too long."""
    began, good = time.monotonic(), 0
    while good < _EVERY_WORKER:
        if time.monotonic() - began > WARM_WITHIN_S:
            raise RuntimeError(f"{path} was not answered in time")
        with suppress(OSError):
            good = good + 1 if status_of(ask(served.port, request(path))) == 200 else 0
    return time.monotonic() - began


def child(service: Service, name: str) -> int:
    """The process id of this child of the supervisor. Raises RuntimeError when it does not run."""
    everyone = family(service.process.pid)
    for pid, known_as in sorted(everyone.items()):
        if known_as == f"cb-{name}"[:15] and pid in _children(service.process.pid):
            return pid
    raise RuntimeError(f"{name} does not run: {everyone}")


def _children(pid: int) -> set[int]:
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {int(one) for one in (task / "children").read_text().split()}
    return found


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    """Ask the service's SQLite database."""
    with closing(sqlite3.connect(f"file:{folder / 'creatorbot.sqlite3'}?mode=ro", uri=True, timeout=30)) as connection:
        found: list[tuple[object, ...]] = connection.execute(question).fetchall()
        return found


def number(folder: Path, question: str) -> int:
    """The one number that answers it; 0 for none."""
    return int(str(rows(folder, question)[0][0] or 0))


def wait_until_drained(folder: Path) -> float:
    """Until all lines of the journal are in the database; how many seconds that took. Raises RuntimeError when it takes too long."""
    began = time.monotonic()
    while time.monotonic() - began < DRAINED_WITHIN_S:
        offsets = dict(rows(folder, "SELECT segment, offset FROM journalposition"))
        if all(offsets.get(path.name, 0) == path.stat().st_size for path in segments(folder / "journal")):
            return time.monotonic() - began
        time.sleep(0.2)
    raise RuntimeError("the journal was not drained in time")


def lines(folder: Path) -> int:
    """How many visits the journal holds."""
    return sum(path.read_bytes().count(b"\n") for path in segments(folder / "journal"))


def turned_away() -> int:
    """How many connections this machine's servers could not take in so far because too many waited; those try again a second later."""
    names, values = (line.split() for line in Path("/proc/net/netstat").read_text().splitlines()[:2])
    return int(dict(zip(names, values, strict=True)).get("ListenOverflows", 0))
