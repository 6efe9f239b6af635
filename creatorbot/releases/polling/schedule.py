"""When a source is looked at next, and whose turn it is now."""

import random
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select, update

from creatorbot.models import Source

_EVERY = {"bandcamp": timedelta(hours=3)}
_ELSE = timedelta(minutes=15)
_LONGEST = timedelta(hours=24)
_LONGEST_ASKED = timedelta(days=7)
_LEASE = timedelta(minutes=10)


def due_sources(session: Session, now: datetime) -> list[int]:
    """Sources whose time has come and that nobody is looking at, the longest waiting first."""
    rows = session.exec(select(Source.id).where(Source.next_poll_at <= now, _free(now)).order_by(col(Source.next_poll_at)).limit(500)).all()
    return [row for row in rows if row is not None]


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Source.lease_until).is_(None), col(Source.lease_until) < now)


def claim(session: Session, source_id: int, now: datetime) -> datetime | None:
    """Take a source for one look. Returns until when it is ours; None when another process got there first."""
    until = now + _LEASE
    done = session.exec(update(Source).where(col(Source.id) == source_id, _free(now)).values(lease_until=until))
    return until if done.rowcount else None


def next_poll(kind: str, failures: int, now: datetime, asked_s: float | None = None) -> datetime:
    """The next look: the kind's own pace, doubled with each failure in a row up to a day, later if the server asked for it.

    Spread by a tenth, so that many sources of one server do not come at once. asked_s: seconds the server asked us to wait.
    """
    wait: timedelta = min(_EVERY.get(kind, _ELSE) * 2 ** min(failures, 10), _LONGEST)
    if asked_s:
        wait = max(wait, min(timedelta(seconds=asked_s), _LONGEST_ASKED))
    return now + wait * random.uniform(1.0, 1.1)
