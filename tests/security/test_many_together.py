"""Many pages at once: who waits for whom, and what happens when taking stops and goes on."""

import socket
import threading
import time
from dataclasses import dataclass, field

from creatorbot.security.http import Door
from creatorbot.security.many import Ask, Many
from tests.security.crowd import a_server, a_world, fetched
from tests.servers.scripted import Asked, Scripted, answer, drip, silence
from tests.servers.world import PUBLIC, World

__all__ = ["a_server", "a_world"]  # fixtures


@dataclass
class Counting:
    """How many requests are open at the same time, in all and of one host."""

    open: list[str] = field(default_factory=list)
    most: int = 0
    most_of_one: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        host = asked.headers["host"]
        with self.lock:
            self.open.append(host)
            self.most = max(self.most, len(self.open))
            self.most_of_one = max(self.most_of_one, self.open.count(host))
        closing.wait(0.02)
        with self.lock:
            self.open.remove(host)
        answer(200, "fine")(connection, asked, closing)


def test_hosts_are_asked_together_each_one_at_a_time(server: Scripted, world: World) -> None:
    counting = Counting()
    server.on("GET", "/", counting)
    for number in range(10):
        world.names[f"s{number}.example"] = [[PUBLIC]]
    urls = [f"http://s{number % 10}.example/" for number in range(40)]
    with Many[str](at_once=6, gap_s=0) as many:
        for url in urls:
            many.add(Ask(url, world.door(), url))
        assert sum(came.answer is not None for came in many.came()) == 40
    assert (counting.most_of_one, counting.most <= 6, counting.most > 2) == (1, True, True)


def test_a_group_of_hosts_takes_one_turn(server: Scripted, world: World) -> None:
    counting = Counting()
    server.on("GET", "/", counting)
    assert len(fetched(world.door(), "http://shop.example/", "http://other.example/", group="one shop")) == 2
    assert counting.most == 1


def test_between_two_requests_to_a_host_there_is_a_pause(server: Scripted, world: World) -> None:
    moments: list[float] = []

    def noting(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        moments.append(time.monotonic())
        answer(200, "fine")(connection, asked, closing)

    server.on("GET", "/", noting)
    fetched(world.door(), "http://shop.example/", "http://shop.example/", gap_s=0.15)
    assert moments[1] - moments[0] >= 0.15


def test_neither_a_slow_server_nor_a_slow_name_holds_up_the_others(server: Scripted, world: World) -> None:
    held = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        if host == "sleepy.example":
            held.wait(30)
        return world.resolve(host, port)

    def waiting(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        held.wait(30)
        answer(200, "late")(connection, asked, closing)

    world.names["sleepy.example"] = [[PUBLIC]]
    server.on("GET", "/", answer(200, "fine"))
    server.on("GET", "/slow", waiting)
    door = Door(resolve=resolve, connect=world.connect)
    with Many[str](gap_s=0) as many:
        for url in ("http://sleepy.example/", "http://other.example/slow", *["http://shop.example/"] * 5):
            many.add(Ask(url, door, url))
        found = []
        for came in many.came():
            found.append(came.ask.about)
            if len(found) == 5:
                held.set()  # only now: had the others waited for these two, nothing would ever have come
    assert set(found[:5]) == {"http://shop.example/"}
    assert len(found) == 7


def test_more_may_be_added_while_it_runs_and_dropped_before_it_began(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "fine"))
    door, seen = world.door(), list[str]()
    with Many[str](gap_s=0) as many:
        many.add(Ask("http://shop.example/", door, "first"))
        for came in many.came():
            seen.append(came.ask.about)
            if came.ask.about == "first":
                for _ in range(3):
                    many.add(Ask("http://other.example/", door, "more"))
                many.add(Ask("nonsense", door, "none"))
            elif came.ask.about == "more":
                assert len(many.drop()) == 2
    assert sorted(seen) == ["first", "more", "none"]
    assert len(server.asked) == 2


def test_breaking_off_leaves_nothing_behind(server: Scripted, world: World) -> None:
    server.on("GET", "/", silence())
    with Many[str](gap_s=0) as many:
        many.add(Ask("http://shop.example/", world.door(), "x"))
        assert list(many.came(patience=0.1)) == []
        assert len(many) == 1


def test_nothing_is_lost_when_taking_stops_and_goes_on(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "fine"))
    for number in range(20):
        world.names[f"s{number}.example"] = [[PUBLIC]]
    seen = []
    with Many[int](gap_s=0) as many:
        for number in range(20):
            many.add(Ask(f"http://s{number}.example/", world.door(), number))
        while len(many):
            for came in many.came():
                seen.append(came.ask.about)
                time.sleep(0.005)
                break
    assert sorted(seen) == list(range(20))


def test_a_busy_taker_does_not_make_others_seem_slow(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "fine"))
    server.on("GET", "/soon", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine", 0.005))
    door = world.door(total_timeout=0.6, connect_timeout=0.6)
    with Many[str](gap_s=0) as many:
        many.add(Ask("http://shop.example/", door, "now"))
        many.add(Ask("http://other.example/soon", door, "soon"))
        found = {}
        for came in many.came():
            found[came.ask.about] = came.answer
            if came.ask.about == "now":
                time.sleep(1.2)  # reading a heavy page
    assert [answer is not None for answer in found.values()] == [True, True]
