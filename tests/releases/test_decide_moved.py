"""A list in which nothing is left of what we knew, and ids that tell nothing apart."""

from datetime import date

import pytest

from creatorbot.releases.decide import ALL_OTHERS, TOO_MANY, Decider
from creatorbot.sources.base import FoundRelease
from tests.releases.test_decide import known, verdicts


def page(number: int, where: str = "music/", host: str = "aoife.example") -> FoundRelease:
    """An undated entry whose id is its address, as Faircamp writes them."""
    address = f"https://{host}/{where}song-{number}/"
    return FoundRelease(title=f"Song {number}", url=address, guid=address)


OLD = [page(number) for number in (1, 2, 3)]
ELSEWHERE = [page(number, where="") for number in (1, 2, 3)]


def test_a_short_list_that_moved_is_asked_about() -> None:
    decisions = Decider(known(*OLD)).decide(ELSEWHERE)
    assert [(one.verdict, one.why) for one in decisions] == [("held", ALL_OTHERS)] * 3
    assert [one.why for one in Decider(known(*OLD)).decide([page(number, "") for number in range(4)])] == [TOO_MANY] * 4


def test_a_list_of_one_entry_always_holds_the_newest() -> None:
    assert verdicts(OLD, ELSEWHERE[:1]) == ["new"]
    assert verdicts(OLD[:1], ELSEWHERE[1:]) == ["new", "new"]


def test_as_long_as_one_that_we_know_is_left_others_are_news() -> None:
    assert verdicts(OLD, [*ELSEWHERE[1:], OLD[0]]) == ["new", "new", "same"]


def test_a_note_with_new_entries_only_is_no_list() -> None:
    assert [one.verdict for one in Decider(known(*OLD), whole=False).decide([page(8), page(9)])] == ["new", "new"]


def entry(number: int, title: str, *, link: str = "") -> FoundRelease:
    """An entry with the id that all have."""
    return FoundRelease(title=title, url=link or f"https://aoife.example/{number}", guid="https://aoife.example/feed")


TITLES = ["Live", "Live", "Song", "Other", "More"]


def test_an_id_that_all_share_hides_nothing_though_two_have_one_title() -> None:
    listed = [entry(number, title) for number, title in enumerate(TITLES)]
    assert verdicts([], listed, first=True) == ["baseline"] * 5


@pytest.mark.parametrize("link", ["https://aoife.example/", ""])
def test_without_pages_of_their_own_the_titles_tell_them_apart(link: str) -> None:
    listed = [FoundRelease(title=title, url=link or None, guid="1", released_on=date(2026, 1, 1)) for title in ("A", "B", "C")]
    assert verdicts([], listed, first=True) == ["baseline"] * 3
    assert verdicts([], listed[:2], first=True) == ["baseline"]  # one entry, before and after it was edited


def test_a_long_list_with_one_id_takes_no_time() -> None:
    assert len(verdicts([], [entry(number, f"Song {number % 400}") for number in range(500)], first=True)) == 500
