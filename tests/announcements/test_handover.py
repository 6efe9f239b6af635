"""The backup account: it posts when the first server is away, never beside it by accident, and what follows when that is back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from creatorbot.models import Account
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from tests.announcements.pairs import Pair, set_pair


@pytest.fixture
def duo(runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Pair]:
    """A first and a backup account. Hours pass in these tests; those that the database decides play on each."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_pair(runtime, practice, clock)


@pytest.fixture
def each_duo(both_runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Pair]:
    """The same on each database."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_pair(both_runtime, practice, clock)


def test_while_the_server_is_there_the_backup_stays_silent(duo: Pair) -> None:
    duo.stage.approve()
    duo.work(30)
    assert [post.state for post in duo.posts()] == ["confirmed"]
    assert duo.stand_in() is None
    assert duo.written() == 1


def test_a_server_away_for_less_than_the_patience_gets_it_itself(duo: Pair) -> None:
    duo.away()
    duo.stage.approve()
    duo.work(15)
    assert [post.state for post in duo.posts()] == ["due"]
    duo.back()
    duo.work(12)
    assert [post.state for post in duo.posts()] == ["confirmed"]
    assert duo.written() == 1


def test_after_the_patience_the_backup_posts_and_the_first_boosts_it_when_it_is_back(each_duo: Pair) -> None:
    each_duo.away()
    each_duo.stage.approve()
    each_duo.work(20)
    assert len(each_duo.posts()) == 1
    each_duo.work(6)
    first, second = each_duo.posts()
    assert (first.state, second.state) == ("handed_over", "confirmed")
    assert len(set(each_duo.links())) == 2
    assert "posts it instead" in first.sentence
    each_duo.work(10)
    each_duo.back()
    each_duo.work(20)
    stand_in = each_duo.stand_in()
    assert stand_in is not None
    assert (stand_in.state, stand_in.outcome) == ("done", "boosted")
    assert "boosted that post" in stand_in.sentence
    assert (each_duo.written(), each_duo.boosts()) == (1, 1)
    assert each_duo.stage.announcement(first.id or 0).state == "announced"


def test_without_a_wish_to_boost_it_is_left(duo: Pair) -> None:
    duo.wish(if_absent="leave")
    duo.away()
    duo.stage.approve()
    duo.work(25)
    duo.back()
    duo.work(20)
    assert (duo.written(), duo.boosts()) == (1, 0)
    assert [post.state for post in duo.posts()] == ["handed_over", "confirmed"]


def test_an_unknown_outcome_waits_for_as_long_as_it_takes(duo: Pair) -> None:
    duo.stage.trouble("executed_answer_lost")
    duo.stage.approve()
    duo.work(1, minutes=0.1)
    duo.away()
    duo.work(90)
    assert [post.state for post in duo.posts()] == ["unknown"]
    duo.back()
    duo.work(90)
    assert [post.state for post in duo.posts()] == ["confirmed"]
    assert duo.written() == 1


@pytest.mark.parametrize(("if_there", "left"), [("remove", 1), ("leave", 2)])
def test_rather_twice_goes_ahead_and_what_is_one_too_many_is_removed_if_wished(duo: Pair, if_there: str, left: int) -> None:
    duo.wish(rather="twice", if_there=if_there)
    duo.stage.trouble("executed_answer_lost")
    duo.stage.approve()
    duo.work(1, minutes=0.1)
    duo.away()
    duo.work(40)
    assert [post.state for post in duo.posts()] == ["handed_over", "confirmed"]
    duo.back()
    duo.work(40)
    assert duo.posts()[0].state == "confirmed"
    assert duo.written() == left
    stand_in = duo.stand_in()
    assert stand_in is not None
    assert stand_in.outcome == {"remove": "removed", "leave": "both"}[if_there]


def test_a_first_server_that_is_back_before_the_backup_could_post_takes_it_back(each_duo: Pair) -> None:
    each_duo.away()
    each_duo.away(second=True)
    each_duo.stage.approve()
    each_duo.work(30)
    assert [post.state for post in each_duo.posts()] == ["handed_over", "due"]
    each_duo.back()
    each_duo.work(30)
    assert [post.state for post in each_duo.posts()] == ["confirmed", "cancelled"]
    each_duo.back(second=True)
    each_duo.work(10)
    stand_in = each_duo.stand_in()
    assert stand_in is not None
    assert stand_in.outcome == "taken_back"
    assert each_duo.written() == 1


def test_called_off_on_the_backup_is_called_off(each_duo: Pair) -> None:
    each_duo.away()
    each_duo.away(second=True)
    each_duo.stage.approve()
    each_duo.work(25)
    with each_duo.stage.runtime.session() as session:
        from_backup = each_duo.posts()[1]
        session.add(from_backup)
        from_backup.state = "cancelled"
    each_duo.back()
    each_duo.work(30)
    stand_in = each_duo.stand_in()
    assert stand_in is not None
    assert stand_in.outcome == "called_off"
    assert each_duo.posts()[0].state == "handed_over"


def test_a_server_behind_a_gateway_that_answers_for_it_is_away_too(duo: Pair) -> None:
    duo.stage.trouble("down", times=0)
    duo.stage.approve()
    duo.work(19)
    assert [post.state for post in duo.posts()] == ["due"]
    duo.work(10)
    assert [post.state for post in duo.posts()] == ["handed_over", "confirmed"]
    duo.stage.trouble("none")
    duo.work(30)
    assert (duo.written(), duo.boosts()) == (1, 1)


def test_a_slow_server_that_took_it_after_all_is_believed(duo: Pair) -> None:
    duo.stage.runtime = replace(duo.stage.runtime, door=Door(read_timeout=0.4, admitted=duo.stage.runtime.door.rules.admitted))
    duo.stage.trouble("executed_slow", seconds=1.5)
    duo.stage.approve()
    duo.work(30)
    assert [post.state for post in duo.posts()] == ["confirmed"]
    assert duo.stand_in() is None
    assert duo.written() == 1


def account_is(duo: Pair, state: str) -> None:
    """What is known of the first account from now on."""
    with duo.stage.runtime.session() as session:
        session.get_one(Account, duo.stage.account_id).state = state


def test_an_account_that_has_to_be_connected_again_is_asked_when_it_is(duo: Pair) -> None:
    duo.away()
    duo.stage.approve()
    duo.work(25)
    account_is(duo, "reconnect")
    duo.back()
    duo.work(60)
    stand_in = duo.stand_in()
    assert stand_in is not None
    assert stand_in.state == "away"
    account_is(duo, "ok")
    duo.work(40)
    assert (duo.written(), duo.boosts()) == (1, 1)


def test_an_account_that_was_taken_off_leaves_it_with_the_backup(duo: Pair) -> None:
    duo.away()
    duo.stage.approve()
    duo.work(25)
    account_is(duo, "removed")
    duo.back()
    duo.work(30)
    stand_in = duo.stand_in()
    assert stand_in is not None
    assert (stand_in.state, stand_in.outcome) == ("done", "taken_off")
    assert "is not connected any more" in stand_in.sentence
    assert (duo.written(), duo.boosts()) == (1, 0)


def test_nobody_is_asked_twice_where_no_backup_stands_ready(duo: Pair) -> None:
    with duo.stage.runtime.session() as session:
        session.get_one(Account, duo.backup_id).state = "reconnect"
    duo.away()
    duo.stage.approve()
    duo.work(40)
    assert [post.state for post in duo.posts()] == ["due"]
    duo.back()
    duo.work(40)
    assert [post.state for post in duo.posts()] == ["confirmed"]
    assert duo.written() == 1
