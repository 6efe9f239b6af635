"""A live stream is one release, whether a note told us or a look found it, and however often the connection breaks in between."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from creatorbot.models import Admission, Push, Pushed, Release, ReleaseChange, Source
from creatorbot.releases.poll import poll_source
from creatorbot.releases.pushing import owncast
from creatorbot.releases.pushing.receive import receive
from creatorbot.runtime import Runtime
from jobs import keep_subscriptions, read_pushes
from tests.conftest import TestClock
from tests.releases.rows import new_artist
from tests.servers.scripted import Scripted, data, scripted


@dataclass
class Stage:
    """An artist's Owncast server, watched, and its secret path. Minutes count from 19:00."""

    runtime: Runtime
    clock: TestClock
    server: Scripted
    source_id: int
    path: str = ""
    sent: list[bytes] = field(default_factory=list)
    evening: datetime = datetime.min

    def at(self, minutes: float) -> datetime:
        """This moment of the evening."""
        return self.evening + timedelta(minutes=minutes)

    def note(self, kind: str, minutes: float, *, skew: timedelta = timedelta(), **other: object) -> None:
        """The server sends a note, now."""
        self.clock.at = max(self.clock.at, self.at(minutes))
        about = {"id": f"{kind}{minutes}", "name": "Aoife live", "streamTitle": "Shanty Friday", "summary": "Every week"}
        about["timestamp"] = (self.at(minutes) + skew).strftime("%Y-%m-%dT%H:%M:%S.%f006Z")
        self.deliver(json.dumps({"type": f"STREAM_{kind}", "eventData": about | other}).encode())

    def deliver(self, body: bytes) -> None:
        """This note arrives, and the job has its turn."""
        self.sent.append(body)
        receive(self.runtime, self.path, {"content-type": "application/json"}, body, self.clock())
        self.work()

    def work(self, minutes: float | None = None) -> None:
        """One round of the job."""
        if minutes is not None:
            self.clock.at = self.at(minutes)
        read_pushes.run(self.runtime, self.clock())

    def look(self, minutes: float, since: float | None, ended: float | None = None) -> None:
        """We look ourselves. since: when it went live; None: nobody is."""
        self.clock.at = self.at(minutes)
        status = {
            "online": since is not None,
            "lastConnectTime": None if since is None else self.at(since).strftime("%Y-%m-%dT%H:%M:%S.000200Z"),
            "lastDisconnectTime": None if ended is None else self.at(ended).isoformat(),
            "serverTime": self.clock.at.isoformat(),
            "versionNumber": "0.2.3",
            "streamTitle": "Shanty Friday",
        }
        self.server.on("GET", "/api/status", data(status))
        poll_source(self.runtime, self.source_id, self.clock())
        self.work()

    def releases(self) -> list[Release]:
        """In the order they were found."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Release).order_by(col(Release.id))).all())

    def count(self) -> int:
        """How many streams there are."""
        return len(self.releases())


@contextmanager
def staged(runtime: Runtime, clock: TestClock) -> Iterator[Stage]:
    """The server is silent, and we have looked once."""
    artist_id, now = new_artist(runtime), clock()
    with scripted() as server:
        with runtime.session() as session:
            session.add(Admission(artist_id=artist_id, host="127.0.0.1", port=server.port))
            source = Source(
                artist_id=artist_id,
                kind="owncast",
                address=f"{server.url}/api/status",
                title="Aoife live",
                state="empty",
                baseline_at=now,
                created_at=now,
                next_poll_at=now + timedelta(days=3),
            )
            session.add(source)
            session.flush()
            stage = Stage(runtime, clock, server, source.id or 0, evening=now.replace(hour=19))
        keep_subscriptions.run(runtime, now)
        with runtime.reading() as session:
            stage.path = session.exec(select(Push.public_id)).one()
        yield stage


@pytest.fixture
def stage(runtime: Runtime, clock: TestClock) -> Iterator[Stage]:
    """On SQLite."""
    with staged(runtime, clock) as made:
        yield made


def test_a_start_makes_one_release(both_runtime: Runtime, clock: TestClock) -> None:
    with staged(both_runtime, clock) as stage:
        stage.note("STARTED", 0)
        (release,) = stage.releases()
        assert (release.title, release.kind, release.state, release.availability) == ("Shanty Friday", "stream", "new", "out")
        assert release.url == f"{stage.server.url}/"
        stage.work()
        assert stage.count() == 1


def test_reconnects_within_five_minutes_are_the_same_stream(stage: Stage) -> None:
    stage.note("STARTED", 0)
    for number in range(1, 6):
        stage.note("STOPPED", number * 10)
        stage.note("STARTED", number * 10 + 4)
    assert stage.count() == 1
    stage.work(120)
    assert stage.releases()[0].availability == "out"


def test_a_start_after_a_longer_silence_is_the_next_stream(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.note("STOPPED", 60)
    stage.note("STARTED", 66)
    assert [release.state for release in stage.releases()] == ["new", "new"]


def test_two_evenings_with_the_same_title_are_two_streams(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.note("STOPPED", 60)
    stage.note("STARTED", 7 * 1440)
    assert stage.count() == 2


def test_it_is_over_five_minutes_after_the_end_and_that_is_recorded_once(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.note("STOPPED", 60)
    stage.work(64)
    assert stage.releases()[0].availability == "out"
    for minute in (66, 67):
        stage.work(minute)
    assert stage.releases()[0].availability == "withdrawn"
    with stage.runtime.reading() as session:
        assert [change.what for change in session.exec(select(ReleaseChange)).all()] == ["withdrawn"]


def test_what_was_over_before_we_came_to_read_it_is_no_news(stage: Stage) -> None:
    for kind, minute in (("STARTED", 0), ("STOPPED", 20)):
        body = json.dumps({"type": f"STREAM_{kind}", "eventData": {"id": kind}}).encode()
        receive(stage.runtime, stage.path, {}, body, stage.at(minute))
    stage.work(60)
    assert stage.count() == 0
    with stage.runtime.reading() as session:
        assert {row.state for row in session.exec(select(Pushed)).all()} == {"read"}


@pytest.mark.parametrize("seed", range(6))
def test_notes_in_any_order_and_number_are_one_stream(stage: Stage, seed: int) -> None:
    moments = [("STARTED", 0), ("STOPPED", 1), ("STARTED", 2), ("STOPPED", 3), ("STARTED", 3.5), ("STARTED", 0), ("STOPPED", 1)]
    random.Random(seed).shuffle(moments)
    stage.clock.at = stage.at(4)
    for kind, minute in moments:
        stage.note(kind, minute)
    assert stage.count() == (1 if any(kind == "STARTED" for kind, _ in moments) else 0)


def test_a_note_and_then_a_look(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.look(5, since=0)
    stage.look(20, since=0)
    (release,) = stage.releases()
    assert (release.title, release.description, release.artist_name) == ("Shanty Friday", "Every week", "Aoife live")


def test_a_look_and_then_a_late_note(stage: Stage) -> None:
    stage.look(2, since=0)
    stage.note("STARTED", 0)
    assert stage.count() == 1


def test_looks_alone_see_one_stream_through_a_reconnect(stage: Stage) -> None:
    stage.look(5, since=0)
    stage.look(20, since=12)
    assert stage.count() == 1


def test_looks_alone_see_the_end_and_the_next(stage: Stage) -> None:
    stage.look(5, since=0)
    stage.look(35, since=None, ended=30)
    stage.work(50)
    assert stage.releases()[0].availability == "withdrawn"
    stage.look(100, since=90)
    assert [release.availability for release in stage.releases()] == ["withdrawn", "out"]


def test_a_look_sees_what_a_reconnect_left(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.note("STOPPED", 30)
    stage.look(31, since=None, ended=30)
    stage.note("STARTED", 33)
    stage.look(36, since=33)
    assert stage.count() == 1


def test_a_lost_end_is_noticed_by_the_next_look(stage: Stage) -> None:
    stage.note("STARTED", 0)
    stage.look(45, since=None)
    stage.work(60)
    assert stage.releases()[0].availability == "withdrawn"
    stage.note("STARTED", 70)
    assert stage.count() == 2


def test_a_wrong_clock_over_there_makes_no_second_stream(stage: Stage) -> None:
    stage.note("STARTED", 0, skew=timedelta(days=-9))
    stage.look(5, since=-9 * 1440)
    assert stage.count() == 1


def test_an_old_server_without_ids_and_times(stage: Stage) -> None:
    start, stop = (f'{{"type":"STREAM_{kind}","eventData":{{"name":"Aoife live"}}}}'.encode() for kind in ("STARTED", "STOPPED"))
    stage.clock.at = stage.at(0)
    stage.deliver(start)
    stage.clock.at = stage.at(30)
    stage.deliver(stop)
    stage.clock.at = stage.at(33)
    stage.deliver(start)
    assert stage.count() == 1
    stage.clock.at = stage.at(7 * 1440)
    stage.deliver(start)
    assert stage.count() == 2


def test_a_renewed_path_answers_alone(stage: Stage) -> None:
    old = stage.path
    with stage.runtime.session() as session:
        source = session.get_one(Source, stage.source_id)
        stage.path = owncast.renew_path(session, source, stage.clock()).public_id
    assert stage.path != old
    stage.note("STARTED", 0)
    assert stage.count() == 1
