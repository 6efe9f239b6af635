"""That visits are not being counted is told to every artist with links, once, and so is that they are again."""

import os
from datetime import timedelta

import pytest
from sqlmodel import col, select

from creatorbot.artists.telling import around
from creatorbot.artists.telling.tell import tell
from creatorbot.links.journal import HEARTBEAT, Journal
from creatorbot.links.visitors import visit_line
from creatorbot.models import Heartbeat, Link, Told
from creatorbot.runtime import Runtime
from creatorbot.web.house.pulse import NOT_COUNTED, pulse
from jobs import drain_visits
from tests.conftest import TestClock
from tests.links import rows


@pytest.fixture
def link(both_runtime: Runtime) -> Link:
    artist_id = rows.make_artist(both_runtime)
    rows.make_artist(both_runtime, name="Nobody", slug="nobody")
    return rows.make_link(both_runtime, artist_id, rows.make_release(both_runtime, artist_id))


def beat(runtime: Runtime, *, failed: bool) -> None:
    now = runtime.clock()
    with runtime.session() as session:
        session.merge(Heartbeat(job=HEARTBEAT, started_at=now, finished_at=now, sentence="3 visits", failed=failed))


def told(runtime: Runtime) -> list[tuple[int, str]]:
    with runtime.session() as session:
        for one in around.counting(session, runtime.clock()):
            tell(session, one, runtime.clock())
        return [(row.artist_id, row.sentence) for row in session.exec(select(Told).order_by(col(Told.id)))]


def test_it_is_told_once_and_again_when_it_is_well(both_runtime: Runtime, link: Link, clock: TestClock) -> None:
    runtime, mine = both_runtime, link.artist_id
    assert told(runtime) == []
    beat(runtime, failed=True)
    assert told(runtime) == told(runtime) == [(mine, around.COUNTING)]
    clock.forward(minutes=1), beat(runtime, failed=False)
    assert len(told(runtime)) == 1, "a disk that is almost full comes and goes"
    beat(runtime, failed=True), clock.forward(minutes=1), beat(runtime, failed=False), clock.forward(minutes=6)
    assert told(runtime) == told(runtime) == [(mine, around.COUNTING), (mine, around.COUNTING_WELL)]
    beat(runtime, failed=True)
    assert told(runtime)[2:] == [(mine, around.COUNTING)]


def test_home_says_what_is_safe_and_what_to_do(both_runtime: Runtime, link: Link) -> None:
    beat(both_runtime, failed=True)
    with both_runtime.reading() as session:
        found = pulse(session, both_runtime.clock())
    assert (found.well, found.message) == (False, NOT_COUNTED)


def test_a_writer_that_ended_while_the_disk_was_full_does_not_leave_the_warning_for_ever(
    both_runtime: Runtime, link: Link, clock: TestClock
) -> None:
    writer = Journal(both_runtime.journal)
    writer.append(visit_line(rows.environ(**rows.NAVIGATED), link.code, clock() - timedelta(seconds=1), b"s" * 32), clock())
    beat(both_runtime, failed=True)
    drain_visits.run(both_runtime, clock())
    with both_runtime.reading() as session:
        assert session.get_one(Heartbeat, HEARTBEAT).failed, "that visit was written down before"
    at = clock.forward(seconds=5)
    writer.append(visit_line(rows.environ(**rows.NAVIGATED), link.code, at, b"s" * 32), at)
    os.utime(both_runtime.journal / writer.segment)
    drain_visits.run(both_runtime, at)
    with both_runtime.reading() as session:
        assert not session.get_one(Heartbeat, HEARTBEAT).failed
