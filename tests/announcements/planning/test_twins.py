"""Two announcements of one release meet on one account: what was planned by itself gives way, and nothing else does."""

from datetime import timedelta

from sqlmodel import select

from creatorbot.announcements.drafts import approve, cancel, new_draft
from creatorbot.announcements.planning.twins import GIVES_WAY
from creatorbot.announcements.queries import get_announcement
from creatorbot.announcements.states import changes_of
from creatorbot.models import Announcement, Artist, MergeSuggestion, Post, Release
from creatorbot.releases import merging
from tests.announcements.planning.test_automatic import appear, posts, run, watch
from tests.conftest import TestClock
from tests.stage import Stage


def by_hand(stage: Stage, release_id: int, later: timedelta | None = None) -> int:
    """Somebody announces this release; the announcement's id."""
    now = stage.runtime.clock()
    with stage.runtime.session() as session:
        draft = new_draft(session, session.get_one(Artist, stage.artist_id), session.get_one(Release, release_id), None, now)
    assert draft.id is not None
    approve(stage.runtime, stage.artist_id, draft.id, [stage.account_id], now + later if later else None)
    return draft.id


def on_and_on(stage: Stage, clock: TestClock, hours: int = 4) -> None:
    for _ in range(hours * 3):
        run(stage)
        stage.work()
        clock.forward(minutes=20)


def test_what_waits_gives_way_to_what_is_announced_by_hand(both_stage: Stage, clock: TestClock) -> None:
    release_id = appear(both_stage, watch(both_stage))
    run(both_stage)
    assert [post.state for post in posts(both_stage)] == ["waiting"]
    by_hand(both_stage, release_id)
    planned = posts(both_stage)[0]
    assert planned.state == "cancelled"
    with both_stage.runtime.reading() as session:
        assert changes_of(session, planned.id or 0)[-1].why == GIVES_WAY
        assert session.get_one(Announcement, planned.announcement_id).state == "cancelled"
    on_and_on(both_stage, clock, 2)
    assert len(both_stage.posted()) == 1


def test_of_two_that_turn_out_to_be_one_the_first_goes_out(both_stage: Stage, clock: TestClock) -> None:
    first, second = appear(both_stage, watch(both_stage)), appear(both_stage, watch(both_stage), "Salt (remastered)")
    run(both_stage)
    assert [post.state for post in posts(both_stage)] == ["waiting", "waiting"]
    with both_stage.runtime.session() as session:
        pair = MergeSuggestion(artist_id=both_stage.artist_id, kept_id=first, other_id=second, why="title", created_at=clock.at)
        session.add(pair)
        session.flush()
        merging.merge(session, both_stage.artist_id, pair.id or 0, clock.at, "Alice")
    on_and_on(both_stage, clock)
    assert len(both_stage.posted()) == 1
    assert [post.state for post in posts(both_stage)] == ["confirmed", "cancelled"]


def test_two_that_a_person_wants_both_go_out(stage: Stage, clock: TestClock) -> None:
    by_hand(stage, stage.release_id)
    on_and_on(stage, clock, 1)
    by_hand(stage, stage.release_id, timedelta(hours=1))
    on_and_on(stage, clock, 2)
    assert len(stage.posted()) == 2


def test_what_was_called_off_is_nobody_to_give_way_to(stage: Stage, clock: TestClock) -> None:
    source = watch(stage)
    first, second = appear(stage, source), appear(stage, source, "Tar")
    called_off = by_hand(stage, first, timedelta(hours=5))
    with stage.runtime.session() as session:
        cancel(session, get_announcement(session, stage.artist_id, called_off), clock.at, "Alice")
    run(stage)
    with stage.runtime.session() as session:  # and the release that was called off turns out to be the other one
        session.get_one(Announcement, called_off).release_id = second
    on_and_on(stage, clock, 2)
    with stage.runtime.reading() as session:
        states = {one.announcement_id: one.state for one in session.exec(select(Post)).all()}
    assert sorted(states.values()) == ["cancelled", "confirmed"]
    assert states[called_off] == "cancelled"
