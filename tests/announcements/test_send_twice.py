"""Several senders at once, senders that died, and senders thought dead that were not: still one status, and the artist is told in time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from creatorbot.announcements.claim import release_dead_claims
from creatorbot.announcements.record import Outcome, record
from creatorbot.announcements.send import call, send_post, take
from creatorbot.announcements.sending.failures import failure_of
from creatorbot.announcements.sending.recorder import Recorder
from creatorbot.announcements.states import changes_of, move
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.models import Attempt, Post
from jobs import send_posts
from tests.stage import Stage


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do all of these at the same moment; what each gave."""
    gate, found = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        gate.wait(20)
        found.append(act())

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_six_senders_at_the_same_moment_send_once(both_stage: Stage) -> None:
    both_stage.keys("ignored")
    post_id = both_stage.approve()
    took = at_once([lambda: send_post(both_stage.runtime, post_id)] * 6)
    assert sorted(took, key=str) == [False] * 5 + [True]
    assert len(both_stage.posted()) == 1


def test_two_rounds_at_the_same_moment_send_each_post_once(both_stage: Stage, clock: Any) -> None:
    both_stage.keys("ignored")
    posts = [both_stage.approve() for _ in range(5)]
    at_once([lambda: send_posts.run(both_stage.runtime, clock.at)] * 2)
    both_stage.work(6, clock=clock)
    assert len(both_stage.posted()) == len(posts)
    assert {both_stage.post(post_id).state for post_id in posts} == {"confirmed"}


def test_a_sender_thought_dead_does_not_disturb_the_next_one(both_stage: Stage, clock: Any) -> None:
    post_id = both_stage.approve()
    first = take(both_stage.runtime, [post_id]).to_send[0]
    clock.forward(minutes=10)
    with both_stage.runtime.session() as session:  # its claim has run out; it was looked for, and is not there
        release_dead_claims(session, clock.at, Waits())
        not_there = session.get_one(Attempt, first.attempt_id)
        not_there.outcome = "absent"
        move(session, session.get_one(Post, post_id), "due", clock.at, "looked")
        session.get_one(Post, post_id).not_before = clock.at
    second = take(both_stage.runtime, [post_id]).to_send[0]
    nobody = ServiceError("%(host)s cannot be reached.", kind="unreached", host="social.example")
    record(both_stage.runtime, [Outcome(first.tried, error=nobody, failure=failure_of(nobody))])  # only now does the first come back
    assert (both_stage.post(post_id).state, both_stage.post(post_id).lease_owner) == ("claimed", second.lease)
    assert take(both_stage.runtime, [post_id]).to_send == ()
    record(both_stage.runtime, [call(both_stage.runtime, second)])
    assert both_stage.post(post_id).state == "published"
    assert len(both_stage.posted()) == 1


def test_a_call_that_was_never_made_is_not_made_later(stage: Stage, clock: Any) -> None:
    """A laptop was closed between taking a post in hand and sending it."""
    post_id = stage.approve()
    parcel = take(stage.runtime, [post_id]).to_send[0]
    clock.forward(hours=1)
    record(stage.runtime, [call(stage.runtime, parcel)])
    assert stage.posted() == []
    assert stage.post(post_id).state == "due"
    stage.work(6, clock=clock)
    assert len(stage.posted()) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_within_five_minutes_a_died_sender_is_told(both_stage: Stage, clock: Any, sent: bool) -> None:
    post_id = both_stage.approve()
    parcel = take(both_stage.runtime, [post_id]).to_send[0]
    if sent:
        call(both_stage.runtime, parcel)  # and it died before it could write that down
    clock.forward(minutes=4, seconds=30)
    both_stage.work()
    post = both_stage.post(post_id)
    assert post.state == "unknown"
    assert "will not appear twice" in post.sentence
    both_stage.work(12, clock=clock)
    assert both_stage.post(post_id).state == "confirmed"
    assert both_stage.post(post_id).sentence == ""
    assert len(both_stage.posted()) == 1


def test_what_is_due_while_a_server_is_away_is_explained_at_once(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    stage.trouble("down", 0)
    stage.work(3, clock=clock)
    assert stage.post(post_id).sentence
    assert stage.post(post_id).state in ("due", "unknown")


def test_one_outcome_that_cannot_be_written_does_not_take_others_along(stage: Stage, clock: Any) -> None:
    good, bad = stage.approve(), stage.approve()
    parcels = {one.post_id: one for one in take(stage.runtime, [good, bad]).to_send}
    outcomes = [call(stage.runtime, parcels[good]), call(stage.runtime, parcels[bad])]
    with stage.runtime.session() as session:  # as no program of ours does: what the second one would be written to is gone
        session.delete(session.get_one(Post, bad))
    recorder = Recorder(stage.runtime)
    recorder._waiting.append(outcomes[1])
    recorder.add(outcomes[0])
    assert stage.post(good).state == "published"


def test_many_are_taken_in_one_go_each_with_a_try_of_its_own(both_stage: Stage) -> None:
    posts = [both_stage.approve() for _ in range(4)]
    taken = take(both_stage.runtime, [*posts, 999_999])
    assert sorted(one.post_id for one in taken.to_send) == posts
    assert len({one.key for one in taken.to_send}) == 4
    assert take(both_stage.runtime, posts).to_send == ()
    with both_stage.runtime.reading() as session:
        for post_id in posts:
            assert [attempt.outcome for attempt in session.exec(select(Attempt).where(Attempt.post_id == post_id)).all()] == ["open"]
            assert [change.after for change in changes_of(session, post_id)] == ["due", "claimed"]


def test_an_adapter_that_breaks_its_promise_leaves_the_post_to_be_looked_for(stage: Stage) -> None:
    post_id = stage.approve()
    parcel = take(stage.runtime, [post_id]).to_send[0]
    broken = call(stage.runtime, type(parcel)(**{**vars(parcel), "draft": None}))  # nothing an adapter could expect
    assert isinstance(broken.error, ServiceError)
    record(stage.runtime, [broken])
    assert stage.post(post_id).state == "unknown"


def test_a_claim_is_not_given_back_by_two(both_stage: Stage, clock: Any) -> None:
    post_id = both_stage.approve()
    parcel = take(both_stage.runtime, [post_id]).to_send[0]
    call(both_stage.runtime, parcel)
    clock.forward(minutes=5)
    at_once([lambda: send_posts.run(both_stage.runtime, clock.at)] * 3)
    both_stage.work(10, clock=clock, step=timedelta(seconds=40))
    assert len(both_stage.posted()) == 1
    assert both_stage.post(post_id).state == "confirmed"
