"""Logged-in browsers: opened at login, found by their secret, rotated every few hours, ended at logout or after 30 idle days."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, or_, select

from creatorbot.errors import NotFound
from creatorbot.models import LoginSession
from creatorbot.security.secrets import fingerprint, word

IDLE = timedelta(days=30)
ROTATE_AFTER = timedelta(hours=4)
GRACE = timedelta(seconds=60)
SEEN_EVERY = timedelta(minutes=5)


def open_session(session: Session, person_id: int, artist_id: int | None, label: str, now: datetime) -> tuple[LoginSession, str]:
    """A new logged-in browser and the secret for its cookie."""
    secret = word(43)
    row = LoginSession(
        token_hash=fingerprint(secret),
        person_id=person_id,
        artist_id=artist_id,
        label=label,
        created_at=now,
        seen_at=now,
        rotated_at=now,
        expires_at=now + IDLE,
    )
    session.add(row)
    session.flush()
    return row, secret


def find(session: Session, secret: str, now: datetime) -> LoginSession | None:
    """The browser this secret belongs to, or the one it belonged to before the last rotation; None when there is none."""
    hashed = fingerprint(secret)
    return session.exec(
        select(LoginSession).where(
            or_(col(LoginSession.token_hash) == hashed, col(LoginSession.previous_hash) == hashed), col(LoginSession.expires_at) > now
        )
    ).first()


def wants_care(row: LoginSession, secret: str, now: datetime) -> bool:
    """Whether `care` has something to do: most requests need no write."""
    if row.previous_hash and now - row.rotated_at > GRACE:
        return True
    return now - row.seen_at > SEEN_EVERY or _due(row, secret, now)


def care(session: Session, session_id: int, secret: str, now: datetime) -> str:
    """Note that the browser was here and rotate its secret when that is due; the new secret, or "" to keep the old.

    The secret before keeps working until the new one has been seen and a minute has passed: requests run in parallel, answers get lost.
    """
    row = session.get(LoginSession, session_id)
    if row is None:
        return ""
    row.seen_at, row.expires_at = now, now + IDLE
    session.add(row)
    if _due(row, secret, now):
        return rotate(session, row, secret, now)
    if row.previous_hash and row.token_hash == fingerprint(secret) and now - row.rotated_at > GRACE:
        row.previous_hash = ""
    return ""


def rotate(session: Session, row: LoginSession, secret: str, now: datetime) -> str:
    """A new secret for this browser; "" when a parallel request has just rotated it."""
    fresh, before = word(43), row.token_hash
    session.flush()
    done = session.execute(
        update(LoginSession)
        .where(col(LoginSession.id) == row.id, col(LoginSession.token_hash) == before)
        .values(token_hash=fingerprint(fresh), previous_hash=fingerprint(secret), rotated_at=now)
    )
    session.refresh(row)
    return fresh if done.rowcount else ""  # type: ignore[attr-defined]


def replace(session: Session, row: LoginSession, now: datetime) -> str:
    """A new secret, and the one before stops at once: after a change of password or of rights."""
    fresh = word(43)
    row.token_hash, row.previous_hash, row.rotated_at = fingerprint(fresh), "", now
    session.add(row)
    return fresh


def sessions_of(session: Session, person_id: int, now: datetime) -> list[LoginSession]:
    """The browsers this person is logged in with, last seen first."""
    return list(
        session.exec(
            select(LoginSession)
            .where(LoginSession.person_id == person_id, col(LoginSession.expires_at) > now)
            .order_by(col(LoginSession.seen_at).desc())
        )
    )


def end(session: Session, session_id: int, person_id: int) -> None:
    """Log one browser out. Raises NotFound for somebody else's."""
    row = session.get(LoginSession, session_id)
    if row is None or row.person_id != person_id:
        raise NotFound("That browser is already logged out.")
    session.delete(row)


def end_others(session: Session, session_id: int, person_id: int) -> None:
    """Log every other browser of this person out."""
    session.exec(delete(LoginSession).where(col(LoginSession.person_id) == person_id, col(LoginSession.id) != session_id))


def _due(row: LoginSession, secret: str, now: datetime) -> bool:
    if row.token_hash == fingerprint(secret):
        return now - row.rotated_at > ROTATE_AFTER
    return now - row.rotated_at > GRACE  # the answer with the new secret was lost: give another
