"""An old copy of the database is put back, or nobody worked for a while: what is out already is found and not sent again."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlmodel import select

from creatorbot.announcements.queries import get_post
from creatorbot.announcements.sending.memory import LIST, remember, remembered
from creatorbot.announcements.states import changes_of, try_again
from creatorbot.models import Attempt, Post, PostChange, Sending
from tests.stage import Stage


def copied(stage: Stage, back: bool = False) -> None:
    """Keep a copy of the database, or put it back."""
    bind = stage.runtime.session
    with bind() as session:
        file = Path(make_url(str(session.get_bind().engine.url)).database or "")
        session.connection().exec_driver_sql("SELECT 1")
    with stage.runtime.reading() as session:
        engine = session.get_bind().engine
    engine.dispose()
    for ending in ("", "-wal", "-shm"):
        live, kept = file.with_name(file.name + ending), file.with_name(f"kept{ending}")
        source, target = (kept, live) if back else (live, kept)
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copy(source, target)


def forgotten(stage: Stage, post_id: int) -> None:
    """As after an older copy was put back: nothing of any try is in the database."""
    with stage.runtime.session() as session:
        for attempt in session.exec(select(Attempt).where(Attempt.post_id == post_id)).all():
            session.delete(attempt)
        for change in session.exec(select(PostChange).where(PostChange.post_id == post_id, PostChange.before != "")).all():
            session.delete(change)
        post = session.get_one(Post, post_id)
        post.state, post.text, post.remote_id, post.remote_url, post.published_at = "due", "", "", "", None
        post.not_before = post.due_at


@pytest.mark.parametrize("mode", ["same", "ignored"])
def test_a_copy_put_back_at_once_sends_nothing_twice(stage: Stage, clock: Any, mode: str) -> None:
    stage.keys(mode)
    post_id = stage.approve()
    copied(stage)
    stage.work(2, clock=clock)
    copied(stage, back=True)
    assert stage.post(post_id).state == "due"
    stage.work(6, clock=clock)
    assert len(stage.posted()) == 1
    post = stage.post(post_id)
    assert post.state == "confirmed"
    assert post.remote_id == stage.posted()[0]["id"]


@pytest.mark.parametrize("hours", [5, 50])
def test_an_old_copy_put_back_with_everything_else_lost_sends_nothing_twice(both_stage: Stage, clock: Any, hours: int) -> None:
    both_stage.keys("ignored")
    post_id = both_stage.approve(when=clock.at + timedelta(hours=1))
    both_stage.work()
    clock.forward(hours=1)
    both_stage.work(6, clock=clock)
    assert both_stage.post(post_id).state == "confirmed"
    forgotten(both_stage, post_id)
    (both_stage.runtime.settings.data / LIST).unlink()
    clock.forward(hours=hours)
    both_stage.work(6, clock=clock)
    assert len(both_stage.posted()) == 1
    assert both_stage.post(post_id).state == "confirmed"
    with both_stage.runtime.reading() as session:
        assert "Found on the server" in [change.why for change in changes_of(session, post_id)]


def test_what_was_due_while_nobody_worked_goes_out_when_it_is_not_there(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    stage.work()
    clock.forward(hours=3)
    stage.work()
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "published"


def test_what_is_too_late_and_is_not_there_asks_first(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    stage.work()
    clock.forward(hours=50)
    stage.work(3, clock=clock)
    assert stage.post(post_id).state == "held"
    assert stage.posted() == []
    with stage.runtime.session() as session:
        try_again(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work(3, clock=clock)
    assert len(stage.posted()) == 1


def test_what_is_too_late_and_cannot_be_looked_for_is_not_said_to_be_unsent(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    stage.work()
    clock.forward(hours=50)
    stage.trouble("refused", seconds=60)
    stage.work()
    post = stage.post(post_id)
    assert post.state in ("held", "unknown")
    assert "Nothing was sent" not in post.sentence
    assert post.sentence


def test_what_cannot_be_looked_for_is_not_sent(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    stage.work()
    clock.forward(hours=3)
    stage.trouble("down", 0)
    stage.work(3, clock=clock)
    assert stage.post(post_id).state == "unknown"
    stage.trouble("none")
    stage.work(12, clock=clock, step=timedelta(minutes=3))
    assert stage.post(post_id).state == "confirmed"
    assert len(stage.posted()) == 1


def test_a_clock_that_was_ahead_does_not_hide_a_silence(stage: Stage, clock: Any) -> None:
    right = clock.at
    clock.forward(days=3)
    stage.work(1, clock=clock)  # somebody works while the clock is ahead
    clock.at = right
    post_id = stage.approve()
    stage.work(6, clock=clock)
    clock.forward(hours=1)  # and later nobody does, for an hour
    stage.work(1, clock=clock)
    with stage.runtime.reading() as session:
        row = session.get_one(Sending, 1)
    assert row.alive_at <= clock.at
    assert row.woke_at is not None
    assert row.woke_at > right + timedelta(minutes=50)
    assert stage.post(post_id).state == "confirmed"
    assert len(stage.posted()) == 1


def test_the_list_survives_a_torn_line(tmp_path: Path) -> None:
    assert not remembered(tmp_path)
    remember(tmp_path, "aBcD1234")
    with (tmp_path / LIST).open("ab") as file:
        file.write(b"eFgH\xff")
    remember(tmp_path, "iJkL5678")
    assert "aBcD1234" in remembered(tmp_path)
