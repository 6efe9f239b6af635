"""Runs the jobs in this process (APScheduler): each at its own pace, never twice at a time, none stopped by another's failure."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from creatorbot.clock import now
from creatorbot.errors import CreatorbotError
from creatorbot.models import Heartbeat
from creatorbot.runtime import Runtime
from creatorbot.wording import N_
from jobs.base import Job, Report

log = logging.getLogger("jobs")
BEAT_EVERY_S = 20.0  # each heartbeat is a disk sync: an idle job that runs every second must not cost one a second


class Beating:
    """One job with its heartbeat: runs it, writes down what it said, and lets no exception out."""

    def __init__(self, runtime: Runtime, job: Job) -> None:
        self._runtime, self._job = runtime, job
        self._written = -BEAT_EVERY_S
        self._last = Outcome()

    def __call__(self) -> None:
        """Run once, now."""
        started = self._runtime.clock()
        outcome = self._run(started)
        changed = outcome != self._last
        if outcome.report.done or changed or time.monotonic() - self._written >= BEAT_EVERY_S:
            self._write(started, outcome)
        self._last = outcome

    def _run(self, started: datetime) -> "Outcome":
        try:
            report = self._job.run(self._runtime, started)
        except Exception as error:
            sentence = error.message if isinstance(error, CreatorbotError) and not error.values else _STOPPED
            outcome = Outcome(Report(sentence=sentence), failed=True, kind=type(error).__name__)
            if outcome != self._last:  # the same failure every second is one line, not thousands
                log.exception("%s failed and will be tried again", self._job.name)
            return outcome
        if self._last.failed:
            log.info("%s works again", self._job.name)
        if report.done:
            log.info("%s: %d, %s", self._job.name, report.done, report.sentence)
        return Outcome(report)

    def _write(self, started: datetime, outcome: "Outcome") -> None:
        try:
            with self._runtime.session() as session:
                row = session.get(Heartbeat, self._job.name) or Heartbeat(job=self._job.name, started_at=started)
                row.started_at, row.finished_at = started, self._runtime.clock()
                row.sentence, row.failed = outcome.report.sentence, outcome.failed
                session.add(row)
            self._written = time.monotonic()
        except Exception:
            log.exception("the heartbeat of %s could not be written", self._job.name)


_STOPPED = N_("It stopped on something unexpected and is tried again by itself. Nothing was lost.")


@dataclass(frozen=True)
class Outcome:
    """What one run came to. kind: the exception's, for telling a new failure from the old one."""

    report: Report = field(default_factory=Report)
    failed: bool = False
    kind: str = ""


class Scheduler:
    """All jobs of a registry in one process, each in a thread while it runs."""

    def __init__(self, runtime: Runtime, registry: Sequence[Job]) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(registry))},  # one each: a slow shop never keeps a post waiting
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone="UTC",
        )
        for job in registry:
            run = Beating(runtime, job)
            self._scheduler.add_job(run, "interval", seconds=job.every_s, id=job.name, name=job.name, next_run_time=now())

    def start(self) -> None:
        """Begin; every job runs once at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start nothing more and wait for what runs."""
        self._scheduler.shutdown(wait=True)
