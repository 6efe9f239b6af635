"""Looking at sources: the first look is where we start from, later ones find what is new once, and nothing outside can lose anything."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select, update

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.models import Artist, Fetch, Source
from creatorbot.releases.poll import add_source, due_sources, poll_source
from creatorbot.releases.polling.claiming import claim
from creatorbot.releases.queries import fetches_of
from creatorbot.runtime import Runtime
from jobs import poll_sources
from tests.conftest import TestClock
from tests.releases.rows import Place, feed, page, place_of
from tests.servers.scripted import answer, moved, raw, reset
from tests.sources.pages import CHALLENGE, STUB, grid_page, item, rss, square


def added(place: Place, body: bytes) -> int:
    """A source whose first look found this."""
    place.server.on("GET", "/feed.xml", feed(body))
    return add_source(place.runtime, place.artist_id, place.url)


def look_again(place: Place, source_id: int, *, later: float = 20) -> datetime:
    """Poll once more, minutes later."""
    now: datetime = place.runtime.clock() + timedelta(minutes=later)
    place.runtime.clock.at = now  # type: ignore[attr-defined]
    poll_source(place.runtime, source_id, now)
    return now


def test_the_first_look_lists_and_ticks_nothing(both_runtime: Runtime) -> None:
    with place_of(both_runtime) as place:
        added(place, rss(item(1, date="Fri, 06 Nov 2026 09:00:00 +0000"), item(2), item(3), item(4), item(5)))
        assert set(place.states().values()) == {"listed"}
        assert {row.decision for row in place.items()} == {"baseline"}
        source = place.source()
        assert (source.kind, source.title, source.state, source.sentence) == ("feed", "Aoife", "ok", "")
        assert source.baseline_at == both_runtime.clock()


def test_a_new_entry_is_found_once(both_runtime: Runtime) -> None:
    with place_of(both_runtime) as place:
        source_id = added(place, rss(item(1)))
        place.server.on("GET", "/feed.xml", feed(rss(item(2), item(1))))
        for _ in range(3):
            look_again(place, source_id)
        assert place.states() == {"Song 1": "listed", "Song 2": "new"}
        assert [row.fresh for row in fetches(place, source_id)] == [0, 0, 1, 0]


def fetches(place: Place, source_id: int) -> list[Fetch]:
    with place.runtime.reading() as session:
        return fetches_of(session, source_id)


def test_many_at_once_are_held_and_told(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", feed(rss(*(item(number) for number in range(1, 7)))))
    look_again(place, source_id)
    assert list(place.states().values()) == ["listed", *["held"] * 5]
    assert place.source().sentence.startswith("5 releases appeared here at once.")


def test_an_unchanged_page_is_asked_for_by_its_mark_and_not_read(place: Place) -> None:
    place.server.on("GET", "/feed.xml", feed(rss(item(1)), etag='"a1"', last_modified="Fri, 06 Nov 2026 09:00:00 GMT"), answer(304))
    source_id = add_source(place.runtime, place.artist_id, place.url)
    look_again(place, source_id)
    asked = place.server.asked[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a1"', "Fri, 06 Nov 2026 09:00:00 GMT")
    assert (fetches(place, source_id)[0].outcome, fetches(place, source_id)[0].status) == ("unchanged", 304)
    assert place.source().state == "ok"


def test_an_edited_entry_changes_its_release_but_not_what_the_artist_typed(place: Place) -> None:
    source_id = added(place, rss(item(1, text="Ten songs"), item(2)))
    with place.runtime.session() as session:
        release = place.releases()[1]
        release.edited, release.title = ["title"], "My own title"
        session.add(release)
    edited = (item(1, title="Song 1 (live)", text="Eleven songs"), item(2, title="Renamed", guid="https://aoife.example/r/2"))
    place.server.on("GET", "/feed.xml", feed(rss(*edited)))
    now = look_again(place, source_id)
    first, second = place.releases()
    assert (first.title, first.description, first.state, first.changed_at) == ("Song 1 (live)", "Eleven songs", "listed", now)
    assert second.title == "My own title"
    assert [row.decision for row in place.items()] == ["changed", "changed"]


def test_a_moved_link_is_followed(place: Place) -> None:
    source_id = added(place, rss(item(1, guid="g1")))
    place.server.on("GET", "/feed.xml", feed(rss(item(1, guid="g1", link="https://new.example/r/1"))))
    look_again(place, source_id)
    assert [row.decision for row in place.items()] == ["moved"]
    assert place.releases()[0].url == "https://new.example/r/1"


@pytest.mark.parametrize(
    "trouble",
    [
        page(CHALLENGE),
        answer(500),
        answer(404),
        answer(401, rss()),
        page(b"<!DOCTYPE html><html><body>We are working on it</body></html>"),
        reset(),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>"),
        feed(rss()),
        feed(rss(item(2))),
        answer(200, b""),
        feed(rss(item(1), item(2))[:-60]),
    ],
)
def test_whatever_happens_there_nothing_is_lost_here(place: Place, trouble: object) -> None:
    source_id = added(place, rss(item(1), item(2)))
    place.server.on("GET", "/feed.xml", trouble)  # type: ignore[arg-type]
    look_again(place, source_id)
    assert place.states() == {"Song 1": "listed", "Song 2": "listed"}
    place.server.on("GET", "/feed.xml", feed(rss(item(3), item(1), item(2))))
    look_again(place, source_id, later=60)
    assert place.states() == {"Song 1": "listed", "Song 2": "listed", "Song 3": "new"}
    assert (place.source().state, place.source().failures, place.source().sentence) == ("ok", 0, "")


@pytest.mark.parametrize(
    ("status", "state", "part"),
    [
        (500, "failing", "has a problem of its own"),
        (502, "failing", "has a problem of its own"),
        (503, "busy", "come back later"),
        (404, "missing", "no page at this address"),
        (410, "gone", "gone for good"),
        (401, "refused", "logged in there"),
        (403, "refused", "does not let us read"),
        (451, "refused", "legal reasons"),
        (429, "busy", "come back later"),
        (418, "failing", "answer 418"),
    ],
)
def test_each_trouble_has_its_state_and_sentence(place: Place, status: int, state: str, part: str) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", answer(status))
    look_again(place, source_id)
    source = place.source()
    assert (source.state, source.failures) == (state, 1)
    assert part in source.sentence
    assert (fetches(place, source_id)[0].outcome, fetches(place, source_id)[0].status) == ("failed", status)


def test_a_robot_check_is_told_calmly(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", page(CHALLENGE))
    look_again(place, source_id)
    assert place.source().state == "robot_check"
    assert "prove that it is human" in place.source().sentence
    assert fetches(place, source_id)[0].outcome == "robot_check"


def test_trouble_makes_the_looks_rarer_up_to_a_day(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", answer(500))
    waits = []
    for _ in range(9):
        now = look_again(place, source_id)
        waits.append((place.source().next_poll_at - now) / timedelta(minutes=15))
    expected = [2, 4, 8, 16, 32, 64, 96, 96, 96]
    assert all(most <= wait <= most * 1.1 + 0.01 for wait, most in zip(waits, expected, strict=True))


def test_a_server_that_asks_us_to_wait_is_obeyed(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", answer(429, headers={"Retry-After": "7200"}))
    now = look_again(place, source_id)
    assert timedelta(hours=2) <= place.source().next_poll_at - now <= timedelta(hours=2.2)


def test_a_page_that_moved_for_good_is_remembered(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", moved("/new.xml", 301))
    place.server.on("GET", "/new.xml", feed(rss(item(1))))
    look_again(place, source_id)
    assert place.source().address == f"{place.server.url}/new.xml"


def test_a_page_that_is_elsewhere_for_now_keeps_its_address(place: Place) -> None:
    place.server.on("GET", "/feed.xml", moved("/now.xml", 302))
    place.server.on("GET", "/now.xml", moved("/final.xml", 301))
    place.server.on("GET", "/final.xml", feed(rss(item(1))))
    add_source(place.runtime, place.artist_id, place.url)
    assert place.source().address == place.url


def test_two_that_look_at_once_look_once(place: Place, clock: TestClock) -> None:
    source_id = added(place, rss(item(1)))
    now = clock.forward(minutes=20)
    with place.runtime.session() as session:
        assert claim(session, source_id, now) is not None
        assert claim(session, source_id, now) is None
    poll_source(place.runtime, source_id, now)
    assert place.server.times("GET", "/feed.xml") == 1
    with place.runtime.reading() as session:
        assert due_sources(session, now) == []
        assert due_sources(session, now + timedelta(minutes=11)) == [source_id]


def test_a_kill_between_fetching_and_storing_loses_nothing(place: Place, clock: TestClock) -> None:
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", feed(rss(item(2), item(1)), etag='"b2"'))
    now = clock.forward(minutes=20)
    with place.runtime.session() as session:
        assert claim(session, source_id, now) is not None  # claimed, fetched, then killed: nothing else was written
    assert place.source().etag == ""
    look_again(place, source_id, later=11)
    assert place.states() == {"Song 1": "listed", "Song 2": "new"}


def test_a_look_that_took_too_long_does_not_write_over_a_later_one(place: Place, clock: TestClock) -> None:
    source_id = added(place, rss(item(1)))
    now = clock.forward(minutes=20)

    def overtaken(connection: object, asked: object, closing: object) -> None:
        with place.runtime.session() as session:
            session.exec(update(Source).values(lease_until=now + timedelta(hours=1)))
        feed(rss(item(9)))(connection, asked, closing)  # type: ignore[arg-type]

    place.server.on("GET", "/feed.xml", overtaken)
    poll_source(place.runtime, source_id, now)
    assert place.states() == {"Song 1": "listed"}


def test_the_last_ten_looks_are_kept(place: Place) -> None:
    source_id = added(place, rss(item(1)))
    for _ in range(12):
        look_again(place, source_id)
    assert len(fetches(place, source_id)) == 10


def test_one_failing_source_does_not_stop_the_others(place: Place, clock: TestClock) -> None:
    added(place, rss(item(1)))
    place.server.on("GET", "/other.xml", feed(rss(item(7))))
    add_source(place.runtime, place.artist_id, f"{place.server.url}/other.xml")
    place.server.on("GET", "/feed.xml", reset())
    place.server.on("GET", "/other.xml", feed(rss(item(8), item(7))))
    report = poll_sources.run(place.runtime, clock.forward(minutes=20))
    assert report.done == 2
    assert place.states()["Song 8"] == "new"
    assert poll_sources.run(place.runtime, clock()).done == 0


def test_sentences_come_in_the_artists_language_where_there_is_one(place: Place) -> None:
    with place.runtime.session() as session:
        session.exec(update(Artist).values(language="xx"))
    source_id = added(place, rss(item(1)))
    place.server.on("GET", "/feed.xml", page(STUB))
    look_again(place, source_id)
    assert (place.source().state, place.states()) == ("empty", {"Song 1": "listed"})
    assert place.source().sentence.startswith("Nothing is listed there at the moment.")


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "not a web address"),
        ("aoife", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("http://", "not a web address"),
        ("mailto:a@aoife.example", "not a web address"),
        ("http://localhost/feed", "not a web address"),
        ("http://10.0.0.1/feed", "private network"),
        ("http://127.0.0.1:8089/feed", "private network"),
        ("http://[::1]/", "private network"),
    ],
)
def test_addresses_that_cannot_be_added(place: Place, typed: str, part: str) -> None:
    with pytest.raises(InvalidInput, match=part):
        add_source(place.runtime, place.artist_id, typed)
    with place.runtime.reading() as session:
        assert session.exec(select(Source)).first() is None


@pytest.mark.parametrize(
    "reply",
    [
        answer(404),
        answer(500),
        page(CHALLENGE),
        reset(),
        page(b"<html><p>Hello</p></html>"),
        answer(401, rss(item(1))),
    ],
)
def test_nothing_is_stored_of_a_page_that_cannot_be_read(place: Place, reply: object) -> None:
    place.server.on("GET", "/feed.xml", reply)  # type: ignore[arg-type]
    with pytest.raises((InvalidInput, ServiceError)):
        add_source(place.runtime, place.artist_id, place.url)
    with place.runtime.reading() as session:
        assert session.exec(select(Source)).first() is None


def test_an_address_is_watched_once(place: Place) -> None:
    added(place, rss(item(1)))
    with pytest.raises(InvalidInput, match="already watch"):
        add_source(place.runtime, place.artist_id, place.url)


def test_a_web_page_that_names_its_feed(place: Place) -> None:
    place.server.on("GET", "/", page(b'<html><head><link href="/feed.xml" type="application/rss+xml" rel="alternate"></head></html>'))
    place.server.on("GET", "/feed.xml", feed(rss(item(1))))
    add_source(place.runtime, place.artist_id, place.server.url)
    assert (place.source().address, place.states()) == (place.url, {"Song 1": "listed"})


def test_the_same_album_from_two_sources_is_one_release(place: Place) -> None:
    added(place, rss(item(1), item(2)))
    place.server.on("GET", "/music", page(grid_page([square("album-1", "Song 1", "https://aoife.example/r/1/")])))
    add_source(place.runtime, place.artist_id, f"{place.server.url}/music")
    assert place.states() == {"Song 1": "listed", "Song 2": "listed"}
    assert len(place.items()) == 3
