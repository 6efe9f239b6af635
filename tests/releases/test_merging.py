"""The same release from several places is one with all its places; and two again, exactly as they were, when that was wrong."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import UniqueConstraint
from sqlmodel import Session, SQLModel, select

from creatorbot.amounts import Money
from creatorbot.errors import Conflict, NotFound
from creatorbot.links.codes import new_link
from creatorbot.models import Announcement, Checkout, Link, MergeSuggestion, PaymentService, Release
from creatorbot.releases import merging
from creatorbot.releases.likeness.alike import strict_key
from creatorbot.releases.places import places_of
from creatorbot.releases.queries import get_release, releases_of
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease, Price
from tests.releases.rows import new_artist
from tests.releases.shelves import Shelf, shelf_of, song

FIVE = Price("minimum", Money(500, "EUR"), currency="EUR")


def tall(host: str, **more: object) -> FoundRelease:
    """One album as the place at this host tells it."""
    told: dict[str, object] = {"title": "Tall Ships", "kind": "album", "tracks": 10, **more}
    return song(1, host, **told)


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    return shelf_of(runtime)


def two_alike(shelf: Shelf, **other: object) -> int:
    """Two releases that may be one, the first from "one", the other from "two"; returns the suggestion's id."""
    shelf.poll(shelf.source("one"), tall("one"), song(2))
    shelf.poll(shelf.source("two", "bandcamp"), tall("two", **{"title": "Tall Ships!", "tracks": None, **other}), song(7, "two"))
    return shelf.suggestions()[-1].id or 0


def merge(shelf: Shelf, suggestion: int) -> None:
    with shelf.runtime.session() as session:
        merging.merge(session, shelf.artist_id, suggestion, shelf.runtime.clock(), "Aoife")


def take_apart(shelf: Shelf, suggestion: int) -> None:
    with shelf.runtime.session() as session:
        merging.take_apart(session, shelf.artist_id, suggestion, shelf.runtime.clock(), "Aoife")


def visible(shelf: Shelf) -> list[Release]:
    with shelf.runtime.reading() as session:
        return releases_of(session, shelf.artist_id)


