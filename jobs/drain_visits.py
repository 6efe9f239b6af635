"""Moves visits from the journal into the database, a batch a transaction, until the journal is empty; then throws read files away."""

from datetime import datetime

from sqlmodel import col, delete, func, select

from creatorbot.links import journal
from creatorbot.links.drain import BATCH, drain_batch
from creatorbot.models import Heartbeat, JournalPosition, Visit
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
    if done:
        throw_away(runtime, now)
        _say_that_it_works_again(runtime)
    return Report(done, f"{done} visits read" if done else "")


def throw_away(runtime: Runtime, now: datetime) -> int:
    """Remove files that have been read and that nobody writes to. Returns how many."""
    with runtime.reading() as session:
        places = {place.segment: place.offset for place in session.exec(select(JournalPosition))}
    # The file first: a place without its file is harmless, a file without its place would be read again.
    gone = [path.name for path in journal.segments(runtime.journal) if journal.remove_if_done(path, places.get(path.name, 0), now)]
    if gone:
        with runtime.session() as session:
            session.exec(delete(JournalPosition).where(col(JournalPosition.segment).in_(gone)))
    return len(gone)


def _say_that_it_works_again(runtime: Runtime) -> None:
    """A writer that ended while it could not write says nothing any more; visits written down since then do."""
    with runtime.reading() as session:
        beat = session.get(Heartbeat, journal.HEARTBEAT)
        latest = session.exec(select(func.max(Visit.at))).one() if beat is not None and beat.failed else None
    if beat is not None and latest is not None and latest > (beat.finished_at or beat.started_at):
        with runtime.session() as session:
            session.get_one(Heartbeat, journal.HEARTBEAT).failed = False
