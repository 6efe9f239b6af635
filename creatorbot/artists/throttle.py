"""Guessing passwords is slow: a few free tries, then waits that double. Counted in rows, so every process knows."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from creatorbot.models import LoginTry

KEPT = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


class Guess(NamedTuple):
    """One thing failed tries are counted for: a keyed hash, and how many are free. Nothing readable is stored."""

    who: str
    free: int


def guesses(login: str, address: str, key: str, known: str = "") -> tuple[Guess, ...]:
    """What a try to log in counts for: this login from here, this login from anywhere, anything from here.

    The last two are generous: many people share an address, and nobody should lock somebody else out by guessing.
    known: the browser's name when it has logged in with this login before (artists/known). It is counted by itself alone, so that
    whoever guesses elsewhere, or from the same address, cannot keep it out.
    """
    login = login.strip().lower()[:200]
    if known:
        return (Guess(_hash(key, f"{login} browser {known}"), 5),)
    return (Guess(_hash(key, f"{login} {address}"), 5), Guess(_hash(key, f"login {login}"), 30), Guess(_hash(key, f"from {address}"), 30))


def wait(session: Session, counted: tuple[Guess, ...], now: datetime) -> timedelta:
    """How long to wait before the next try; zero when it may come now."""
    return max((_wait(session, guess, now) for guess in counted), default=timedelta())


def note_failure(session: Session, counted: tuple[Guess, ...], now: datetime) -> None:
    """One more failed try; forgets those older than an hour."""
    session.exec(delete(LoginTry).where(col(LoginTry.at) < now - KEPT))
    session.add_all(LoginTry(who=guess.who, at=now) for guess in counted)


def forgive(session: Session, counted: tuple[Guess, ...], noted_at: datetime) -> None:
    """The right password came: forget the failures of this login from here, and what this try noted elsewhere."""
    session.exec(delete(LoginTry).where(col(LoginTry.who) == counted[0].who))
    session.exec(delete(LoginTry).where(col(LoginTry.who).in_([guess.who for guess in counted]), col(LoginTry.at) == noted_at))


def _wait(session: Session, guess: Guess, now: datetime) -> timedelta:
    times = sorted(session.exec(select(LoginTry.at).where(LoginTry.who == guess.who, col(LoginTry.at) > now - KEPT)))
    over = len(times) - guess.free
    if over < 0:
        return timedelta()
    pause: timedelta = min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)
    return max(times[-1] + pause - now, timedelta())


def _hash(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
