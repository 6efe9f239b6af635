"""Taking a post down: asked for until it is proven gone, never made anew, its link and history kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from creatorbot.announcements import states
from creatorbot.announcements.removing.claim import claim_removal
from creatorbot.announcements.removing.remove_post import remove_post
from creatorbot.announcements.removing.wanting import leave_it, want_removal
from creatorbot.announcements.waits import Waits
from creatorbot.errors import Conflict
from creatorbot.models import Account, Link, Post, PostRemoval
from jobs import remove_posts
from tests.stage import Stage


def out(stage: Stage, clock: Any) -> int:
    post_id = stage.approve()
    stage.work(5, clock=clock)
    return post_id


def want(stage: Stage, post_id: int) -> int:
    with stage.runtime.session() as session:
        return want_removal(session, session.get_one(Post, post_id), "Alice", stage.runtime.clock()).id or 0


def row(stage: Stage) -> PostRemoval:
    with stage.runtime.reading() as session:
        return session.exec(select(PostRemoval)).one()


def work(stage: Stage, clock: Any, rounds: int = 1, **step: float) -> None:
    for number in range(rounds):
        if number:
            clock.at += timedelta(**(step or {"minutes": 3}))
        remove_posts.run(stage.runtime, clock.at)


def test_it_is_gone_and_all_else_stays(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    assert want(stage, post_id) == want(stage, post_id), "two clicks are one wish"
    work(stage, clock)
    assert stage.posted() == []
    assert row(stage).state == "done"
    assert stage.post(post_id).state == "cancelled"
    with stage.runtime.reading() as session:
        assert session.exec(select(Link).where(Link.post_id == post_id)).one()
        steps = [(one.after, one.who) for one in states.changes_of(session, post_id)]
    assert steps[-2:] == [("vanished", "Alice"), ("cancelled", "Alice")]
    stage.work(5, clock=clock)
    work(stage, clock, 3)
    assert stage.posted() == []
    with stage.runtime.session() as session:
        with pytest.raises(Conflict):
            states.try_again(session, session.get_one(Post, post_id), clock.at, "Alice")


@pytest.mark.parametrize(
    "trouble", ["executed_answer_lost", "executed_504", "answer_lost", "not_executed_503", "cloudflare_520", "rate_limited"]
)
def test_after_any_passing_trouble_it_is_gone_in_the_end(stage: Stage, clock: Any, trouble: str) -> None:
    post_id = out(stage, clock)
    want(stage, post_id)
    stage.trouble(trouble)
    work(stage, clock, 8, minutes=20)
    assert row(stage).state == "done"
    assert stage.posted() == []
    assert stage.post(post_id).state == "cancelled"


def test_somebody_took_it_down_there_already(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    want(stage, post_id)
    with stage.runtime.session() as session:
        session.get_one(Post, post_id).remote_id = "1"
    work(stage, clock)
    assert row(stage).state == "done"


def test_of_many_workers_one_asks(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    removal = want(stage, out(stage, clock))
    with ThreadPoolExecutor(6) as pool:
        took = list(pool.map(lambda _: remove_post(stage.runtime, removal), range(6)))
    assert sorted(took) == [False] * 5 + [True]
    assert row(stage).state == "done"


def test_a_dead_holder_is_followed(stage: Stage, clock: Any) -> None:
    removal = want(stage, out(stage, clock))
    with stage.runtime.session() as session:
        assert claim_removal(session, removal, clock.at, Waits()) is not None
    work(stage, clock)
    assert len(stage.posted()) == 1
    clock.forward(minutes=6)
    work(stage, clock)
    assert row(stage).state == "done"


def test_a_permission_that_is_gone_is_told_and_can_be_tried_again(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    with stage.runtime.session() as session:
        account = session.get_one(Account, stage.account_id)
        kept, account.token = account.token, stage.runtime.vault.seal("wrong")
    want(stage, post_id)
    work(stage, clock)
    assert row(stage).state == "failed"
    assert "needs to be connected again" in row(stage).sentence
    assert len(stage.posted()) == 1
    with stage.runtime.session() as session:
        session.get_one(Account, stage.account_id).token = kept
    want(stage, post_id)
    work(stage, clock)
    assert row(stage).state == "done"


def test_it_can_be_left_until_the_server_was_asked(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    want(stage, post_id)
    with stage.runtime.session() as session:
        leave_it(session, session.exec(select(PostRemoval)).one())
    work(stage, clock)
    assert len(stage.posted()) == 1
    want(stage, post_id)
    work(stage, clock)
    with stage.runtime.session() as session, pytest.raises(Conflict):
        leave_it(session, session.exec(select(PostRemoval)).one())


@pytest.mark.parametrize("state", ["waiting", "due", "claimed", "unknown", "held", "failed", "vanished", "cancelled"])
def test_only_what_is_out_can_be_taken_down(stage: Stage, clock: Any, state: str) -> None:
    post_id = out(stage, clock)
    with stage.runtime.session() as session:
        session.get_one(Post, post_id).state = state
    with pytest.raises(Conflict, match="Only a post that is out"):
        want(stage, post_id)
    with stage.runtime.reading() as session:
        assert session.exec(select(PostRemoval).order_by(col(PostRemoval.id))).all() == []
