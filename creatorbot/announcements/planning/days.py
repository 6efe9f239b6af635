"""Days worth knowing: Bandcamp Fridays, from a list that can be corrected, and the artist's own dates."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from creatorbot.announcements.planning.wall import utc_of
from creatorbot.errors import InvalidInput
from creatorbot.models import ArtistDate
from creatorbot.storage.once import insert_once

PACIFIC = ZoneInfo("America/Los_Angeles")
MOST_DATES = 500
FRIDAY = "bandcamp_friday"


@dataclass(frozen=True)
class Friday:
    """A Bandcamp Friday. starts, ends: UTC. sure: said | unconfirmed | yours (the artist typed it in)."""

    day: date
    starts: datetime
    ends: datetime
    sure: str


@lru_cache(maxsize=1)
def known_fridays() -> dict[date, str]:
    """Our list, and how sure each day is."""
    told = json.loads(Path(__file__).with_name("bandcamp_fridays.json").read_text(encoding="utf-8"))
    return {date.fromisoformat(one["day"]): str(one["sure"]) for one in told["days"]}


def fridays_of(session: Session, artist_id: int, first: date, last: date) -> list[Friday]:
    """The Bandcamp Fridays between these days, as the artist corrected the list."""
    rows = _dates(session, artist_id, FRIDAY, first, last)
    days = known_fridays() | {row.day: "yours" for row in rows}
    hidden = {row.day for row in rows if row.hidden}
    return [
        Friday(day, utc_of(day, 0, PACIFIC), utc_of(day + timedelta(days=1), 0, PACIFIC), sure)
        for day, sure in sorted(days.items())
        if first <= day <= last and day not in hidden
    ]


def own_dates(session: Session, artist_id: int, first: date, last: date) -> list[ArtistDate]:
    """What the artist wrote into the calendar."""
    return _dates(session, artist_id, "own", first, last)


def add_date(session: Session, artist_id: int, typed_day: str, title: str, now: datetime, *, friday: bool = False) -> date:
    """Write a day into the calendar; twice is once. Raises InvalidInput for no day, no name, or far too many."""
    try:
        day = date.fromisoformat(typed_day.strip())
    except ValueError as error:
        raise InvalidInput("“%(typed)s” is not a day.", field="day", typed=typed_day[:40]) from error
    if not 2000 <= day.year <= 2099:
        raise InvalidInput("Choose a day nearer to now.", field="day")
    name = " ".join(title.split())[:120]
    if not friday and not name:
        raise InvalidInput("Write what that day is.", field="title")
    if len(session.exec(select(ArtistDate.id).where(ArtistDate.artist_id == artist_id)).all()) >= MOST_DATES:
        raise InvalidInput("Your calendar is full. Take out a day that is over first.", field="day")
    given = ArtistDate(artist_id=artist_id, day=day, title="" if friday else name, kind=FRIDAY if friday else "own", created_at=now)
    if not insert_once(session, given) and friday:
        _friday(session, artist_id, day).hidden = False
    return day


def remove_date(session: Session, artist_id: int, date_id: int) -> None:
    """Take one of the artist's own days out."""
    found = session.get(ArtistDate, date_id)
    if found is not None and found.artist_id == artist_id and found.kind == "own":
        session.delete(found)


def hide_friday(session: Session, artist_id: int, day: date, now: datetime) -> None:
    """Take a Bandcamp Friday out of this artist's calendar."""
    insert_once(session, ArtistDate(artist_id=artist_id, day=day, kind=FRIDAY, hidden=True, created_at=now))
    _friday(session, artist_id, day).hidden = True


def _friday(session: Session, artist_id: int, day: date) -> ArtistDate:
    wanted = select(ArtistDate).where(ArtistDate.artist_id == artist_id, ArtistDate.kind == FRIDAY, ArtistDate.day == day)
    return session.exec(wanted).one()


def _dates(session: Session, artist_id: int, kind: str, first: date, last: date) -> list[ArtistDate]:
    wanted = select(ArtistDate).where(
        ArtistDate.artist_id == artist_id, ArtistDate.kind == kind, col(ArtistDate.day) >= first, col(ArtistDate.day) <= last
    )
    return list(session.exec(wanted.order_by(col(ArtistDate.day), col(ArtistDate.id))))
