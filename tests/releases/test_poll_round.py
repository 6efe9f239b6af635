"""A round over all sources that are due: many at once, each for itself, everything kept once whatever breaks."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, func, select, update

from creatorbot.models import Fetch, Release, Source, SourceItem
from creatorbot.releases.poll import poll_round
from creatorbot.releases.polling.claiming import claim, claim_due, let_go
from creatorbot.releases.polling.round import Round
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.releases.rows import feed, new_artist, page
from tests.servers.scripted import Reply, Scripted, answer, drip, flood, moved, reset, scripted, silence
from tests.servers.world import PUBLIC, World
from tests.sources.pages import CHALLENGE, item, rss


@dataclass
class Places:
    """Sources s0.example, s1.example … of one artist, all played by one server that answers by path."""

    runtime: Runtime
    server: Scripted
    world: World
    clock: TestClock
    artist_id: int

    def add(self, name: str, *replies: Reply, kind: str = "feed") -> int:
        """One more source that is due now, at http://NAME.example/NAME; returns its id."""
        self.server.on("GET", f"/{name}", *replies)
        self.world.names[f"{name}.example"] = [[PUBLIC]]
        now = self.clock()
        row = Source(artist_id=self.artist_id, kind=kind, address=f"http://{name}.example/{name}", created_at=now, next_poll_at=now)
        with self.runtime.session() as session:
            session.add(row)
            session.flush()
            return row.id or 0

    def later(self, hours: float = 30) -> datetime:
        """Everything is due again."""
        return self.clock.forward(hours=hours)

    def source(self, source_id: int) -> Source:
        """Its row."""
        with self.runtime.reading() as session:
            return session.get_one(Source, source_id)

    def states(self) -> dict[str, str]:
        """Of each source's name its state."""
        with self.runtime.reading() as session:
            return {address.rpartition("/")[2]: state for address, state in session.exec(select(Source.address, Source.state))}

    def titles(self, state: str) -> list[str]:
        """The releases in this state."""
        with self.runtime.reading() as session:
            return sorted(session.exec(select(Release.title).where(Release.state == state)))


@contextmanager
def places_of(runtime: Runtime, clock: TestClock, **door: float) -> Iterator[Places]:
    """No source yet."""
    with scripted() as server:
        world = World(server, {})
        yield Places(replace(runtime, door=world.door(**door)), server, world, clock, new_artist(runtime))


@pytest.fixture
def places(runtime: Runtime, clock: TestClock) -> Iterator[Places]:
    """No source yet."""
    with places_of(runtime, clock) as found:
        yield found


def entries(*numbers: int, name: str = "x") -> bytes:
    """A feed with these entries, whose titles tell which feed it was."""
    return rss(
        *(item(number, title=f"{name} {number}", link=f"http://{name}.example/r/{number}", guid=f"{name}-{number}") for number in numbers)
    )


def test_a_round_looks_at_everything_that_is_due_and_finds_what_is_new_once(both_runtime: Runtime, clock: TestClock) -> None:
    with places_of(both_runtime, clock) as places:
        names = [f"s{number}" for number in range(60)]
        for name in names:
            places.add(name, feed(entries(1, 2, name=name), etag='"1"'), answer(304), feed(entries(3, 1, 2, name=name)))
        first = poll_round(places.runtime, clock())
        assert (first.looked, first.unchanged, first.troubled, first.fresh, first.left) == (60, 0, 0, 0, 0)
        assert poll_round(places.runtime, clock()).looked == 0
        second = poll_round(places.runtime, places.later())
        assert (second.looked, second.unchanged) == (60, 60)
        third = poll_round(places.runtime, places.later())
        assert (third.looked, third.unchanged, third.fresh) == (60, 0, 60)
        assert places.titles("new") == sorted(f"{name} 3" for name in names)
        with both_runtime.reading() as session:
            assert session.exec(select(func.count()).select_from(SourceItem)).one() == 180
            outcomes = session.exec(select(Fetch.outcome, func.count()).group_by(col(Fetch.outcome))).all()
        assert dict(outcomes) == {"changed": 120, "unchanged": 60}
        assert {one.headers.get("if-none-match") for one in places.server.asked} == {None, '"1"'}
        assert set(places.states().values()) == {"ok"}