def everything(shelf: Shelf, *, but: tuple[str, ...] = ("mergesuggestion",)) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables; without the times at which a page must be built anew."""
    found = {}
    with shelf.runtime.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "changed_at"]
            if table.name not in but:
                found[table.name] = sorted(map(tuple, session.execute(select(*columns)).all()), key=repr)
    return found


def test_one_album_from_four_places_is_one_release_with_four_places(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    for host, kind in (("one", "bandcamp"), ("two", "faircamp"), ("three", "mirlo"), ("four", "podcast")):
        shelf.poll(shelf.source(host, kind), tall(host, price=FIVE if kind != "podcast" else Price()))
    assert [row.title for row in visible(shelf)] == ["Tall Ships"]
    with both_runtime.reading() as session:
        places = places_of(session, visible(shelf)[0].id or 0)
    assert [(row.kind, row.price_minor, row.availability) for row in places] == [
        ("bandcamp", 500, "out"),
        ("faircamp", 500, "out"),
        ("mirlo", 500, "out"),
        ("podcast", None, "out"),
    ]
    assert {(row.state, row.why, row.decided_by) for row in shelf.suggestions()} == {("merged", "same", "creatorbot")}


def test_what_may_be_one_is_suggested_and_left_alone(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    suggestion = two_alike(shelf)
    assert [(row.id, row.state, row.why) for row in shelf.suggestions()] == [(suggestion, "open", "alike")]
    assert len(visible(shelf)) == 4
    with both_runtime.session() as session:
        merging.keep_apart(session, shelf.artist_id, suggestion, both_runtime.clock(), "Aoife")
        assert merging.suggestions_of(session, shelf.artist_id) == []


def test_two_of_one_place_are_never_joined(shelf: Shelf) -> None:
    shelf.poll(shelf.source(), tall("one"), tall("one", url="https://one.example/s/other", guid="other", released_on=date(2020, 1, 1)))
    assert shelf.suggestions() == []


def test_two_that_fit_equally_well_are_for_the_artist_to_tell(shelf: Shelf) -> None:
    again = tall("one", url="https://one.example/s/again", guid="again", released_on=date(2020, 1, 1))
    shelf.poll(shelf.source("one"), tall("one"), again)
    shelf.poll(shelf.source("two"), tall("two"))
    assert len(visible(shelf)) == 3
    assert [row.state for row in shelf.suggestions()] == ["open", "open"]


def test_a_merged_one_leads_to_the_kept_one(shelf: Shelf) -> None:
    suggestion = two_alike(shelf)
    merge(shelf, suggestion)
    row = shelf.suggestions()[0]
    with shelf.runtime.reading() as session:
        assert get_release(session, shelf.artist_id, row.other_id).id == merging.kept(session, row.other_id) == row.kept_id
    assert sorted(one.title for one in visible(shelf)) == ["Song 2", "Song 7", "Tall Ships"]


def test_what_only_the_other_knew_is_known_of_both(shelf: Shelf) -> None:
    merge(shelf, two_alike(shelf, price=FIVE, licence="CC-BY-4.0", released_on=date(2026, 11, 6)))
    row = shelf.release("Tall Ships")
    assert (row.price_minor, row.licence, row.released_on) == (500, "CC-BY-4.0", date(2026, 11, 6))


def with_history(shelf: Shelf, session: Session, release_id: int) -> None:
    """An announcement, a link and a checkout that name this release."""
    now = shelf.runtime.clock()
    session.add(Announcement(artist_id=shelf.artist_id, release_id=release_id, wording="Out!", created_at=now, changed_at=now))
    link = new_link(session, artist_id=shelf.artist_id, release_id=release_id, now=now)
    service = PaymentService(artist_id=shelf.artist_id, provider="stripe", public_id=f"p{release_id}", secrets=b"", connected_at=now)
    session.add(service)
    session.flush()
    paid = {"kind": "tip", "asked_minor": 500, "currency": "EUR", "reference": f"r{release_id}", "created_at": now}
    session.add(Checkout(artist_id=shelf.artist_id, service_id=service.id, release_id=release_id, link_id=link.id, **paid))


def test_merging_and_taking_apart_is_as_if_nothing_had_been(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    suggestion = two_alike(shelf, price=FIVE, released_on=date(2026, 11, 6), cover_url="https://two.example/c.jpg", upc="036000291452")
    with both_runtime.session() as session:
        for row in shelf.releases():
            with_history(shelf, session, row.id or 0)
    before = everything(shelf)
    merge(shelf, suggestion)
    with both_runtime.reading() as session:
        named = {row for table in (Announcement, Link, Checkout) for row in session.exec(select(table.release_id))}
        assert shelf.suggestions()[0].other_id not in named
    assert everything(shelf) != before
    merged = everything(shelf, but=())
    merge(shelf, suggestion)
    assert everything(shelf, but=()) == merged
    take_apart(shelf, suggestion)
    assert everything(shelf) == before
    with pytest.raises(Conflict):
        take_apart(shelf, suggestion)


STATES = ("listed", "new", "held", "waits", "announced")


@pytest.mark.parametrize(
    ("kept", "other", "together"),
    [(one, "announced", "announced") for one in STATES]
    + [("announced", one, "announced") for one in STATES]
    + [("new", one, "new") for one in ("listed", "held", "waits")]
    + [("listed", one, "listed") for one in ("new", "held", "waits")]
    + [("waits", one, one) for one in ("new", "listed", "held")]
    + [("held", "new", "new"), ("held", "listed", "listed"), ("held", "waits", "held")],
)
def test_what_was_told_is_never_told_again(shelf: Shelf, kept: str, other: str, together: str) -> None:
    suggestion = two_alike(shelf)
    shelf.edit("Tall Ships", state=kept)
    shelf.edit("Tall Ships!", state=other)
    merge(shelf, suggestion)
    assert shelf.states()["Tall Ships"] == together
    take_apart(shelf, suggestion)
    assert (shelf.states()["Tall Ships"], shelf.states()["Tall Ships!"]) == (kept, other)


def test_one_announced_while_they_were_one_stays_announced_apart(shelf: Shelf) -> None:
    suggestion = two_alike(shelf)
    shelf.edit("Tall Ships!", state="new")
    with shelf.runtime.session() as session:
        with_history(shelf, session, shelf.release("Tall Ships!").id or 0)
    merge(shelf, suggestion)
    with shelf.runtime.session() as session:
        announcement = session.exec(select(Announcement)).one()
        announcement.state = session.get_one(Release, announcement.release_id).state = "announced"
    take_apart(shelf, suggestion)
    assert (shelf.states()["Tall Ships"], shelf.states()["Tall Ships!"]) == ("listed", "announced")


def test_news_of_an_album_that_is_announced_is_no_news(shelf: Shelf) -> None:
    one, two = shelf.source("one"), shelf.source("two")
    shelf.poll(two)
    shelf.poll(one, tall("one"))
    shelf.edit(state="announced")
    assert shelf.poll(two, tall("two")) == 0
    assert [row.state for row in visible(shelf)] == ["announced"]
    assert shelf.poll(two, tall("two", description="edited")) == 0
    assert [row.state for row in shelf.releases()] == ["announced", "merged"]


def three(shelf: Shelf) -> list[int]:
    """Three that may be one; returns the suggestions of the second and the third for the first, and for each other."""
    for host, title in (("one", "Tall Ships"), ("two", "Tall Ships!"), ("three", "Tall ships")):
        shelf.poll(shelf.source(host), tall(host, title=title, tracks=None))
    pairs = {(row.kept_id, row.other_id): row.id or 0 for row in shelf.suggestions()}
    one, two, three = (row.id or 0 for row in shelf.releases())
    return [pairs[(one, two)], pairs[(one, three)], pairs[(two, three)]]


def test_three_become_one_in_any_order_and_three_again(shelf: Shelf) -> None:
    suggestions = three(shelf)
    before = everything(shelf)
    for first, second, third in permutations(suggestions):
        merge(shelf, first)
        merge(shelf, second)
        assert len(visible(shelf)) == 1
        with shelf.runtime.reading() as session:
            assert merging.suggestions_of(session, shelf.artist_id) == []
        merge(shelf, third)
        with shelf.runtime.reading() as session:
            assert len(places_of(session, visible(shelf)[0].id or 0)) == 3
        joined = [row.id or 0 for row in shelf.suggestions() if row.state == "merged"]
        for number in joined if first == suggestions[0] else reversed(joined):
            take_apart(shelf, number)
        assert everything(shelf) == before
        with shelf.runtime.session() as session:
            for row in session.exec(select(MergeSuggestion)):
                row.state = "open"


def test_a_stranger_decides_nothing(shelf: Shelf) -> None:
    suggestion = two_alike(shelf)
    stranger = new_artist(shelf.runtime, "Bran")
    for what in (merging.merge, merging.keep_apart, merging.take_apart):
        with shelf.runtime.session() as session, pytest.raises(NotFound):
            what(session, stranger, suggestion, shelf.runtime.clock(), "Bran")


def test_releases_that_were_taken_apart_are_not_joined_again(shelf: Shelf) -> None:
    one, two = shelf.source("one"), shelf.source("two")
    shelf.poll(one, tall("one"))
    shelf.poll(two, tall("two"))
    take_apart(shelf, shelf.suggestions()[0].id or 0)
    for source, host in ((one, "one"), (two, "two")):
        shelf.poll(source, tall(host, description="edited"))
    assert len(visible(shelf)) == 2
    assert [row.state for row in shelf.suggestions()] == ["apart"]


def test_every_table_that_names_a_release_can_be_moved() -> None:
    """A UNIQUE constraint over the release would make a move fail: such a table needs a way of its own."""
    for table in SQLModel.metadata.sorted_tables:
        named = {column.name for column in table.columns for key in column.foreign_keys if key.column.table.name == "release"}
        bound = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint) and named & {one.name for one in rule.columns}]
        assert not bound or table.name in ("releaseplace", "mergesuggestion", "autoannouncement"), table.name


ALBUMS = [("A", 10), ("B", 10), ("C", None), ("D", 7)]
PLACES = st.permutations(["one", "two", "three"])
LISTS = st.lists(st.sets(st.sampled_from(range(4)), min_size=1), min_size=3, max_size=3)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LISTS, PLACES, PLACES)
def test_sources_in_any_order_give_the_same_releases(runtime: Runtime, lists: list[set[int]], first: list[str], second: list[str]) -> None:
    listed = dict(zip(("one", "two", "three"), lists, strict=True))

    def outcome(order: list[str]) -> set[tuple[str, frozenset[str]]]:
        shelf = Shelf(runtime, new_artist(runtime, f"Aoife{len(everything_of(runtime))}"))
        for host in order:
            found = [replace(song(n, host), title=f"Album {ALBUMS[n][0]}", kind="album", tracks=ALBUMS[n][1]) for n in sorted(listed[host])]
            source = shelf.source(f"{host}{shelf.artist_id}")
            shelf.poll(source, *found)
            shelf.poll(source, *found)
        with runtime.reading() as session:
            return {
                (strict_key(row.title, row.artist_name), frozenset(place.url for place in places_of(session, row.id or 0)))
                for row in releases_of(session, shelf.artist_id)
            }

    assert outcome(first) == outcome(second)


def everything_of(runtime: Runtime) -> list[Release]:
    with runtime.reading() as session:
        return list(session.exec(select(Release)).all())
