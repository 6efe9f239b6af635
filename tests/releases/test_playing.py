"""What plays a release: kept as its source tells it, seen by fans at once, no news to the artist, and passed on when two become one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.models import Release
from creatorbot.releases import merging
from creatorbot.releases.keys import content_hash
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease
from tests.conftest import TestClock
from tests.releases.shelves import Shelf, shelf_of, song

PLAYER, OTHER = "https://bandcamp.com/EmbeddedPlayer/album=1/", "https://bandcamp.com/EmbeddedPlayer/album=2/"
SOUND = "https://one.example/1.mp3"
BARE = song(1, kind="album", title="Tall Ships", tracks=10)
HEARD = replace(BARE, player_url=PLAYER, audio_url=SOUND)


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    return shelf_of(runtime)


def plays(row: Release) -> tuple[str, str]:
    return row.player_url, row.audio_url


def test_it_is_kept_from_the_first_look_on(both_runtime: Runtime) -> None:
    shelf = shelf_of(both_runtime)
    source = shelf.source()
    shelf.poll(source, HEARD, song(2))
    assert [plays(row) for row in shelf.releases()] == [(PLAYER, SOUND), ("", "")]
    listed = song(3)
    shelf.poll(source, listed, HEARD, song(2), details={listed.guid: replace(listed, player_url=OTHER)})
    assert plays(shelf.release("Song 3")) == (OTHER, "")


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (BARE, HEARD, (PLAYER, SOUND)),
        (HEARD, replace(HEARD, player_url=OTHER), (OTHER, SOUND)),
        (HEARD, replace(HEARD, audio_url=SOUND + "?2"), (PLAYER, SOUND + "?2")),
        (replace(BARE, audio_url=SOUND), replace(BARE, player_url=PLAYER), (PLAYER, SOUND)),
    ],
)
def test_another_one_is_seen_by_fans_and_is_no_news(
    runtime: Runtime, clock: TestClock, before: FoundRelease, after: FoundRelease, kept: tuple[str, str]
) -> None:
    shelf = shelf_of(runtime)
    source = shelf.source()
    shelf.poll(source, before)
    first = shelf.release()
    clock.forward(hours=1)
    shelf.poll(source, after)
    assert plays(shelf.release()) == kept
    assert shelf.release().changed_at > first.changed_at
    assert shelf.changes() == []
    moved = shelf.release().changed_at
    clock.forward(hours=1)
    shelf.poll(source, after)
    assert shelf.release().changed_at == moved


def test_a_source_that_tells_none_any_more_takes_nothing_away(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, HEARD)
    shelf.poll(source, BARE)
    shelf.poll(source, replace(BARE, description="Nothing about sound"))
    assert plays(shelf.release()) == (PLAYER, SOUND)


def test_what_its_own_page_told_is_not_overruled_by_the_list(shelf: Shelf) -> None:
    source = shelf.source()
    shelf.poll(source, song(2))
    shelf.poll(source, BARE, song(2), details={BARE.guid: HEARD})
    shelf.poll(source, replace(BARE, player_url=OTHER), song(2))
    assert plays(shelf.release("Tall Ships")) == (PLAYER, SOUND)


def test_a_second_list_of_the_same_page_adds_what_was_not_known(shelf: Shelf) -> None:
    shelf.poll(shelf.source("one"), BARE)
    second = shelf.source("two", "bandcamp")
    same = replace(BARE, guid="another", player_url=PLAYER)
    shelf.poll(second, same)
    assert [plays(row) for row in shelf.releases()] == [(PLAYER, "")]
    shelf.poll(second, replace(same, player_url=OTHER, audio_url=SOUND))
    assert [plays(row) for row in shelf.releases()] == [(PLAYER, SOUND)]


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_digest_of_what_plays_nothing_is_what_it_always_was(player: str, audio: str) -> None:
    same = content_hash(replace(BARE, player_url=player, audio_url=audio)) == content_hash(BARE)
    assert same == (not player and not audio)
    assert content_hash(BARE) == "68ab2684f7d3674c86d74a50172019c1"


class TestMerged:
    """The first from "one", without a player; the second from "two"; merged by themselves, as they have the same names and tracks."""

    def two(self, shelf: Shelf, other: FoundRelease) -> int:
        shelf.poll(shelf.source("one"), BARE)
        second = shelf.source("two", "bandcamp")
        shelf.poll(second, other, song(9, "two"))
        assert [row.state for row in shelf.suggestions()] == ["merged"]
        return second

    def apart(self, shelf: Shelf) -> None:
        with shelf.runtime.session() as session:
            merging.take_apart(session, shelf.artist_id, shelf.suggestions()[0].id or 0, shelf.runtime.clock(), "Aoife")

    def rows(self, shelf: Shelf) -> list[tuple[str, str]]:
        return [plays(row) for row in shelf.releases() if row.title == "Tall Ships"]

    OTHER = replace(BARE, url="https://two.example/s/1", guid="two-1")

    def test_the_kept_one_takes_over_what_it_lacks(self, both_runtime: Runtime) -> None:
        shelf = shelf_of(both_runtime)
        self.two(shelf, replace(self.OTHER, player_url=PLAYER))
        assert self.rows(shelf) == [(PLAYER, ""), (PLAYER, "")]
        self.apart(shelf)
        assert self.rows(shelf) == [("", ""), (PLAYER, "")]

    def test_also_what_is_told_later_and_changes_later(self, both_runtime: Runtime) -> None:
        shelf = shelf_of(both_runtime)
        second = self.two(shelf, self.OTHER)
        for player in (PLAYER, OTHER):
            shelf.poll(second, replace(self.OTHER, player_url=player), song(9, "two"))
            assert self.rows(shelf) == [(player, ""), (player, "")]
        self.apart(shelf)
        assert self.rows(shelf) == [("", ""), (OTHER, "")]

    def test_but_keeps_its_own(self, shelf: Shelf) -> None:
        second = self.two(shelf, self.OTHER)
        shelf.edit("Tall Ships", player_url=OTHER)
        shelf.poll(second, replace(self.OTHER, player_url=PLAYER, audio_url=SOUND), song(9, "two"))
        assert self.rows(shelf) == [(OTHER, SOUND), (PLAYER, SOUND)]
        self.apart(shelf)
        assert self.rows(shelf) == [(OTHER, ""), (PLAYER, SOUND)]
