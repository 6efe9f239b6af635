"""What stands in the calendar: each thing on the artist's own day, once, whatever the zone and the night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from creatorbot.announcements.boosting import wanting
from creatorbot.announcements.drafts import new_draft
from creatorbot.announcements.planning.agenda import agenda, queue
from creatorbot.announcements.planning.moving import move_posts
from creatorbot.announcements.planning.wall import day_of
from creatorbot.errors import Conflict
from creatorbot.models import Artist, Post, PostChange, Release
from tests.conftest import TestClock
from tests.stage import Stage

ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "America/Los_Angeles"]


def test_a_post_and_its_boost_on_both_databases(both_stage: Stage, clock: TestClock) -> None:
    post_id = both_stage.approve(when=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))  # half past midnight in Berlin
    with both_stage.runtime.reading() as session:
        artist = session.get_one(Artist, both_stage.artist_id)
        (entry,) = queue(session, artist)
        assert (entry.day, entry.post_ids, entry.movable) == (date(2026, 11, 21), (post_id,), True)
        assert [one.kind for one in agenda(session, artist, date(2026, 11, 21), date(2026, 11, 21), clock()).entries] == ["post"]
        assert agenda(session, artist, date(2026, 11, 20), date(2026, 11, 20), clock()).entries == ()
    clock.forward(hours=12)
    both_stage.work(4, clock=clock)
    with both_stage.runtime.session() as session:
        artist = session.get_one(Artist, both_stage.artist_id)
        wanting.want(session, artist, session.get_one(Post, post_id), clock() + timedelta(days=7), "Alice", clock())
    with both_stage.runtime.reading() as session:
        artist = session.get_one(Artist, both_stage.artist_id)
        (entry,) = queue(session, artist)
        assert (entry.kind, entry.state, entry.day) == ("boost", "planned", date(2026, 11, 28))
        month = agenda(session, artist, date(2026, 11, 1), date(2026, 11, 30), clock())
        assert [(one.kind, one.day) for one in month.entries if one.kind != "friday"] == [
            ("post", date(2026, 11, 21)),
            ("boost", date(2026, 11, 28)),
        ]


def test_what_went_out_meanwhile_is_not_moved(both_stage: Stage, clock: TestClock) -> None:
    due = datetime(2026, 11, 20, 13, tzinfo=UTC)
    post_id = both_stage.approve(when=due)
    announcement = both_stage.announcement(post_id).id or 0
    clock.forward(hours=1, minutes=1)
    both_stage.work()
    with both_stage.runtime.session() as session:
        with pytest.raises(Conflict):
            move_posts(session, both_stage.artist_id, announcement, due, clock() + timedelta(days=1), clock(), "Alice")
    assert len(both_stage.posted()) == 1
    with both_stage.runtime.reading() as session:
        assert "Moved to another time" not in session.exec(select(PostChange.why)).all()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 11, 21), datetime(2028, 11, 1), timezones=st.just(UTC)))
def test_a_post_stands_on_exactly_one_day_of_every_zone(stage: Stage, clock: TestClock, zone: str, due: datetime) -> None:
    draft = _draft(stage)
    with stage.runtime.session() as session:
        artist = session.get_one(Artist, stage.artist_id)
        artist.time_zone = zone
        row = Post(
            artist_id=stage.artist_id,
            announcement_id=draft,
            account_id=stage.account_id,
            due_at=due,
            not_before=due,
            expires_at=due,
            changed_at=clock(),
        )
        session.add(row)
        session.flush()
        day = day_of(due, ZoneInfo(zone))
        around = [agenda(session, artist, day + timedelta(days=step), day + timedelta(days=step), clock()) for step in (-1, 0, 1)]
        assert [[one.kind for one in found.entries if one.kind == "post"] for found in around] == [[], ["post"], []]
        session.delete(row)


def _draft(stage: Stage) -> int:
    """A draft to hang a post on; the same each time."""
    with stage.runtime.session() as session:
        artist, release = session.get_one(Artist, stage.artist_id), session.get_one(Release, stage.release_id)
        return new_draft(session, artist, release, None, stage.runtime.clock()).id or 0
