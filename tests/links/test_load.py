"""The load programs of the benchmark count rightly: what they send is what the journal has, and they notice what goes wrong."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import func, select

from bench.crowds.answers import length_of, request, status_of, tag_of
from bench.crowds.arrivals import played
from bench.crowds.crowd import Call, Place, people, servers, visits_of
from bench.crowds.load import full, paced, percentile
from bench.crowds.unique import asked, host
from bench.visits.servers import OURS, granian
from bench.visits.service import lines
from bench.visits.stage import AGENT, Seen, Stage, look, set_up
from creatorbot.links.totals import reach_of, totals_of
from creatorbot.models import Visit
from jobs import drain_visits

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the load programs are written for Linux")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return set_up(tmp_path_factory.mktemp("load"), links=3)


@pytest.fixture(scope="module")
def port(stage: Stage) -> Iterator[int]:
    with granian(OURS, stage.folder) as served:
        yield served.port


def test_a_crowd_is_counted_to_the_last_one(stage: Stage, port: int) -> None:
    place = Place(stage.path, f"127.0.0.1:{port}", look(port, stage.path))
    chance, before = random.Random(1), lines(stage.folder)
    calls = [*servers(place, 150, 0.5, chance), *people(place, 30, 0.5, chance)]
    found = played(port, calls, time.time()).tally
    assert (found.errors, found.trouble) == (0, [])
    assert found.answered == len(found.waits) == sum(len(call.steps) for call in calls)
    assert lines(stage.folder) - before == visits_of(calls, stage.path)
    drain_visits.run(stage.runtime, stage.runtime.clock())
    with stage.runtime.reading() as session:
        totals = totals_of(session, [stage.link_id])[stage.link_id]
        assert (totals.people, totals.servers) == (30, 150)
        assert len(reach_of(session, stage.link_id)) == 150
        pressed = session.exec(select(func.count()).select_from(Visit).where(Visit.button != "")).one()
    assert pressed == sum(f"{stage.path}/".encode() in step for call in calls for step in call.steps)


def test_every_request_of_both_loops_is_in_the_journal(stage: Stage, port: int) -> None:
    before, wanted = lines(stage.folder), request(stage.path, AGENT)
    closed = full(port, wanted, 0.2, 4)
    open_ = paced(port, [wanted, wanted.replace(b"GET", b"HEAD", 1)], 100, 0.5, 4)
    assert (closed.errors, open_.errors) == (0, 0)
    assert open_.answered == 50
    # The one that learns how long an answer is; and those on their way when the closed loop ended.
    assert closed.answered + 50 + 1 <= lines(stage.folder) - before <= closed.answered + 50 + 1 + 4


def test_names_that_were_answered_are_in_the_database_once(stage: Stage, port: int, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    threading.Timer(0.3, stop.touch).start()
    found = asked(port, [f"/l/{code}" for code in stage.codes], 500, stop)
    assert (found.broken, found.wrong) == (0, 0)
    assert len(set(found.names)) == len(found.names) == found.sent > 0
    drain_visits.run(stage.runtime, stage.runtime.clock())
    with stage.runtime.reading() as session:
        stored = session.exec(select(Visit.server_host).where(Visit.link_id != stage.link_id)).all()
    assert sorted(stored) == sorted(host(number) for number in found.names)


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A server that says the same to everybody, then closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(65536)
                connection.sendall(answer)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ntoo much",
        b"something else\r\n\r\n",
    ],
)
def test_what_is_no_right_answer_is_an_error(answer: bytes) -> None:
    with answering(answer) as port:
        arrived = played(port, [Call(0.0, "127.0.0.9", (request("/l/a"), request("/cover/b.jpg")))], time.time()).tally
        assert (arrived.answered, arrived.errors) == (0, 1)
        open_ = paced(port, [request("/l/a")], 20, 0.2, 1)
        assert (open_.answered, open_.errors) == (0, 4)


def test_nobody_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = int(gone.getsockname()[1])
    found = played(port, [Call(0.0, "127.0.0.9", (request("/l/a"),))], time.time()).tally
    assert (found.answered, found.errors) == (0, 1)


def test_waiting_counts_from_the_moment_a_request_was_due() -> None:
    """A server that answers nobody for a while makes all behind it late, though there is only one connection to ask over."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            for number in range(10):
                connection.recv(65536)
                time.sleep(0.4 if number == 0 else 0)
                connection.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        found = paced(int(listener.getsockname()[1]), [request("/l/a")], 20, 0.5, 1, warm_s=0.0)
    assert (found.answered, found.errors) == (10, 0)
    assert sum(waited > 0.1 for waited in found.waits) >= 5


def test_parts_of_answers() -> None:
    answer = b'HTTP/1.1 200 OK\r\nETag: W/"x"\r\ncontent-length: 3\r\n\r\nabc'
    assert (status_of(answer), length_of(answer), tag_of(answer)) == (200, len(answer), b'W/"x"')
    assert length_of(answer, head=True) == len(answer) - 3
    assert length_of(answer[:20]) is None
    assert status_of(b"nothing") == 0
    assert (percentile([3, 1, 2], 0.99), percentile([], 0.5)) == (3, 0)


def test_a_crowd_is_the_same_each_time() -> None:
    place = Place("/l/a", "h", Seen(1, 1, ("/l/a/1",), ("/cover/b.jpg",), ("/assets/c.css",)))
    assert list(servers(place, 20, 1.0, random.Random(4))) == list(servers(place, 20, 1.0, random.Random(4)))
    assert len({call.source for call in people(place, 500, 1.0, random.Random(4))}) == 500
