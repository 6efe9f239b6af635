"""A release's life: each change recorded once, as its own source tells it; what the artist typed stays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from creatorbot.amounts import Money
from creatorbot.errors import NotFound
from creatorbot.links.codes import new_link
from creatorbot.links.pages.shelf import Shelf as Pages
from creatorbot.links.pages.shelf import refreshed
from creatorbot.models import Artist, Release, ReleaseChange
from creatorbot.releases import changes, merging
from creatorbot.releases.by_hand import TypedRelease, add_release, edit_release, typed_of
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease, Price
from tests.conftest import TestClock
from tests.releases.rows import new_artist
from tests.releases.shelves import Shelf, shelf_of, song


def costs(model: str, amount: int | None = None, currency: str = "EUR") -> Price:
    return Price(model, Money(amount, currency) if amount is not None else None, currency=currency)  # type: ignore[arg-type]


ALBUM = song(
    1,
    kind="album",
    title="Tall Ships",
    price=costs("minimum", 500),
    licence="CC-BY-4.0",
    tracks=10,
    cover_url="https://one.example/c.jpg",
)


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    return shelf_of(runtime)


def told(shelf: Shelf) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    return [(row.what, row.before, row.after) for row in shelf.changes()]


@pytest.mark.parametrize(
    ("changed", "what", "before", "after"),
    [
        (
            {"price": costs("fixed", 700)},
            "price",
            {"price_model": "minimum", "price_minor": 500, "price_currency": "EUR"},
            {"price_model": "fixed", "price_minor": 700, "price_currency": "EUR"},
        ),
        (
            {"price": costs("pay_what_you_want")},
            "price",
            {"price_model": "minimum", "price_minor": 500, "price_currency": "EUR"},
            {"price_model": "pay_what_you_want", "price_minor": None, "price_currency": "EUR"},
        ),
        ({"licence": "CC-BY-SA-4.0"}, "licence", {"licence": "CC-BY-4.0"}, {"licence": "CC-BY-SA-4.0"}),
        ({"title": "Small Boats"}, "title", {"title": "Tall Ships"}, {"title": "Small Boats"}),
        ({"tracks": 11}, "tracks", {"tracks": 10}, {"tracks": 11}),
        (
            {"url": "https://one.example/new"},
            "address",
            {"url": "https://one.example/s/1"},
            {"url": "https://one.example/new"},
        ),
        (
            {"cover_url": "https://one.example/d.jpg"},
            "cover",
            {"cover_url": "https://one.example/c.jpg"},
            {"cover_url": "https://one.example/d.jpg"},
        ),
        ({"availability": "preorder"}, "preorder", {"availability": "out"}, {"availability": "preorder"}),
        ({"availability": "withdrawn"}, "withdrawn", {"availability": "out"}, {"availability": "withdrawn"}),
    ],
)
def test_each_change_is_recorded_once(shelf: Shelf, changed: dict[str, object], what: str, before: object, after: object) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    for _ in range(3):
        shelf.poll(source, replace(ALBUM, **changed))  # type: ignore[arg-type]
        shelf.poll(source, replace(ALBUM, description="Something else", **changed))  # type: ignore[arg-type]
    assert told(shelf) == [(what, before, after)]
    assert [row.state for row in shelf.changes()] == ["open"]
    assert all(getattr(shelf.release(), name) == value for name, value in after.items())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Eleven shanties"},
        {"tags": ("folk",)},
        {"released_on": date(2026, 11, 1)},
        {"title": "tall  ships"},
        {"url": "http://www.one.example/s/1/"},
        {"cover_url": "https://one.example/c.jpg?ticket=2"},
        {"price": Price(), "licence": None, "tracks": None, "cover_url": None, "url": None},
        {"guid": "another"},
    ],
)
def test_what_a_fan_would_call_the_same_is_no_change(shelf: Shelf, changed: dict[str, object]) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM, song(2))
    before = shelf.release()
    shelf.poll(source, replace(ALBUM, **changed), song(2))  # type: ignore[arg-type]
    assert told(shelf) == []
    after = shelf.release()
    assert (after.price_minor, after.licence, after.tracks) == (before.price_minor, before.licence, before.tracks)
    assert after.url
    assert after.cover_url


def test_learning_a_value_is_no_change(shelf: Shelf) -> None:
    source = shelf.source()
    bare = FoundRelease(title=ALBUM.title, url=ALBUM.url, guid=ALBUM.guid)
    shelf.poll(source, bare)
    shelf.poll(source, ALBUM)
    assert told(shelf) == []
    assert (shelf.release().price_minor, shelf.release().licence) == (500, "CC-BY-4.0")
    shelf.poll(source, replace(ALBUM, licence="CC0-1.0"))
    assert [row[0] for row in told(shelf)] == ["licence"]


def test_what_the_artist_typed_stays_but_the_change_is_told(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    shelf.edit("Tall Ships", title="My own title", price_minor=900, edited=["price_minor", "title"])
    shelf.poll(source, replace(ALBUM, title="Small Boats", price=costs("fixed", 700)))
    shelf.poll(source, replace(ALBUM, title="Small Boats", price=costs("fixed", 700), description="again"))
    assert [(row[0], row[2].get("title"), row[2].get("price_minor")) for row in told(shelf)] == [
        ("price", None, 700),
        ("title", "Small Boats", None),
    ]
    assert (shelf.release().title, shelf.release().price_minor, shelf.release().price_model) == ("My own title", 900, "minimum")


def test_a_list_and_a_page_that_never_agree_are_no_change(shelf: Shelf) -> None:
    source = shelf.source(kind="bandcamp")
    on_page = replace(ALBUM, title="Tall Ships (2026)", cover_url="https://one.example/large.jpg", price=costs("fixed", 800))
    shelf.poll(source, ALBUM, details={ALBUM.guid: on_page})
    for number in range(3):
        shelf.poll(source, replace(ALBUM, description=str(number)), details={ALBUM.guid: replace(on_page, description=str(number))})
    assert told(shelf) == []
    assert (shelf.release().title, shelf.release().price_minor) == ("Tall Ships (2026)", 800)
    shelf.poll(source, replace(ALBUM, price=costs("minimum", 600)))
    assert [row[0] for row in told(shelf)] == ["price"]


def test_another_source_speaks_for_its_own_place_only(shelf: Shelf) -> None:
    one, two = shelf.source("one"), shelf.source("two", "faircamp")
    shelf.poll(one, ALBUM)
    there = replace(ALBUM, url="https://two.example/t", guid="t", price=costs("minimum", 400))
    shelf.poll(two, there)
    for number in range(2):
        shelf.poll(two, replace(there, price=costs("fixed", 300), description=str(number)))
        shelf.poll(one, replace(ALBUM, description=str(number)))
    assert told(shelf) == []
    assert shelf.releases()[0].price_minor == 500
    assert [(row.kind, row.price_model, row.price_minor) for row in shelf.places()] == [
        ("feed", "minimum", 500),
        ("faircamp", "fixed", 300),
    ]


def test_an_address_that_moved_is_one_place_not_two(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    shelf.poll(source, replace(ALBUM, url="https://one.example/new", price=costs("fixed", 700)))
    assert [(row.url, row.price_minor) for row in shelf.places()] == [("https://one.example/new", 700)]


def test_a_preorder_that_comes_out_is_news_if_nobody_was_told(shelf: Shelf, clock: TestClock) -> None:
    source = shelf.source()
    early = replace(ALBUM, availability="preorder", released_on=date(2026, 12, 1))
    shelf.poll(source, early, song(2))
    assert (shelf.release().availability, shelf.release().state) == ("preorder", "listed")
    assert shelf.release().next_look_at == datetime(2026, 12, 1, tzinfo=UTC)
    shelf.poll(source, replace(early, availability="out"), song(2))
    assert shelf.release().availability == "preorder"  # its day has not come, whatever a list says by default
    clock.at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert shelf.poll(source, replace(early, availability="out", description="out now"), song(2)) == 1
    assert (shelf.release().availability, shelf.release().state, shelf.items()[0].decision) == ("out", "new", "new")
    assert [row[0] for row in told(shelf)] == ["out"]


def test_a_preorder_that_was_announced_is_told_as_a_change_when_it_comes_out(shelf: Shelf, clock: TestClock) -> None:
    source = shelf.source()
    shelf.poll(source)
    early = replace(ALBUM, availability="preorder", released_on=date(2026, 12, 1))
    assert shelf.poll(source, early) == 1
    shelf.edit(state="announced")
    clock.at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert shelf.poll(source, replace(early, availability="out")) == 0
    assert (shelf.release().state, [row[0] for row in told(shelf)]) == ("announced", ["out"])


def test_what_was_withdrawn_can_come_back(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    shelf.poll(source, replace(ALBUM, availability="withdrawn"))
    shelf.poll(source, ALBUM)
    assert [row[0] for row in told(shelf)] == ["withdrawn", "back"]


def test_changes_are_read_and_ticked_off(shelf: Shelf, clock: TestClock) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    shelf.poll(source, replace(ALBUM, title="Small Boats"))
    clock.forward(hours=1)
    shelf.poll(source, replace(ALBUM, title="Small Boats", tracks=11))
    stranger = new_artist(shelf.runtime, "Bran")
    with shelf.runtime.session() as session:
        opened = changes.open_changes(session, shelf.artist_id)
        assert [row.what for row in opened] == ["tracks", "title"]
        with pytest.raises(NotFound):
            changes.mark_seen(session, stranger, opened[0].id or 0)
        changes.mark_seen(session, shelf.artist_id, opened[0].id or 0)
        assert [row.what for row in changes.open_changes(session, shelf.artist_id)] == ["title"]
        assert [row.what for row in changes.changes_of(session, shelf.release().id or 0)] == ["tracks", "title"]
        assert changes.open_changes(session, stranger) == []


def test_a_merged_one_has_no_life_of_its_own(shelf: Shelf) -> None:
    one, two = shelf.source("one"), shelf.source("two")
    shelf.poll(one, ALBUM)
    shelf.poll(two, replace(ALBUM, url="https://two.example/t", guid="t"))
    assert [row.state for row in shelf.releases()] == ["listed", "merged"]
    with shelf.runtime.session() as session:
        row = session.get_one(Release, shelf.releases()[1].id)
        changes.take_in(session, row, replace(ALBUM, title="Small Boats"), "list", shelf.runtime.clock())
        changes.move_availability(session, row, "withdrawn", shelf.runtime.clock())
    assert told(shelf) == []


def test_places_of_releases_typed_by_hand(shelf: Shelf) -> None:
    now = shelf.runtime.clock()
    with shelf.runtime.session() as session:
        artist = session.get_one(Artist, shelf.artist_id)
        row = add_release(session, artist, TypedRelease("Tall Ships", url="https://one.example/s/1"), now)
        edit_release(session, row, replace(typed_of(row, artist), url="https://one.example/other"), now)
    assert [(place.kind, place.url) for place in shelf.places()] == [("hand", "https://one.example/other")]
    shelf.poll(shelf.source(), replace(ALBUM, url="https://one.example/other"))
    assert len(shelf.releases()) == 1
    assert shelf.release().price_model == "pay_what_you_want"


def test_links_of_two_that_were_joined_lead_to_the_kept_one_and_back(shelf: Shelf, clock: TestClock) -> None:
    shelf.poll(shelf.source("one"), ALBUM)
    shelf.poll(shelf.source("two"), replace(ALBUM, url="https://two.example/t", guid="t", tracks=None))
    kept, other = (row.id or 0 for row in shelf.releases())
    with shelf.runtime.session() as session:
        code = new_link(session, artist_id=shelf.artist_id, release_id=other, now=clock()).code
        pages = refreshed(session, Pages(), "https://our.example")
    assert pages.links.codes[code] == other
    suggestion = shelf.suggestions()[0].id or 0
    for what, leads_to in ((merging.merge, kept), (merging.take_apart, other)):
        clock.forward(minutes=5)
        with shelf.runtime.session() as session:
            what(session, shelf.artist_id, suggestion, clock(), "Aoife")
        with shelf.runtime.reading() as session:
            pages = refreshed(session, pages, "https://our.example")
            assert refreshed(session, pages, "https://our.example") is pages
        assert pages.links.codes[code] == leads_to
        assert pages.page_of(code) is not None


def test_a_change_belongs_to_its_release(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, ALBUM)
    shelf.poll(source, replace(ALBUM, title="Small Boats"))
    row: ReleaseChange = shelf.changes()[0]
    assert (row.artist_id, row.release_id, row.source_id) == (shelf.artist_id, shelf.release().id, source)
