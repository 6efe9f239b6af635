"""Moves visits from the journal into the database, a batch a transaction, until the journal is empty."""

from datetime import datetime

from creatorbot.links.drain import BATCH, drain_batch
from creatorbot.runtime import Runtime
from jobs.base import Report

MOST_BATCHES = 50  # then other jobs have their turn


def run(runtime: Runtime, now: datetime) -> Report:
    """Drain. Killed at any moment, no line is lost and none counts twice."""
    done = 0
    for _ in range(MOST_BATCHES):
        with runtime.session() as session:
            moved = drain_batch(session, runtime.journal, now)
        done += moved
        if moved < BATCH:
            break
    return Report(done, f"{done} visits read" if done else "")
