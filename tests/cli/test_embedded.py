"""Jobs run at their own pace; one that fails is told and stops no other."""

import logging
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from creatorbot.errors import CreatorbotError
from creatorbot.models import Heartbeat
from creatorbot.runtime import Runtime
from jobs import REGISTRY
from jobs.base import Job, Report
from jobs.embedded import Beating, Scheduler


def beat_of(runtime: Runtime, job: str) -> Heartbeat | None:
    with runtime.reading() as session:
        return session.exec(select(Heartbeat).where(Heartbeat.job == job)).first()


class Recorder:
    """A job that does what its list of steps says, one after the other, then nothing."""

    def __init__(self, *steps: Report | Exception) -> None:
        self.steps = list(steps)
        self.runs = 0
        self.enough = threading.Event()

    def __call__(self, runtime: Runtime, now: datetime) -> Report:
        self.runs += 1
        if self.runs >= 3:
            self.enough.set()
        step = self.steps.pop(0) if self.steps else Report()
        if isinstance(step, Exception):
            raise step
        return step


def test_every_job_file_is_registered_once() -> None:
    files = {path.stem for path in (Path(__file__).resolve().parents[2] / "jobs").glob("*.py")} - {"__init__", "base", "embedded"}
    assert sorted(job.name for job in REGISTRY) == sorted(files)
    assert all(job.every_s > 0 for job in REGISTRY)


def test_each_job_runs_and_leaves_its_heartbeat(both_runtime: Runtime) -> None:
    one, two = Recorder(Report(2, "two moved")), Recorder(ValueError("no"), ValueError("no"), ValueError("no"))
    scheduler = Scheduler(both_runtime, [Job("one", one, 0.05), Job("two", two, 0.05)])
    scheduler.start()
    assert one.enough.wait(20)
    assert two.enough.wait(20)
    scheduler.stop()
    first, second = beat_of(both_runtime, "one"), beat_of(both_runtime, "two")
    assert first
    assert not first.failed
    assert second
    assert second.finished_at is not None


def test_a_failure_is_written_down_in_plain_words_without_what_was_sent(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    beating = Beating(runtime, Job("one", Recorder(ValueError("token=abc")), 1))
    beating()
    beat = beat_of(runtime, "one")
    assert beat
    assert beat.failed
    assert "abc" not in beat.sentence
    assert "tried again" in beat.sentence


def test_our_own_sentence_is_kept(runtime: Runtime) -> None:
    Beating(runtime, Job("one", Recorder(CreatorbotError("The disk is full.")), 1))()
    beat = beat_of(runtime, "one")
    assert beat
    assert beat.sentence == "The disk is full."


def test_the_same_failure_again_is_one_line_in_the_log(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    beating = Beating(runtime, Job("one", Recorder(*[ValueError("no") for _ in range(5)]), 1))
    with caplog.at_level(logging.INFO, logger="jobs"):
        for _ in range(6):
            beating()
    assert [record.getMessage() for record in caplog.records] == ["one failed and will be tried again", "one works again"]
    beat = beat_of(runtime, "one")
    assert beat
    assert not beat.failed


def test_an_idle_job_does_not_write_every_time(runtime: Runtime) -> None:
    beating = Beating(runtime, Job("one", Recorder(), 1))
    beating()
    with runtime.session() as session:
        for row in session.exec(select(Heartbeat)).all():
            session.delete(row)
    for _ in range(5):
        beating()
    assert beat_of(runtime, "one") is None


def test_work_done_is_written_at_once(runtime: Runtime) -> None:
    beating = Beating(runtime, Job("one", Recorder(Report(), Report(1, "one sent")), 1))
    beating()
    beating()
    beat = beat_of(runtime, "one")
    assert beat
    assert beat.sentence == "one sent"
