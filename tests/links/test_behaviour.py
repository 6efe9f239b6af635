"""The page, then a button: what a visitor does next tells who it was, in one batch or in several, whatever comes first."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from creatorbot.links.drain import drain_batch
from creatorbot.links.journal import Journal
from creatorbot.links.totals import LinkTotals, totals_of
from creatorbot.links.visitors import visit_line
from creatorbot.models import Link, Referrer, Visit
from creatorbot.runtime import Runtime
from tests.links import rows

SALT = b"s" * 32
OWN = {**rows.NAVIGATED, "HTTP_SEC_FETCH_SITE": "same-origin"}
FROM_OURS = {"HTTP_REFERER": "http://music.example.org/l/abcd2345"}
BARE: dict[str, str] = {}


@pytest.fixture
def link(both_runtime: Runtime) -> Link:
    artist_id = rows.make_artist(both_runtime)
    return rows.make_link(both_runtime, artist_id, rows.make_release(both_runtime, artist_id))


class Story:
    """Openings and presses of one visitor (unless said otherwise), drained when told."""

    def __init__(self, runtime: Runtime, link: Link) -> None:
        self.runtime, self.link, self.writer = runtime, link, Journal(runtime.journal)

    def does(self, minute: float, button: str = "", item: int | None = None, **environ: str) -> None:
        at = self.runtime.clock() + timedelta(minutes=minute)
        line = visit_line(rows.environ(**environ), self.link.code, at, SALT, button=button, item=item)
        assert self.writer.append(line, at)

    def drained(self) -> LinkTotals:
        with self.runtime.session() as session:
            drain_batch(session, self.runtime.journal, self.runtime.clock())
        with self.runtime.reading() as session:
            return totals_of(session, [self.link.id or 0])[self.link.id or 0]

    def verdicts(self) -> list[tuple[str, str]]:
        with self.runtime.reading() as session:
            return [(visit.kind, visit.reason) for visit in session.exec(select(Visit).order_by(col(Visit.at), col(Visit.id)))]


@pytest.fixture
def story(both_runtime: Runtime, link: Link) -> Story:
    return Story(both_runtime, link)


@pytest.mark.parametrize("apart", [False, True])
def test_who_presses_a_button_afterwards_was_a_person(story: Story, apart: bool) -> None:
    story.does(0, HTTP_REFERER="https://social.example/@a")
    if apart:
        assert story.drained() == LinkTotals(uncertain=1)
    story.does(2, "shop", **OWN)
    assert story.drained() == LinkTotals(people=1, person=1, presses=1)
    assert story.verdicts() == [("person", "pressed_button"), ("person", "navigation")]
    with story.runtime.reading() as session:
        found = session.exec(select(Referrer)).one()
        assert (found.host, found.people) == ("social.example", 1), "of the opening, not of the press"


@pytest.mark.parametrize("apart", [False, True])
def test_an_opening_after_the_press_says_nothing_new(story: Story, apart: bool) -> None:
    story.does(0, "shop", **OWN)
    if apart:
        story.drained()
    story.does(2)
    assert story.drained() == LinkTotals(uncertain=1, presses=1)


def test_an_opening_that_was_written_down_late_is_still_before_the_press(story: Story) -> None:
    story.does(5, "shop", **OWN)
    story.drained()
    story.does(0)
    assert story.drained() == LinkTotals(people=1, person=1, presses=1)


@pytest.mark.parametrize("apart", [False, True])
def test_a_button_pressed_without_ever_opening_the_page_counts_nothing(story: Story, apart: bool) -> None:
    story.does(0, "shop", **rows.NAVIGATED)
    story.does(1, "play", **rows.NAVIGATED)
    assert story.drained() == LinkTotals()
    assert story.verdicts() == [("uncertain", "button_alone")] * 2
    story.does(2, **rows.NAVIGATED)
    if apart:
        assert story.drained() == LinkTotals(people=1, person=1, presses=1, plays=1), "then it had been open after all"
    story.does(3, "shop", **rows.NAVIGATED)
    assert story.drained() == LinkTotals(people=1, person=1, presses=2, plays=1)


def test_without_a_hash_only_the_browsers_own_word_counts(story: Story) -> None:
    story.does(0, **rows.NAVIGATED, HTTP_SEC_GPC="1")
    story.does(1, "shop", **rows.NAVIGATED, HTTP_SEC_GPC="1")
    assert story.drained() == LinkTotals(people=1, person=1)
    story.does(2, "shop", **OWN, HTTP_SEC_GPC="1")
    assert story.drained() == LinkTotals(people=1, person=1, presses=1)


def test_an_old_telephone_that_tells_little_is_a_person_when_it_comes_from_our_page(story: Story) -> None:
    story.does(0, **BARE)
    story.does(1, "shop", **BARE)
    assert story.drained() == LinkTotals(uncertain=1), "a program that follows every address says no more than that"
    story.does(2, "shop", **FROM_OURS)
    assert story.drained() == LinkTotals(people=1, person=1, presses=1)


def test_a_program_that_presses_is_a_program(story: Story) -> None:
    for button in ("", "shop"):
        story.does(0, button, user_agent="curl/8.5", HTTP_SEC_FETCH_SITE="same-origin")
    assert story.drained() == LinkTotals(bot=1)


def test_another_visitor_another_day_or_another_link_proves_nothing(story: Story) -> None:
    story.does(0)
    story.does(1, "shop", address="203.0.113.10", **OWN)
    story.does(24 * 60, "shop", **OWN)
    assert story.drained() == LinkTotals(uncertain=1, presses=2)


def test_who_opened_it_as_a_person_before_is_counted_where_they_were_first_known(story: Story) -> None:
    story.does(0, HTTP_REFERER="https://first.example/")
    story.does(20, **rows.NAVIGATED, HTTP_REFERER="https://second.example/")
    assert story.drained() == LinkTotals(people=1, person=1, uncertain=1)
    story.does(40, "play", **OWN)
    assert story.drained() == LinkTotals(people=1, person=2, plays=1)
    with story.runtime.reading() as session:
        assert [(found.host, found.people) for found in session.exec(select(Referrer))] == [("second.example", 1)]


def test_another_release_shown_by_this_link_is_remembered(story: Story) -> None:
    story.does(0, item=0, **rows.NAVIGATED), story.does(1, item=41, **rows.NAVIGATED), story.does(2, **rows.NAVIGATED)
    story.drained()
    with story.runtime.reading() as session:
        assert list(session.exec(select(Visit.release_id).order_by(col(Visit.at)))) == [0, 41, None]


def test_the_moment_kept_is_the_moment_it_happened(story: Story) -> None:
    story.does(0.12345, **rows.NAVIGATED)
    story.drained()
    with story.runtime.reading() as session:
        found: datetime = session.exec(select(Visit.at)).one()
    assert abs(found - story.runtime.clock() - timedelta(minutes=0.12345)) < timedelta(milliseconds=1)
