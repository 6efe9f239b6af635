"""Releases' own pages looked at again: what they cost, whether they are out or gone; politely, and never more concluded than was seen."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select, update

from creatorbot.models import Account, Admission, Announcement, Post, Release, ReleasePlace, Server
from creatorbot.releases import decide
from creatorbot.releases.places import fill_missing
from creatorbot.releases.polling.own_page import due_pages, refresh_release, wake_those_listed
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease
from jobs import REGISTRY, refresh_releases
from tests.conftest import TestClock
from tests.releases.rows import Place, page, place_of
from tests.releases.shelves import Shelf
from tests.servers.scripted import Reply, Scripted, answer, reset, scripted
from tests.sources.pages import CHALLENGE, grid_page, linked, offer, release_page, square, tralbum

PATH = "/album/tall-ships"


@pytest.fixture
def shelf(place: Place) -> Shelf:
    return Shelf(place.runtime, place.artist_id)


def album(server: Scripted, price: float = 7.0, path: str = PATH, **changed: object) -> Reply:
    """The page of an album on this server."""
    data = tralbum(minimum_price=price, url=path, **changed)
    body = release_page(data, linked(offer(4001, "a", "USD", {"minPrice": price})))
    return page(body.replace(b"https://aoife.bandcamp.com", server.url.encode()))


def listed(server: Scripted, path: str = PATH, **more: object) -> FoundRelease:
    """The same album as a list tells it."""
    told: dict[str, object] = {"title": "Tall Ships", "artist": "Aoife", "kind": "album", **more}
    return FoundRelease(url=server.url + path, guid="album-4001", **told)  # type: ignore[arg-type]


@pytest.fixture
def known(place: Place, shelf: Shelf) -> Shelf:
    """One album, listed and looked at once."""
    shelf.poll(shelf.source(kind="bandcamp"), listed(place.server))
    place.server.on("GET", PATH, album(place.server))
    run(shelf, days=8)
    assert (shelf.release().price_minor, shelf.changes()) == (700, [])
    return shelf


def run(shelf: Shelf, **later: float) -> int:
    """The job, some time later; returns how much it moved on."""
    return refresh_releases.run(shelf.runtime, shelf.runtime.clock.forward(**later)).done  # type: ignore[attr-defined]


def whats(shelf: Shelf) -> list[str]:
    return [row.what for row in shelf.changes()]


def wait(shelf: Shelf) -> timedelta:
    """How long its page is left alone from now on."""
    until = shelf.release().next_look_at
    assert until is not None
    return until - shelf.runtime.clock()


def test_the_job_is_registered() -> None:
    assert "refresh_releases" in {job.name for job in REGISTRY}


def test_a_new_price_is_seen_once_and_its_place_knows_it(place: Place, known: Shelf) -> None:
    place.server.on("GET", PATH, album(place.server, 9.0))
    for _ in range(3):
        run(known, days=8)
    assert (known.release().price_minor, whats(known)) == (900, ["price"])
    assert [row.price_minor for row in known.places()] == [900]
    assert known.release().looked_at is not None


def test_pages_are_looked_at_weekly_and_daily_while_it_is_fresh_news(place: Place, known: Shelf) -> None:
    assert timedelta(days=7) <= wait(known) <= timedelta(days=7.8)
    announced(known, days_ago=2)
    run(known)
    assert wait(known) <= timedelta(days=1)
    asked = place.server.times("GET", PATH)
    run(known, days=1.1)
    assert place.server.times("GET", PATH) == asked + 1
    assert timedelta(days=1) <= wait(known) <= timedelta(days=1.2)
    with known.runtime.session() as session:
        session.exec(update(Post).values(published_at=known.runtime.clock() - timedelta(days=31)))
    run(known, days=1.2)
    assert wait(known) >= timedelta(days=7)


def announced(shelf: Shelf, days_ago: float) -> None:
    """A post about it went out some days ago."""
    at, artist_id = shelf.runtime.clock() - timedelta(days=days_ago), shelf.artist_id
    with shelf.runtime.session() as session:
        server = Server(network="mastodon", base_url="https://s.example", redirect_uri="", checked_at=at)
        told = Announcement(artist_id=artist_id, release_id=shelf.release().id, wording="Out!", created_at=at, changed_at=at)
        session.add_all([server, told])
        session.flush()
        names = {"network": "mastodon", "remote_id": "1", "handle": "@a@s.example", "name": "A", "url": "https://s.example/@a"}
        account = Account(artist_id=artist_id, server_id=server.id, token=b"", connected_at=at, **names)
        session.add(account)
        session.flush()
        times = dict.fromkeys(("due_at", "not_before", "expires_at", "published_at", "changed_at"), at)
        session.add(Post(artist_id=artist_id, announcement_id=told.id, account_id=account.id, state="published", **times))


def test_gone_twice_in_a_row_is_withdrawn_and_can_come_back(place: Place, known: Shelf) -> None:
    place.server.on("GET", PATH, answer(404))
    run(known, days=8)
    assert (known.release().availability, known.release().missed) == ("out", 1)
    run(known, days=1.2)
    assert (known.release().availability, whats(known)) == ("withdrawn", ["withdrawn"])
    assert [row.availability for row in known.places()] == ["withdrawn"]
    run(known, days=8)
    assert whats(known) == ["withdrawn"]
    place.server.on("GET", PATH, album(place.server))
    run(known, days=8)
    assert (known.release().availability, whats(known)) == ("out", ["withdrawn", "back"])


def test_gone_and_there_again_is_not_withdrawn(place: Place, known: Shelf) -> None:
    for reply in (answer(410), album(place.server), answer(404), album(place.server)):
        place.server.on("GET", PATH, reply)
        run(known, days=8)
    assert (known.release().availability, whats(known)) == ("out", [])


def test_looks_right_after_one_another_count_as_one(place: Place, known: Shelf, clock: TestClock) -> None:
    place.server.on("GET", PATH, answer(404))
    for _ in range(4):
        assert not refresh_release(known.runtime, known.release().id or 0)
        clock.forward(minutes=1)
    assert known.release().availability == "out"


@pytest.mark.parametrize("trouble", [answer(500), answer(403), answer(503), reset(), page(CHALLENGE), page(CHALLENGE, 403), page(b"")])
def test_nothing_is_concluded_from_trouble(place: Place, known: Shelf, trouble: Reply) -> None:
    before = known.release()
    place.server.on("GET", PATH, trouble)
    for _ in range(4):
        run(known, days=8)
    after = known.release()
    assert (after.availability, after.price_minor, after.title, whats(known)) == ("out", 700, before.title, [])


def test_another_page_in_its_stead_tells_nothing(place: Place, known: Shelf) -> None:
    other = page(grid_page([square("album-4001", "Renamed", PATH)]).replace(b"https://aoife.bandcamp.com", place.server.url.encode()))
    place.server.on("GET", PATH, answer(302, headers={"Location": "/music"}))
    place.server.on("GET", "/music", other)
    for _ in range(2):
        run(known, days=8)
    assert (known.release().availability, whats(known)) == ("out", [])


@pytest.fixture
def second(place: Place) -> Iterator[Scripted]:
    """Another server where the same artist publishes."""
    with ExitStack() as stack:
        server = stack.enter_context(scripted())
        with place.runtime.session() as session:
            session.add(Admission(artist_id=place.artist_id, host="127.0.0.1", port=server.port))
        yield server


def test_one_page_of_a_host_at_a_time(place: Place, second: Scripted, shelf: Shelf, clock: TestClock) -> None:
    here, there = shelf.source("here"), shelf.source("there")
    paths = [f"/album/{number}" for number in range(4)]
    shelf.poll(here, *[listed(place.server, path, title=path, tracks=None) for path in paths])
    shelf.poll(there, *[listed(second, path, title=f"{path} there") for path in paths])
    with shelf.runtime.reading() as session:
        due = due_pages(session, clock.forward(days=9), 5)
    assert len(due) == 2
    assert len({one.address.rsplit("/album")[0] for one in due}) == 2


def test_a_robot_check_stops_the_whole_house_for_hours(place: Place, second: Scripted, shelf: Shelf) -> None:
    here = shelf.source("here", "bandcamp")
    found = [FoundRelease(title=f"Album {n}", url=f"{place.server.url}/album/{n}", guid=f"album-{n}") for n in range(3)]
    shelf.poll(here, *found)
    elsewhere = FoundRelease(title="Elsewhere", url=f"{second.url}/album/9", guid="album-9")
    shelf.poll(shelf.source("there", "bandcamp"), elsewhere)
    for n in range(3):
        place.server.on("GET", f"/album/{n}", page(CHALLENGE))
    second.on("GET", "/album/9", album(second, path="/album/9"))
    run(shelf, days=9)
    asked = len(place.server.asked)
    assert asked == 1
    for _ in range(12):
        run(shelf, minutes=25)
    assert len(place.server.asked) == asked
    assert second.times("GET", "/album/9") == 1
    run(shelf, hours=4)
    assert len(place.server.asked) == asked + 1


def test_two_workers_look_once(place: Place, known: Shelf, clock: TestClock) -> None:
    clock.forward(days=8)
    asked = place.server.times("GET", PATH)
    with known.runtime.reading() as session:
        due = due_pages(session, clock(), 5)
    with known.runtime.session() as session:
        session.exec(update(Release).values(next_look_at=clock() + timedelta(hours=1)))  # the other one took it
    assert due
    run(known)
    assert place.server.times("GET", PATH) == asked


def test_a_preorder_is_looked_at_on_its_day(place: Place, shelf: Shelf, clock: TestClock) -> None:
    early = {"album_is_preorder": True, "album_release_date": "04 Dec 2026 00:00:00 GMT", "release_date": "04 Dec 2026 00:00:00 GMT"}
    shelf.poll(shelf.source(kind="bandcamp"), listed(place.server, availability="preorder", released_on=date(2026, 12, 4)))
    place.server.on("GET", PATH, album(place.server, **early))
    clock.at = datetime(2026, 12, 3, 23, tzinfo=UTC)
    run(shelf)
    assert place.server.times("GET", PATH) == 0
    run(shelf, hours=2)
    assert place.server.times("GET", PATH) == 1
    assert wait(shelf) <= timedelta(hours=4)
    place.server.on("GET", PATH, album(place.server, **{**early, "album_is_preorder": False}))
    run(shelf, hours=4)
    assert (shelf.release().availability, shelf.release().state, whats(shelf)) == ("out", "new", ["out"])


def waiting(shelf: Shelf, place: Place, count: int = 1) -> int:
    """Entries dated 4 December; returns the source."""
    source = shelf.source(kind="mirlo")
    day = date(2026, 12, 4)
    found = [listed(place.server, f"/r/{n}", title=f"Song {n}", released_on=day) for n in range(count)]
    shelf.poll(source, *[FoundRelease(title=one.title, url=one.url, guid=str(n), released_on=day) for n, one in enumerate(found)])
    assert {row.state for row in shelf.releases()} == {"waits"}
    return source


def test_what_waited_is_news_on_its_day_if_it_is_still_listed(place: Place, shelf: Shelf, clock: TestClock) -> None:
    waiting(shelf, place)
    clock.at = datetime(2026, 12, 3, 12, tzinfo=UTC)
    run(shelf)
    assert shelf.release().state == "waits"
    clock.at = datetime(2026, 12, 4, 0, 5, tzinfo=UTC)
    assert run(shelf) >= 1
    assert (shelf.release().state, shelf.release().availability) == ("new", "out")
    assert [(row.decision, row.why) for row in shelf.items()] == [("new", decide.DAY_HAS_COME)]
    with shelf.runtime.session() as session:
        assert wake_those_listed(session, clock()) == 0


def test_what_waited_and_is_listed_no_longer_waits_for_its_page(place: Place, shelf: Shelf, clock: TestClock) -> None:
    source = waiting(shelf, place)
    clock.forward(hours=1)
    shelf.poll(source, FoundRelease(title="Another", url=f"{place.server.url}/r/9", guid="9"))
    place.server.on("GET", "/r/0", answer(404))
    clock.at = datetime(2026, 12, 4, 0, 5, tzinfo=UTC)
    run(shelf)
    assert shelf.states()["Song 0"] == "waits"
    place.server.on("GET", "/r/0", album(place.server, path="/r/0"))
    run(shelf, days=2)
    assert {row.state for row in shelf.releases()} == {"new"}


def test_more_than_three_whose_day_comes_are_held(place: Place, shelf: Shelf, clock: TestClock) -> None:
    waiting(shelf, place, 4)
    clock.at = datetime(2026, 12, 4, 0, 5, tzinfo=UTC)
    run(shelf)
    assert {(row.state) for row in shelf.releases()} == {"held"}
    assert {row.why for row in shelf.items()} == {decide.TOO_MANY}


def test_a_number_learned_from_its_page_joins_it_with_its_twin(place: Place, shelf: Shelf) -> None:
    shelf.poll(
        shelf.source("other"), FoundRelease("Tall Ships, the album", "https://other.example/t", "t", kind="album", upc="036000291452")
    )
    shelf.poll(shelf.source(kind="bandcamp"), listed(place.server))
    assert len([row for row in shelf.releases() if row.state != "merged"]) == 2
    data = tralbum(url=PATH)
    data["current"]["upc"] = "0036000291452"
    body = release_page(data, linked(offer(4001, "a", "USD", {"minPrice": 7.0})))
    place.server.on("GET", PATH, page(body.replace(b"https://aoife.bandcamp.com", place.server.url.encode())))
    run(shelf, days=9)
    assert [row.state for row in shelf.releases()] == ["listed", "merged"]
    assert len({row.release_id for row in shelf.places()}) == 1


def test_releases_from_before_get_their_place_and_their_turn(both_runtime: Runtime) -> None:
    with place_of(both_runtime) as place:
        shelf = Shelf(both_runtime, place.artist_id)
        shelf.poll(shelf.source(), *[listed(place.server, f"/{n}", title=str(n)) for n in range(1)])
        with both_runtime.session() as session:
            for row in session.exec(select(ReleasePlace)):
                session.delete(row)
            session.exec(update(Release).values(next_look_at=None, alike_key=""))
        with both_runtime.session() as session:
            assert fill_missing(session, both_runtime.clock()) == 1
            assert fill_missing(session, both_runtime.clock()) == 0
        assert [(row.kind, row.release_id) for row in shelf.places()] == [("feed", shelf.release().id)]
        assert shelf.release().next_look_at is not None
        assert shelf.release().alike_key != ""
