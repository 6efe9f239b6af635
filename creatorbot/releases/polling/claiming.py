"""Whose turn it is, and taking it: a source is looked at by one process at a time, under a lease that ends by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select, update

from creatorbot.models import Source

_LEASE = timedelta(minutes=10)
_MOST_AFTER_A_KILL = 50
_COLUMNS = (
    Source.id,
    Source.artist_id,
    Source.lease_until,
    Source.kind,
    Source.address,
    Source.etag,
    Source.last_modified,
    Source.body_hash,
)


@dataclass(frozen=True)
class Claim:
    """A source taken for one look, and what is needed of it while no transaction is open. until: the lease, and by what it is known."""

    source_id: int
    artist_id: int
    until: datetime
    kind: str
    address: str
    etag: str
    last_modified: str
    body_hash: str

    @property
    def headers(self) -> dict[str, str]:
        """By which the server sees what we have already."""
        known = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in known.items() if value}


def due_sources(session: Session, now: datetime) -> list[int]:
    """Sources whose time has come and that nobody is looking at, the longest waiting first."""
    rows = session.exec(select(Source.id).where(Source.next_poll_at <= now, _free(now)).order_by(col(Source.next_poll_at)).limit(500)).all()
    return [row for row in rows if row is not None]


def claim(session: Session, source_id: int, now: datetime) -> Claim | None:
    """Take this source for one look, due or not. None when another process got there first."""
    taken = _take(session, col(Source.id) == source_id, now)
    return taken[0] if taken else None


def claim_due(session: Session, now: datetime, most: int) -> list[Claim]:
    """Take the sources whose time has come, the longest waiting first.

    Those whose last look ended in a kill come after the others and few at a time: one of them may be what killed it.
    """
    due = Source.next_poll_at <= now
    taken = _take_first(session, now, most, due, col(Source.lease_until).is_(None))
    left = min(most - len(taken), _MOST_AFTER_A_KILL)
    return taken + (_take_first(session, now, left, due, col(Source.lease_until) < now) if left > 0 else [])


def let_go(session: Session, claims: list[Claim]) -> None:
    """Give back what was not looked at; it is still due."""
    for until in {one.until for one in claims}:
        mine = [one.source_id for one in claims if one.until == until]
        session.exec(update(Source).where(col(Source.id).in_(mine), col(Source.lease_until) == until).values(lease_until=None))


def _take_first(session: Session, now: datetime, most: int, *which: ColumnElement[bool] | bool) -> list[Claim]:
    # Rows that another process is just taking are passed over, where the database can.
    first = select(Source.id).where(*which).order_by(col(Source.next_poll_at)).limit(most).with_for_update(skip_locked=True)
    return _take(session, col(Source.id).in_(first), now)


def _take(session: Session, which: ColumnElement[bool], now: datetime) -> list[Claim]:
    until = now + _LEASE
    taking: Any = update(Source).where(which, _free(now)).values(lease_until=until).returning(*_COLUMNS)  # type: ignore[call-overload]
    rows = session.execute(taking.execution_options(synchronize_session=False)).all()
    return [Claim(*row) for row in rows]


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Source.lease_until).is_(None), col(Source.lease_until) < now)
