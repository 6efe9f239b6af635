"""A real server process, ended with SIGKILL under load: every answered visit is in the database afterwards, none twice."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlmodel import select

from creatorbot.links.totals import totals_of
from creatorbot.models import Visit
from creatorbot.runtime import Runtime
from jobs import drain_visits
from tests.links import rows


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(runtime: Runtime, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """granian with the front door, in a process group of its own that the block may kill."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "error",
        "tests.servers.door:application",
    ]
    server = subprocess.Popen(command, env={**os.environ, "CREATORBOT_DATA": str(runtime.settings.data)}, start_new_session=True)
    try:
        for _ in range(600):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            assert server.poll() is None, "the server did not start"
            time.sleep(0.1)
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class Visitors(threading.Thread):
    """Keeps visiting, each time under another name, and remembers which visits were answered in full."""

    def __init__(self, port: int, path: str, name: str) -> None:
        super().__init__()
        self.port, self.path, self.called = port, path, name
        self.answered: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            for number in range(100_000):
                agent = f"Mozilla/5.0 ({self.called}-{number}) Gecko Firefox"
                connection.request("GET", self.path, headers={"User-Agent": agent, "Sec-Fetch-Mode": "navigate"})
                answer = connection.getresponse()
                if b"</html>" in answer.read():
                    self.answered.append(agent)


def test_every_answered_visit_survives_kill_9_and_none_counts_twice(runtime: Runtime) -> None:
    artist_id = rows.make_artist(runtime)
    link = rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id))
    answered: list[str] = []
    for life in range(3):
        port = free_port()
        with serving(runtime, port) as server:
            crowd = [Visitors(port, f"/l/{link.code}", f"{life}-{number}") for number in range(4)]
            for visitors in crowd:
                visitors.start()
            while sum(len(visitors.answered) for visitors in crowd) < 300:
                assert any(visitors.is_alive() for visitors in crowd), "nobody is being answered"
                time.sleep(0.01)
            drain_visits.run(runtime, runtime.clock())  # while it is being written
            os.killpg(server.pid, signal.SIGKILL)
            for visitors in crowd:
                visitors.join()
        answered += [agent for visitors in crowd for agent in visitors.answered]
    drain_visits.run(runtime, runtime.clock())
    drain_visits.run(runtime, runtime.clock())
    with runtime.reading() as session:
        stored = Counter(visit.facts["user_agent"] for visit in session.exec(select(Visit)))
        assert link.id is not None
        totals = totals_of(session, [link.id])[link.id]
    assert len(answered) >= 900
    assert not set(answered) - stored.keys(), "answered, but not written down"
    assert set(stored.values()) == {1}
    assert totals.person == totals.people == len(stored)