def test_an_unchanged_look_writes_down_the_same_as_a_look_at_one(places: Places) -> None:
    source_id = places.add("s", feed(entries(1), etag='"1"'), answer(500), answer(304, headers={"Cache-Control": "max-age=7200"}))
    poll_round(places.runtime, places.clock())
    poll_round(places.runtime, places.later())
    failing = places.source(source_id)
    assert (failing.state, failing.failures) == ("failing", 1)
    now = places.later()
    poll_round(places.runtime, now)
    source = places.source(source_id)
    assert (source.state, source.sentence, source.failures, source.lease_until, source.polled_at) == ("ok", "", 0, None, now)
    assert (source.asked_s, source.interval_s) == (7200, 7200)
    assert timedelta(hours=2) <= source.next_poll_at - now <= timedelta(hours=2.2)
    with places.runtime.reading() as session:
        last = session.exec(select(Fetch).order_by(col(Fetch.id).desc())).first()
    assert last is not None
    assert (last.how, last.outcome, last.status, last.bytes) == ("polled", "unchanged", 304, 0)


def test_the_same_bytes_without_validators_are_not_read_again(places: Places) -> None:
    places.add("s", feed(entries(1)))
    poll_round(places.runtime, places.clock())
    assert poll_round(places.runtime, places.later()).unchanged == 1


def test_ten_looks_are_kept_of_each(places: Places) -> None:
    kept = [places.add(name, feed(entries(1, name=name), etag='"1"'), answer(304)) for name in ("a", "b")]
    for _ in range(13):
        poll_round(places.runtime, places.later())
    with places.runtime.reading() as session:
        for source_id in kept:
            rows = session.exec(select(Fetch.at).where(Fetch.source_id == source_id).order_by(col(Fetch.id))).all()
            assert (len(rows), rows[-1]) == (10, places.clock())


