"""A post is boosted later, once, on the account that posted it or on the backup, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlmodel import select

from creatorbot.announcements.boosting import send, wanting
from creatorbot.announcements.planning.rules import keep_rules, rules_row
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Account, Announcement, Artist, Boost, LoginSession, Pairing, Post, PostingRules
from jobs import boost_posts
from tests.conftest import TestClock
from tests.stage import Stage, connect_account


def published(stage: Stage, clock: TestClock, **more: Any) -> int:
    """A post that is out and seen."""
    post_id = stage.approve(**more)
    stage.work(4, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    return post_id


def want(stage: Stage, post_id: int, **later: float) -> Boost:
    with stage.runtime.session() as session:
        artist, post = session.get_one(Artist, stage.artist_id), session.get_one(Post, post_id)
        return wanting.want(session, artist, post, stage.runtime.clock() + timedelta(**later), "Alice", stage.runtime.clock())


def run(stage: Stage) -> None:
    boost_posts.run(stage.runtime, stage.runtime.clock())


def boosts(stage: Stage) -> list[Boost]:
    with stage.runtime.reading() as session:
        return list(session.exec(select(Boost)))


def rules(stage: Stage, **wanted: Any) -> None:
    with stage.runtime.session() as session:
        row = rules_row(session, stage.artist_id, stage.runtime.clock())
        kept = {name: getattr(row, name) for name in ("quiet_from", "quiet_until", "most_a_day", "gap", "boost_week", "boost_gap")}
        keep_rules(session, stage.artist_id, PostingRules(artist_id=stage.artist_id, **(kept | wanted)), stage.runtime.clock())


def boosted_there(stage: Stage, base: str = "") -> list[dict[str, Any]]:
    """What stands on a practice server as a boost."""
    found = requests.get(f"{base or stage.practice.fediverse_url}/practice/statuses", timeout=5).json()["statuses"]
    return [one for one in found if not one["deleted"] and one.get("reblog")]


def test_boosted_once_at_its_time(both_stage: Stage, clock: TestClock) -> None:
    boost = want(both_stage, published(both_stage, clock), days=7)
    assert boost.due_at == clock() + timedelta(days=7)
    run(both_stage)
    assert boosted_there(both_stage) == []
    clock.forward(days=7, minutes=1)
    for _ in range(3):
        run(both_stage)
    assert len(boosted_there(both_stage)) == 1
    (done,) = boosts(both_stage)
    assert (done.state, done.done_at) == ("done", clock())
    with pytest.raises(Conflict):
        want(both_stage, done.post_id, days=7)


def test_many_workers_at_once_make_one_boost(both_stage: Stage, clock: TestClock) -> None:
    want(both_stage, published(both_stage, clock), days=7)
    clock.forward(days=7, minutes=1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run(both_stage), range(16)))
    assert len(boosted_there(both_stage)) == 1
    assert boosts(both_stage)[0].state == "done"


def test_many_workers_plan_one_boost(both_stage: Stage, clock: TestClock) -> None:
    rules(both_stage, boost_after=7)
    published(both_stage, clock)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run(both_stage), range(16)))
    assert len(boosts(both_stage)) == 1


def test_a_worker_that_dies_after_the_call_or_loses_its_answer_leaves_one_boost(stage: Stage, clock: TestClock) -> None:
    boost = want(stage, published(stage, clock), days=7)
    clock.forward(days=7, minutes=1)
    assert boost.id
    with stage.runtime.session() as session:
        assert send._claim(session, boost.id, clock(), send.Waits(1))
    with stage.runtime.session() as session:
        parcel = send._pack(session, stage.runtime, boost.id, clock())
    assert parcel
    parcel.network.boost(parcel.account, parcel.url, stage.runtime.door_for(stage.artist_id))  # and then its machine is switched off
    run(stage)
    assert boosts(stage)[0].state == "planned"
    clock.forward(minutes=6)
    run(stage)
    assert boosts(stage)[0].state == "done"
    assert len(boosted_there(stage)) == 1


def test_by_itself_only_for_posts_whose_day_comes_after_it_was_switched_on(stage: Stage, clock: TestClock) -> None:
    old = published(stage, clock)
    clock.forward(days=8)
    rules(stage, boost_after=7, boost_gap=1)
    new = published(stage, clock)
    run(stage)
    run(stage)
    (boost,) = boosts(stage)
    assert (boost.post_id, boost.who) == (new, "creatorbot")
    assert old != new
    clock.forward(days=8)
    run(stage)
    run(stage)
    assert [one.state for one in boosts(stage)] == ["done"]


def test_called_off_it_is_not_planned_again(stage: Stage, clock: TestClock) -> None:
    rules(stage, boost_after=7)
    published(stage, clock)
    run(stage)
    with stage.runtime.session() as session:
        wanting.call_off(session, session.exec(select(Boost)).one(), "Alice", clock())
    for _ in range(3):
        clock.forward(days=4)
        run(stage)
    assert [one.state for one in boosts(stage)] == ["cancelled"]
    assert boosted_there(stage) == []


def test_asked_for_again_after_it_was_called_off(stage: Stage, clock: TestClock) -> None:
    boost = want(stage, published(stage, clock), days=7)
    with stage.runtime.session() as session:
        wanting.call_off(session, session.get_one(Boost, boost.id), "Alice", clock())
    again = want(stage, boost.post_id, days=3)
    assert (again.id, again.state) == (boost.id, "planned")


def test_the_rules_move_it_and_say_why(stage: Stage, clock: TestClock) -> None:
    rules(stage, quiet_from=22 * 60, quiet_until=8 * 60)
    boost = want(stage, published(stage, clock), days=7, hours=10)  # 23:02 in Berlin
    assert f"{boost.due_at:%d %H:%M}" == "28 07:00"
    assert "%(hour)s" in boost.sentence
    assert boost.values == {"hour": "08:00"}


def test_not_twice_in_a_day_and_not_beside_a_post(stage: Stage, clock: TestClock) -> None:
    first, second = published(stage, clock), published(stage, clock)
    one, other = want(stage, first, days=7), want(stage, second, days=7)
    assert other.due_at - one.due_at == timedelta(hours=24)


def test_late_because_we_were_away_it_looks_for_another_hour(stage: Stage, clock: TestClock) -> None:
    rules(stage, quiet_from=22 * 60, quiet_until=8 * 60)
    want(stage, published(stage, clock), days=7)
    clock.forward(days=7, hours=11)
    run(stage)
    assert boosted_there(stage) == []
    (boost,) = boosts(stage)
    assert (boost.state, f"{boost.due_at:%d %H:%M}") == ("planned", "28 07:00")
    clock.at = boost.due_at
    run(stage)
    assert len(boosted_there(stage)) == 1


def test_the_backup_boosts_where_the_artist_wishes_that(stage: Stage, clock: TestClock) -> None:
    with stage.runtime.reading() as session:
        login = session.exec(select(LoginSession)).one()
    second = stage.practice.second_url  # type: ignore[attr-defined]
    backup = connect_account(stage.runtime, stage.artist_id, login.id or 0, second)
    with stage.runtime.session() as session:
        session.add(Pairing(artist_id=stage.artist_id, account_id=stage.account_id, backup_id=backup, created_at=clock()))
    rules(stage, boost_by="backup")
    want(stage, published(stage, clock), days=7)
    clock.forward(days=7, minutes=1)
    run(stage)
    assert [one.state for one in boosts(stage)] == ["done"]
    assert boosts(stage)[0].account_id == backup
    assert len(boosted_there(stage, second)) == 1
    assert boosted_there(stage) == []


@pytest.mark.parametrize("reason", ["private", "not out", "disconnected"])
def test_what_cannot_be_boosted_is_refused_with_a_sentence(stage: Stage, clock: TestClock, reason: str) -> None:
    post_id = published(stage, clock)
    with stage.runtime.session() as session:
        post = session.get_one(Post, post_id)
        if reason == "private":
            session.get_one(Announcement, post.announcement_id).visibility = "private"
        elif reason == "not out":
            post.state = "vanished"
        else:
            session.get_one(Account, stage.account_id).state = "reconnect"
    with pytest.raises(Conflict) as refused:
        want(stage, post_id, days=7)
    assert str(refused.value) in (wanting.NOT_PUBLIC, wanting.NOT_OUT, wanting.NOT_CONNECTED)


def test_a_post_that_is_gone_by_then_is_not_boosted_and_that_is_said(stage: Stage, clock: TestClock) -> None:
    boost = want(stage, published(stage, clock), days=7)
    with stage.runtime.session() as session:
        session.get_one(Post, boost.post_id).state = "vanished"
    clock.forward(days=7, minutes=1)
    run(stage)
    (after,) = boosts(stage)
    assert (after.state, after.sentence) == ("failed", wanting.NOT_OUT)


def test_a_server_that_is_away_is_asked_again_and_not_for_ever(stage: Stage, clock: TestClock) -> None:
    want(stage, published(stage, clock), days=7)
    clock.forward(days=7, minutes=1)
    stage.trouble("refused", times=10_000, seconds=10_000_000)
    for _ in range(60):
        run(stage)
        clock.forward(hours=1)
    (after,) = boosts(stage)
    assert (after.state, after.sentence) == ("failed", send.TOO_LATE)


def test_moved_only_while_it_waits(stage: Stage, clock: TestClock) -> None:
    boost = want(stage, published(stage, clock), days=7)
    with stage.runtime.session() as session:
        artist = session.get_one(Artist, stage.artist_id)
        row = session.get_one(Boost, boost.id)
        wanting.move_boost(session, artist, row, clock() + timedelta(days=9), clock())
        assert row.due_at == clock() + timedelta(days=9)
        with pytest.raises(InvalidInput):
            wanting.move_boost(session, artist, row, clock() - timedelta(days=1), clock())
        row.state = "done"
        session.flush()
        with pytest.raises(Conflict):
            wanting.move_boost(session, artist, row, clock() + timedelta(days=9), clock())


def test_switched_off_what_we_planned_is_called_off_and_what_was_asked_for_stays(stage: Stage, clock: TestClock) -> None:
    rules(stage, boost_after=7)
    published(stage, clock)
    run(stage)
    want(stage, published(stage, clock), days=3)
    with stage.runtime.session() as session:
        wanting.call_off_own(session, stage.artist_id, clock())
    assert sorted((one.who, one.state) for one in boosts(stage)) == [("Alice", "planned"), ("creatorbot", "cancelled")]
