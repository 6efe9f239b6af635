"""Feeds that show their newest few: an old entry that comes into view again is asked about, and nothing new is missed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from creatorbot.releases.decide import CAME_INTO_VIEW, Decider, Known
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease
from tests.releases.shelves import shelf_of, song
from tests.releases.test_decide import known

FIRST = date(2026, 1, 1)


def post(number: int, day: date | None = None) -> FoundRelease:
    """A post; the higher its number the younger it is."""
    return song(number, released_on=day or FIRST + timedelta(days=number))


SHOWN = [post(number) for number in (9, 8, 7, 6)]


def seen() -> list[Known]:
    return [replace(one, listed=True) for one in known(*SHOWN)]


def verdicts(*listed: FoundRelease, whole: bool = True) -> list[str]:
    return [one.verdict for one in Decider(seen(), whole=whole).decide(listed)]


def test_an_old_one_that_came_into_view_is_asked_about() -> None:
    decisions = Decider(seen()).decide([post(9), post(7), post(6), post(5)])
    assert [(one.verdict, one.why) for one in decisions][-1] == ("held", CAME_INTO_VIEW)
    assert [one.verdict for one in decisions] == ["same", "same", "same", "held"]
    assert verdicts(post(10), post(9), post(6), post(5)) == ["new", "same", "same", "held"]


@pytest.mark.parametrize(
    ("listed", "last"),
    [
        ((9, 8, 7, 6, 5), "new"),  # nothing was taken away
        ((9, 7, 6, 5, 4), "new"),  # more than were taken away
        ((5, 9, 7, 6), "same"),  # it stands above: a back-dated new one
        ((8, 7, 6, 10), "new"),  # a list that grows at its end
    ],
)
def test_anything_else_at_the_end_is_news(listed: tuple[int, ...], last: str) -> None:
    told = verdicts(*map(post, listed))
    assert told[-1] == last
    assert "held" not in told
    assert "new" in told


def test_without_a_day_it_is_news() -> None:
    assert verdicts(post(9), post(7), post(6), replace(post(5), released_on=None)) == ["same", "same", "same", "new"]
    assert verdicts(post(9), post(5), whole=False) == ["same", "new"]


def test_from_look_to_look(runtime: Runtime) -> None:
    shelf = shelf_of(runtime)
    number = shelf.source()
    shelf.poll(number, *SHOWN)
    runtime.clock.forward(hours=1)  # type: ignore[attr-defined]
    shelf.poll(number, post(10), post(9), post(8), post(7))  # the oldest left by itself
    runtime.clock.forward(hours=1)  # type: ignore[attr-defined]
    shelf.poll(number, post(10), post(9), post(7), post(6))  # one was deleted: the oldest is back, and known
    runtime.clock.forward(hours=1)  # type: ignore[attr-defined]
    shelf.poll(number, post(10), post(7), post(6), post(5))  # another one
    assert shelf.states() == {
        "Song 9": "listed",
        "Song 8": "listed",
        "Song 7": "listed",
        "Song 6": "listed",
        "Song 10": "new",
        "Song 5": "held",
    }