TROUBLES: dict[str, tuple[Reply, str]] = {
    "endless": (flood(100), "failing"),
    "loop": (moved("/loop"), "failing"),
    "inside": (moved("http://127.0.0.1/secret"), "failing"),
    "reset": (reset(), "failing"),
    "robot": (page(CHALLENGE), "robot_check"),
    "checked": (answer(403, b"<!doctype html><html><title>Just a moment...</title>"), "robot_check"),
    "login": (answer(401, rss(item(1))), "refused"),
    "closed": (answer(403), "refused"),
    "away": (answer(404), "missing"),
    "ended": (answer(410), "gone"),
    "busy": (answer(429), "busy"),
    "broken": (page(b"<html><p>Hello</p></html>"), "broken"),
    "bomb": (answer(200, b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'.encode() for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    ) + b"]><rss><channel><title>&i;</title></channel></rss>"), ""),
    "deep": (answer(200, b"<rss><channel>" + b"<a>" * 100_000), ""),
    "nothing": (answer(200, b""), "broken"),
    "strange": (answer(200, bytes(range(256)) * 100), "broken"),
}  # fmt: skip


def test_trouble_anywhere_leaves_the_others_alone(places: Places) -> None:
    places.add("before", feed(entries(1, name="before")))
    for name, (reply, _) in TROUBLES.items():
        places.add(name, reply)
    places.world.names["nowhere.example"] = []
    gone = places.add("nowhere", answer())
    del places.world.names["nowhere.example"]
    places.add("after", feed(entries(1, name="after")))
    report = poll_round(places.runtime, places.clock())
    assert report.looked == len(TROUBLES) + 3
    states = places.states()
    assert {name: states[name] for name, (_, state) in TROUBLES.items() if state} == {n: s for n, (_, s) in TROUBLES.items() if s}
    assert (states["before"], states["after"]) == ("ok", "ok")
    assert places.source(gone).sentence == "There is no server called nowhere.example at the moment. Nothing was sent."
    with places.runtime.reading() as session:
        sentences = session.exec(select(Source.sentence).where(Source.state != "ok")).all()
        assert all(sentences)
        assert session.exec(select(func.count()).select_from(Source).where(col(Source.lease_until).is_not(None))).one() == 0


def test_trouble_heals_itself_and_the_old_pace_is_back_at_once(places: Places) -> None:
    source_id = places.add("s", feed(entries(1)), *[answer(500)] * 6, feed(entries(2, 1)))
    for _ in range(7):
        poll_round(places.runtime, places.later())
    before = places.source(source_id)
    assert (before.failures, before.next_poll_at - places.clock() >= timedelta(hours=12)) == (6, True)
    now = places.later()
    poll_round(places.runtime, now)
    source = places.source(source_id)
    assert (source.state, source.failures, source.sentence, source.last_new_at) == ("ok", 0, "", now)
    assert source.next_poll_at - now <= timedelta(minutes=16.5)


def test_slow_ones_do_not_hold_up_what_the_others_bring(places: Places) -> None:
    held = threading.Event()

    def waiting(connection: object, asked: object, closing: threading.Event) -> None:
        held.wait(30)
        feed(entries(1, name="slow"))(connection, asked, closing)  # type: ignore[arg-type]

    for number in range(5):
        places.add(f"slow{number}", waiting)
    for number in range(5):
        places.add(f"quick{number}", feed(entries(1, name=f"quick{number}")))
    running = threading.Thread(target=poll_round, args=(places.runtime, places.clock()))
    running.start()
    ends = time.monotonic() + 20
    while list(places.states().values()).count("ok") < 5 and time.monotonic() < ends:
        time.sleep(0.05)
    stored = places.states()
    held.set()  # only now: had the quick ones waited for the slow ones, none would be stored
    running.join(30)
    assert {name for name, state in stored.items() if state == "ok"} == {f"quick{number}" for number in range(5)}
    assert set(places.states().values()) == {"ok"}


def test_a_drip_and_a_silence_end_in_time(runtime: Runtime, clock: TestClock) -> None:
    with places_of(runtime, clock, total_timeout=0.5) as places:
        drop = places.add("drip", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500))
        mute = places.add("mute", silence())
        assert poll_round(places.runtime, clock()).troubled == 2
        for source_id, host in ((drop, "drip.example"), (mute, "mute.example")):
            assert places.source(source_id).sentence == f"{host} took too long to answer."


def test_what_there_is_no_time_for_stays_due(places: Places) -> None:
    for number in range(30):
        places.add(f"s{number}", feed(entries(1, name=f"s{number}")))
    with places.runtime.session() as session:
        session.exec(update(Source).values(kind="bandcamp"))  # one shop: they take turns
    report = Round(places.runtime, limit_s=0).run(places.clock())
    assert report.looked + report.left == 30
    assert report.left >= 28
    with places.runtime.reading() as session:
        assert session.exec(select(func.count()).select_from(Source).where(col(Source.lease_until).is_not(None))).one() == 0
    with places.runtime.session() as session:
        session.exec(update(Source).values(kind="feed"))
    assert poll_round(places.runtime, places.clock()).looked == report.left


def test_moved_for_good_or_for_now(places: Places) -> None:
    places.world.names["new.example"] = [[PUBLIC]]
    places.server.on("GET", "/new", feed(entries(1)))
    for name, replies in {
        "forever": (moved("http://new.example/new", 301),),
        "chain": (moved("/step", 308),),
        "for-now": (moved("http://new.example/new", 302),),
        "mixed": (moved("/chain", 302),),
    }.items():
        places.add(name, *replies)
    places.server.on("GET", "/step", moved("http://new.example/new", 301))
    assert poll_round(places.runtime, places.clock()).troubled == 0
    with places.runtime.reading() as session:
        addresses = sorted(session.exec(select(Source.address)))
    # Two of one artist cannot both live at the new address: the second stays where it is, and goes on being read there.
    assert len(addresses) == 4
    assert addresses.count("http://new.example/new") == 1
    assert {"http://for-now.example/for-now", "http://mixed.example/mixed"} <= set(addresses)


def test_a_feed_that_names_its_new_address_is_followed_there(places: Places) -> None:
    places.world.names["new.example"] = [[PUBLIC]]
    moves = entries(1).replace(
        b"<channel>",
        b'<channel><itunes:new-feed-url xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">http://new.example/new</itunes:new-feed-url>',
    )
    source_id = places.add("s", feed(moves))
    places.server.on("GET", "/new", page(b"<html>not yet</html>"), feed(entries(1, 2)))
    poll_round(places.runtime, places.clock())
    assert places.source(source_id).address == "http://s.example/s"
    places.server.on("GET", "/s", feed(moves + b" "))
    poll_round(places.runtime, places.later())
    assert places.source(source_id).address == "http://new.example/new"
    assert places.titles("new") == ["x 2"]


@dataclass
class Breaking:
    """A session factory that breaks so many times when looks are written down, as when the disk is full for a moment."""

    runtime: Runtime
    left: int = 0

    def __call__(self) -> AbstractContextManager[Session]:
        return self._scope()

    @contextmanager
    def _scope(self) -> Iterator[Session]:
        with self.runtime.session() as session:
            yield session
            if self.left and session.exec(select(Fetch.id)).first() is not None:
                self.left -= 1
                raise RuntimeError("no room on the disk")


def test_a_group_that_cannot_be_written_down_is_written_one_by_one(places: Places) -> None:
    for number in range(5):
        places.add(f"s{number}", feed(entries(1, name=f"s{number}")))
    broken = replace(places.runtime, session=Breaking(places.runtime, left=1))
    assert poll_round(broken, places.clock()).looked == 5
    assert set(places.states().values()) == {"ok"}
    assert len(places.titles("listed")) == 5


def test_two_that_claim_at_once_never_share_a_source(both_runtime: Runtime, clock: TestClock) -> None:
    with places_of(both_runtime, clock) as places:
        ids = {places.add(f"s{number}", answer()) for number in range(40)}
        taken: list[int] = []

        def take() -> None:
            for _ in range(8):
                with both_runtime.session() as session:
                    taken.extend(one.source_id for one in claim_due(session, clock(), 7))

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(taken), set(taken)) == (40, ids)


