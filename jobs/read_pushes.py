"""Reads what places have told us by themselves, as if we had looked; and notices when a live stream is over."""

import logging
from datetime import datetime

from sqlmodel import col, select, update

from creatorbot.models import Push, Pushed
from creatorbot.releases.poll import read_pushed
from creatorbot.releases.pushing import owncast
from creatorbot.releases.pushing.receive import look_now
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
_MOST_AT_ONCE = 200


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the notes that wait. What cannot be read is set aside, and its source looked at instead."""
    with runtime.reading() as session:
        waiting = session.exec(
            select(Pushed.id, Pushed.source_id, Push.kind)
            .join(Push, col(Push.id) == col(Pushed.push_id))
            .where(Pushed.state == "waiting")
            .order_by(col(Pushed.id))
            .limit(_MOST_AT_ONCE)
        ).all()
        over = owncast.over(session, now)
    pages = [pushed_id or 0 for pushed_id, _, kind in waiting if kind != owncast.KIND]
    for source_id in sorted({source_id for _, source_id, kind in waiting if kind == owncast.KIND}):
        with runtime.session() as session:
            pages += owncast.sort_out(session, source_id, now)
    for pushed_id in pages:
        _read(runtime, pushed_id, now)
    ended = 0
    if over:
        with runtime.session() as session:
            ended = owncast.end_streams(session, now)
    said = ([f"{len(waiting)} notes read"] if waiting else []) + ([f"{ended} streams over"] if ended else [])
    return Report(len(waiting) + ended, ", ".join(said))


def _read(runtime: Runtime, pushed_id: int, now: datetime) -> None:
    try:
        read_pushed(runtime, pushed_id, now)
    except Exception:  # the next note's turn comes in any case
        log.exception("the note %d could not be read", pushed_id)
        with runtime.session() as session:
            session.exec(update(Pushed).where(col(Pushed.id) == pushed_id).values(state="unreadable"))
            row = session.get(Pushed, pushed_id)
            if row is not None:
                look_now(session, row.source_id, now)
