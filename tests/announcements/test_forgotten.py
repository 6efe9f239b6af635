"""An old copy of the database was put back that knows of some tries, or of nothing at all: what is out is not sent again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from creatorbot.announcements.look import look_for_post
from creatorbot.announcements.sending.memory import LIST
from creatorbot.models import Attempt, Post, Release
from tests.announcements.planning.test_automatic import appear, posts, run, watch
from tests.announcements.test_memory import copied
from tests.stage import Stage


def until_absent(stage: Stage, clock: Any, post_id: int) -> None:
    """The try that failed is proven not to be there; and it is not yet time for the next one."""
    for _ in range(20):
        clock.forward(seconds=30)
        look_for_post(stage.runtime, post_id)
        with stage.runtime.session() as session:
            if session.exec(select(Attempt)).one().outcome == "absent":
                session.get_one(Post, post_id).not_before = clock.at + timedelta(minutes=1)
                return


@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize("first", ["rate_limited", "not_executed_503"])
def test_a_copy_that_knows_only_of_a_first_try_sends_nothing_twice(stage: Stage, clock: Any, first: str, lost: bool) -> None:
    stage.keys("ignored")
    stage.work()
    post_id = stage.approve()
    stage.trouble(first)
    stage.work()
    if first == "not_executed_503":
        until_absent(stage, clock, post_id)
    assert stage.post(post_id).state == "due"
    copied(stage)
    stage.work(20, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    copied(stage, back=True)
    assert stage.post(post_id).state == "due"
    if lost:
        (stage.runtime.settings.data / LIST).unlink()
        clock.forward(minutes=30)
    stage.work(20, clock=clock)
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"


def found_and_announced(stage: Stage, clock: Any, source_id: int, title: str = "Salt") -> None:
    """A poll finds a release, and it goes out by itself."""
    with stage.runtime.session() as session:
        release = session.get_one(Release, appear(stage, source_id, title))
        release.first_seen_at = clock.at
    for _ in range(18):
        run(stage)
        stage.work()
        clock.forward(minutes=2)


def test_what_was_found_and_announced_since_the_copy_is_not_announced_anew(stage: Stage, clock: Any) -> None:
    source_id = watch(stage)
    stage.work()
    copied(stage)
    found_and_announced(stage, clock, source_id)
    assert len(stage.posted()) == 1
    copied(stage, back=True)
    assert posts(stage) == []
    clock.forward(hours=20)
    stage.work()
    found_and_announced(stage, clock, source_id)
    assert len(stage.posted()) == 1
    (post,) = posts(stage)
    assert (post.state, post.remote_id) == ("confirmed", stage.posted()[0]["id"])


def test_what_is_new_after_a_pause_goes_out(stage: Stage, clock: Any) -> None:
    source_id = watch(stage)
    stage.work()
    found_and_announced(stage, clock, source_id, "Tar")
    clock.forward(hours=20)
    stage.work()
    found_and_announced(stage, clock, source_id)
    assert len(stage.posted()) == 2
    assert [post.state for post in posts(stage)] == ["confirmed", "confirmed"]