def test_what_was_given_back_is_due_and_a_lease_that_ran_out_comes_last(places: Places) -> None:
    first, second, third = (places.add(name, answer()) for name in ("a", "b", "c"))
    now = places.clock()
    with places.runtime.session() as session:
        claims = claim_due(session, now, 2)
        let_go(session, claims[:1])
    assert [one.source_id for one in claims] == [first, second]
    later = places.later(hours=0.2)
    with places.runtime.session() as session:
        assert [one.source_id for one in claim_due(session, later, 10)] == [first, third, second]


def test_a_source_that_is_looked_at_cannot_be_looked_at_but_one_that_is_not_due_can(places: Places) -> None:
    source_id = places.add("s", answer())
    with places.runtime.session() as session:
        session.exec(update(Source).values(next_poll_at=places.clock() + timedelta(days=1)))
    with places.runtime.session() as session:
        assert claim_due(session, places.clock(), 10) == []
        assert claim(session, source_id, places.clock()) is not None
        assert claim(session, source_id, places.clock()) is None


def test_an_address_changed_by_the_artist_meanwhile_is_left_alone(places: Places) -> None:
    def meanwhile(connection: object, asked: object, closing: threading.Event) -> None:
        with places.runtime.session() as session:
            session.exec(update(Source).values(address="http://elsewhere.example/"))
        feed(entries(1), etag='"old"')(connection, asked, closing)  # type: ignore[arg-type]

    source_id = places.add("s", meanwhile)
    poll_round(places.runtime, places.clock())
    source = places.source(source_id)
    assert (source.address, source.etag, source.state, source.lease_until) == ("http://elsewhere.example/", "", "new", None)
    assert places.titles("listed") == []
