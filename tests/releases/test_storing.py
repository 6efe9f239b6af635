"""Decisions into rows: each entry and each release once, whoever stores them and however often; nothing that was known is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from creatorbot.models import Release, Source, SourceItem
from creatorbot.releases import decide
from creatorbot.releases.storing import known_of, store
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease
from tests.conftest import TestClock
from tests.releases.shelves import Shelf, shelf_of, song


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    return shelf_of(runtime)


def test_a_first_look_lists_and_says_why(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    assert shelf.poll(shelf.source(), *map(song, range(40))) == 0
    assert [row.title for row in shelf.releases()] == [f"Song {n}" for n in range(40)]
    assert {row.state for row in shelf.releases()} == {"listed"}
    items = shelf.items()
    assert {(row.decision, row.why) for row in items} == {("baseline", decide.WAS_THERE)}
    assert [row.release_id for row in items] == [row.id for row in shelf.releases()]
    assert [(row.release_id, row.url, row.kind) for row in shelf.places()] == [(row.id, row.url, "feed") for row in shelf.releases()]


def test_storing_the_same_decisions_twice_is_storing_them_once(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    shelf.poll(source, song(1))
    decisions = shelf.decide(source, [song(3), song(2), song(1)])
    assert shelf.keep(source, decisions) == 2
    before = (shelf.states(), len(shelf.items()), len(shelf.places()))
    assert shelf.keep(source, decisions) == 0
    assert (shelf.states(), len(shelf.items()), len(shelf.places())) == before
    assert {row.release_id for row in shelf.items()} == {row.id for row in shelf.releases()}


def test_two_processes_that_store_at_once_store_once(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    shelf.poll(source, song(0))
    decisions = shelf.decide(source, [song(n) for n in range(4)])
    with ThreadPoolExecutor(4) as pool:
        fresh = list(pool.map(lambda _: shelf.keep(source, decisions), range(8)))
    assert sorted(fresh) == [0] * 7 + [3]
    assert sorted(row.title for row in shelf.releases()) == ["Song 0", "Song 1", "Song 2", "Song 3"]
    assert {row.release_id for row in shelf.items()} == {row.id for row in shelf.releases()}


def test_a_kill_in_the_middle_leaves_nothing_half_done(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    decisions = shelf.decide(source, [song(1), song(2)])

    def killed() -> None:
        with both_runtime.session() as session:
            store(session, session.get_one(Source, source), decisions, {}, both_runtime.clock())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert (shelf.releases(), shelf.items(), shelf.places()) == ([], [], [])
    shelf.keep(source, decisions)
    assert len(shelf.releases()) == 2


def test_what_the_list_and_the_page_tell_come_together(shelf: Shelf) -> None:
    source = shelf.source(kind="bandcamp")
    shelf.poll(source)
    listed = song(1, cover_url="https://one.example/small.jpg")
    on_page = song(1, title="Song 1 (live)", tracks=9, licence="CC-BY-4.0", cover_url="https://one.example/large.jpg")
    assert shelf.poll(source, listed, details={listed.guid: on_page}) == 1
    row = shelf.release()
    assert (row.title, row.tracks, row.licence, row.cover_url) == ("Song 1 (live)", 9, "CC-BY-4.0", "https://one.example/large.jpg")
    assert shelf.items()[0].title == "Song 1"
    assert row.looked_at is not None
    shelf.poll(source, replace(listed, title="Song 1"))
    assert (shelf.release().title, shelf.changes()) == ("Song 1 (live)", [])


def test_an_entry_that_stays_costs_no_change(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(1), song(2))
    before = shelf.releases()
    later = shelf.runtime.clock.forward(hours=1)  # type: ignore[attr-defined]
    shelf.poll(source, song(2), song(1))
    assert shelf.releases() == before
    assert {row.last_seen_at for row in shelf.items()} == {later}


def test_a_renumbered_entry_is_known_by_its_new_number_from_then_on(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(1), song(2))
    shelf.poll(source, song(1, guid="n1"), song(2))
    assert [row.guid for row in shelf.items()] == ["n1", song(2).guid]
    shelf.poll(source, song(1, guid="n1", title="Renamed", url="https://one.example/elsewhere"), song(2))
    assert [row.title for row in shelf.releases()] == ["Renamed", "Song 2"]
    assert len(shelf.items()) == 2


def test_a_feed_that_shrank_or_came_back_changes_nothing(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(1), song(2), song(3))
    shelf.poll(source)
    shelf.poll(source, song(3))
    assert set(shelf.states()) == {"Song 1", "Song 2", "Song 3"}
    assert shelf.poll(source, song(1), song(2), song(3)) == 0
    assert set(shelf.states().values()) == {"listed"}


def test_held_ones_stay_held_when_they_are_edited(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(0))
    assert shelf.poll(source, *map(song, range(6))) == 5
    shelf.poll(source, *[song(n, description="edited") for n in range(6)])
    assert [row.decision for row in shelf.items()] == ["changed"] + ["held"] * 5
    assert {row.why for row in shelf.items()[1:]} == {decide.TOO_MANY}
    assert set(shelf.states().values()) == {"listed", "held"}


def test_tracks_belong_to_the_release_of_their_album(shelf: Shelf) -> None:
    album = song(1, title="Tall Ships", kind="album")
    tracks = [song(n, kind="track", part_of=album.url) for n in range(2, 6)]
    source = shelf.source()
    shelf.poll(source, album, *tracks[:1])
    shelf.poll(source, *tracks)
    assert [row.title for row in shelf.releases()] == ["Tall Ships"]
    assert {row.release_id for row in shelf.items()} == {shelf.release().id}
    assert [row.decision for row in shelf.items()][1:] == ["with_album"] * 4
    shelf.poll(source, album, replace(tracks[0], title="Another name"))
    assert shelf.release().title == "Tall Ships"


def test_a_joined_release_grows_when_more_parts_come(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source)
    both = FoundRelease(title="Tall Ships", url="https://f.example/a", guid="a", parts=("a", "b"), tracks=2)
    assert shelf.poll(source, both) == 1
    assert shelf.poll(source, replace(both, guid="c", parts=("c", "a", "b"), tracks=3)) == 0
    assert shelf.poll(source, replace(both, guid="b", parts=("b",), tracks=1)) == 0
    assert [(row.guid_key, row.parts, row.why) for row in shelf.items()] == [("a", ["a", "b", "c"], decide.GROWN)]
    assert (shelf.release().tracks, shelf.release().state) == (3, "new")
    assert shelf.poll(source, FoundRelease(title="c alone", url="https://f.example/c", guid="c")) == 0


def test_what_waits_becomes_news_on_its_day(both_runtime: Runtime, clock: TestClock) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    coming = song(1, released_on=date(2026, 12, 1), kind="album")
    assert shelf.poll(source, coming) == 0
    row, item = shelf.release(), shelf.items()[0]
    assert (row.state, row.availability, item.decision, item.not_before) == ("waits", "coming", "waits", date(2026, 12, 1))
    assert row.next_look_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert shelf.poll(source, replace(coming, title="Song 1, renamed", released_on=date(2026, 12, 2))) == 0
    assert shelf.items()[0].not_before == date(2026, 12, 2)
    clock.at = datetime(2026, 12, 2, 1, tzinfo=UTC)
    later = replace(coming, title="Song 1, renamed", released_on=date(2026, 12, 2))
    decisions = shelf.decide(source, [later])
    assert [shelf.keep(source, decisions) for _ in range(2)] == [1, 0]
    row, item = shelf.release(), shelf.items()[0]
    assert (row.state, row.availability, item.decision, item.not_before) == ("new", "out", "new", None)
    assert [(one.what, one.state) for one in shelf.changes() if one.what == "out"] == [("out", "seen")]


def test_what_was_announced_early_is_not_news_again_on_its_day(shelf: Shelf, clock: TestClock) -> None:
    source = shelf.source()
    coming = song(1, released_on=date(2026, 12, 1))
    shelf.poll(source, coming)
    shelf.edit(state="announced")
    clock.at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert shelf.poll(source, coming) == 0
    assert (shelf.release().state, shelf.release().availability) == ("announced", "out")


def test_the_same_page_in_another_source_is_the_same_release(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    feed, shop = shelf.source("one"), shelf.source("two", "bandcamp")
    shelf.poll(feed, song(1), song(2))
    shelf.poll(shop)
    there = song(1, guid="album-1", url="http://www.one.example/s/1/", title="SONG 1")
    assert shelf.poll(shop, there) == 0
    assert list(shelf.states()) == ["Song 1", "Song 2"]
    assert shelf.items()[2].decision == "merged"
    assert shelf.items()[2].release_id == shelf.releases()[0].id
    assert len(shelf.places()) == 2
    shelf.poll(shop, replace(there, title="Something else"))
    assert list(shelf.states()) == ["Song 1", "Song 2"]  # it is the feed that speaks for it


def test_a_page_that_many_entries_share_joins_none(shelf: Shelf) -> None:
    feed, podcast = shelf.source("one"), shelf.source("two", "podcast")
    shelf.poll(feed, song(1, url="https://one.example/podcast"))
    shelf.poll(podcast, song(5, "two", url="https://one.example/podcast"), song(6, "two", url="https://one.example/podcast"))
    assert len(shelf.releases()) == 3
    assert shelf.poll(podcast, *[song(n, "two", url="https://one.example/podcast") for n in (5, 6, 7)]) == 1


def test_a_source_that_was_removed_and_came_back_has_its_releases_again(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(1))
    shelf.edit(state="announced")
    with shelf.runtime.session() as session:
        session.delete(session.get_one(Source, source))
    assert shelf.items() == []
    again = shelf.source()
    shelf.poll(again, song(1))
    assert [(row.state, row.source_id) for row in shelf.releases()] == [("announced", again)]
    shelf.poll(again, song(1, title="Renamed"))
    assert list(shelf.states()) == ["Renamed"]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 5_000, "💿" * 300])
def test_strange_ids_and_words_are_kept_as_far_as_they_can_be(both_runtime: Runtime, text: str) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    found = FoundRelease(title="Song", url=None, guid=text)
    shelf.poll(source)
    shelf.poll(source, found)
    assert shelf.poll(source, found) == 0
    assert len(shelf.items()) == len(shelf.releases()) <= 1


def test_known_entries_are_read_back_as_they_were_decided(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(1, released_on=date(2026, 11, 1)), song(2, released_on=date(2027, 1, 1)))
    with shelf.runtime.reading() as session:
        one, two = known_of(session, source)
        assert (one.title, one.day, one.waits, one.not_before) == ("Song 1", date(2026, 11, 1), False, None)
        assert (two.waits, two.not_before) == (True, date(2027, 1, 1))
        assert session.exec(select(SourceItem.id).where(SourceItem.id == one.item_id)).first()


def test_a_long_first_look_is_stored_whole(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    other, source = shelf.source("two"), shelf.source()
    shelf.poll(other, song(3, "two", title="Elsewhere"))
    shelf.poll(source, *map(song, range(1_200)))
    assert len(shelf.releases()) == len(shelf.items()) == 1_201
    assert shelf.runtime.clock() + timedelta(days=8) > max(row.next_look_at for row in shelf.releases() if row.next_look_at)
    assert isinstance(shelf.releases()[0], Release)
