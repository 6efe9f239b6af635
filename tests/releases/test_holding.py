"""What is held is asked once: an answer settles it, whatever became of its release meanwhile."""

import pytest

from creatorbot.releases import merging
from creatorbot.releases.holding import answer, held_by_source, held_in
from creatorbot.runtime import Runtime
from tests.releases.shelves import Shelf, shelf_of, song


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    """An artist who announced the first song, and another place that lists five at once."""
    made = shelf_of(runtime)
    first, second = made.source("one"), made.source("two")
    made.poll(first, song(1))
    made.edit("Song 1", state="announced")
    made.poll(second, song(90, "two"))
    made.poll(second, song(90, "two"), *(song(number, "two") for number in range(1, 6)))
    return made


@pytest.mark.parametrize("news", [True, False])
def test_one_that_was_joined_with_an_announced_one_is_answered_too(shelf: Shelf, news: bool) -> None:
    now = shelf.runtime.clock()
    with shelf.runtime.session() as session:
        for pair in merging.suggestions_of(session, shelf.artist_id):
            merging.merge(session, shelf.artist_id, pair.id or 0, now, "Aoife")
    assert [row.state for row in shelf.releases() if row.title == "Song 1"] == ["announced", "merged"]
    with shelf.runtime.session() as session:
        assert answer(session, shelf.artist_id, 2, None, news=news, now=now) == 5
    with shelf.runtime.reading() as session:
        assert held_in(session, 2) == []
        assert held_by_source(session, shelf.artist_id) == {}
    assert [row.state for row in shelf.releases() if row.title == "Song 1"] == ["announced", "merged"]


def test_what_was_not_asked_is_not_answered_for_an_announced_one(shelf: Shelf) -> None:
    with shelf.runtime.session() as session:
        assert answer(session, shelf.artist_id, 1, [1], news=True, now=shelf.runtime.clock()) == 0
    assert shelf.items()[0].decision == "baseline"
