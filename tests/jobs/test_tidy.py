"""What has had its day goes; what is still needed stays."""

import os
from datetime import datetime, timedelta

from sqlmodel import col, select

from creatorbot.links.journal import Journal
from creatorbot.links.totals import totals_of
from creatorbot.links.visitors import day_salt, visit_line
from creatorbot.models import (
    Authorisation,
    DaySalt,
    Fetch,
    Invitation,
    JournalPosition,
    LoginSession,
    LoginTry,
    Person,
    Server,
    Source,
    Visit,
    VisitorDay,
)
from creatorbot.runtime import Runtime
from jobs import drain_visits, tidy
from tests.conftest import TestClock
from tests.links import rows


def count(runtime: Runtime, model: type) -> int:
    with runtime.reading() as session:
        return len(session.exec(select(model)).all())


def test_old_visits_go_and_their_totals_stay(both_runtime: Runtime, clock: TestClock) -> None:
    runtime = both_runtime
    artist_id = rows.make_artist(runtime)
    link = rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id))
    writer = Journal(runtime.journal)
    for days in (0, 29):
        at = clock() + timedelta(days=days)
        writer.append(visit_line(rows.environ(**rows.NAVIGATED), link.code, at, b"s" * 32), at)
    drain_visits.run(runtime, clock())
    tidy.run(runtime, clock.forward(days=30, hours=1))
    assert count(runtime, Visit) == 1
    tidy.run(runtime, clock.forward(days=30))
    assert count(runtime, Visit) == count(runtime, VisitorDay) == 0
    with runtime.reading() as session:
        assert link.id is not None
        assert totals_of(session, [link.id])[link.id].people == 2


def test_a_salt_does_not_outlive_its_day(runtime: Runtime, clock: TestClock) -> None:
    with runtime.session() as session:
        day_salt(session, clock().date())
        day_salt(session, (clock() + timedelta(days=1)).date())
    tidy.run(runtime, clock())
    assert count(runtime, DaySalt) == 2
    tidy.run(runtime, clock.forward(hours=12))
    assert count(runtime, DaySalt) == 1


def test_a_journal_file_goes_when_it_is_read_and_its_writer_is_gone_and_nothing_is_read_twice(runtime: Runtime, clock: TestClock) -> None:
    artist_id = rows.make_artist(runtime)
    link = rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id))
    writer = Journal(runtime.journal)
    writer.append(visit_line(rows.environ(**rows.NAVIGATED), link.code, clock(), b"s" * 32), clock())
    path = runtime.journal / writer.segment
    del writer
    os.utime(path, (clock().timestamp(), clock().timestamp()))
    tidy.run(runtime, clock.forward(hours=1))
    assert path.exists(), "it has not been read"
    drain_visits.run(runtime, clock())
    tidy.run(runtime, clock())
    assert not path.exists()
    assert count(runtime, JournalPosition) == 0
    drain_visits.run(runtime, clock())
    assert count(runtime, Visit) == 1


def test_ten_fetches_of_each_source_are_kept(both_runtime: Runtime, clock: TestClock) -> None:
    runtime = both_runtime
    artist_id = rows.make_artist(runtime)
    with runtime.session() as session:
        for name in "ab":
            source = Source(artist_id=artist_id, kind="feed", address=f"https://{name}.example", created_at=clock(), next_poll_at=clock())
            session.add(source)
            session.flush()
            session.add_all(
                [
                    Fetch(source_id=source.id or 0, at=clock() + timedelta(minutes=n), outcome="unchanged")
                    for n in range(14 if name == "a" else 3)
                ]
            )
    tidy.run(runtime, clock())
    with runtime.reading() as session:
        kept = session.exec(select(Fetch).order_by(col(Fetch.source_id), col(Fetch.at))).all()
    assert len(kept) == 13
    assert kept[0].at == clock() + timedelta(minutes=4), "the oldest went"


def test_log_ins_invitations_and_journeys_that_are_over_go(runtime: Runtime, clock: TestClock) -> None:
    artist_id, now = rows.make_artist(runtime), clock()
    with runtime.session() as session:
        person = Person(login="alice", name="Alice", password_hash="x", created_at=now)
        server = Server(network="mastodon", base_url="https://a.example", redirect_uri="https://b.example", checked_at=now)
        session.add_all([person, server])
        session.flush()
        for hours in (1, 5):
            ends: datetime = now + timedelta(hours=hours)
            login = LoginSession(
                token_hash=f"{hours}", person_id=person.id or 0, created_at=now, seen_at=now, rotated_at=now, expires_at=ends
            )
            session.add(login)
            session.flush()
            session.add_all(
                [
                    Authorisation(
                        state_hash=f"{hours}",
                        artist_id=artist_id,
                        session_id=login.id or 0,
                        server_id=server.id or 0,
                        verifier=b"x",
                        expires_at=ends,
                    ),
                    Invitation(artist_id=artist_id, role="viewer", token_hash=f"{hours}", created_by=person.id or 0, expires_at=ends),
                    LoginTry(who="w", at=now + timedelta(hours=hours - 1)),
                ]
            )
    tidy.run(runtime, clock.forward(hours=3))
    for model in (LoginSession, Authorisation, Invitation, LoginTry):
        assert count(runtime, model) == 1, model
