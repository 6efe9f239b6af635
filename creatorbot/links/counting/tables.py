"""A tally into its tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

from sqlalchemy import Table, func, select
from sqlmodel import Session, SQLModel

from creatorbot.links.counting.lines import DAY_MS, QUARTER_MS
from creatorbot.links.counting.tally import KINDS, Group, Tally
from creatorbot.models import Referrer, VisitorDay, VisitTotal
from creatorbot.storage.bulk import add_fresh, is_postgresql, merge, moment_text

_FIRST = date(1970, 1, 1).toordinal()
_COUNTING = 7_351_002_117  # any number of our own


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def day_of(number: int) -> date:
    """The day with this number since 1970."""
    return date.fromordinal(_FIRST + number)


def day_number(day: date) -> int:
    """The opposite."""
    return day.toordinal() - _FIRST


def ms_of(at: datetime) -> int:
    """A moment in milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def moment_of(ms: int) -> datetime:
    """The opposite."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def alone_counting(session: Session) -> None:
    """Wait until nobody else counts; until the end of the transaction nobody else begins. SQLite has but one writer anyway."""
    if is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(_COUNTING)))


def count_people(session: Session, tally: Tally) -> None:
    """Write down who came; who was not counted on that day before is counted in the tally."""
    rows = [(link_id, day_of(day).isoformat(), visitor) for link_id, day, visitor in tally.people]
    fresh = cast("Sequence[tuple[int, date, bytes]]", add_fresh(session, table_of(VisitorDay), ("link_id", "day", "visitor"), rows))
    tally.everybody_is_new((link_id, day_number(day), bytes(visitor)) for link_id, day, visitor in fresh)


def add_totals(session: Session, tally: Tally) -> None:
    """Add up visits by quarters of an hour."""
    found: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for (link_id, quarter, kind), count in tally.counts.items():
        found[link_id, quarter][kind] = count
    written = moment_text(session)
    rows = [
        (link_id, written(quarter * QUARTER_MS), *(kinds.get(name, 0) for name in KINDS))
        for (link_id, quarter), kinds in sorted(found.items())
    ]
    adding = {name: f'old."{name}" + new."{name}"' for name in KINDS}
    merge(session, table_of(VisitTotal), ("link_id", "quarter", *KINDS), rows, ("link_id", "quarter"), adding)


def add_referrers(session: Session, referrers: Mapping[tuple[int, int, str], int]) -> None:
    """Add up where people came from."""
    rows = [(link_id, day_of(day).isoformat(), host, people) for (link_id, day, host), people in sorted(referrers.items())]
    keys = ("link_id", "day", "host")
    merge(session, table_of(Referrer), (*keys, "people"), rows, keys, {"people": "old.people + new.people"})


def groups_of(groups: Iterable[Group]) -> set[tuple[int, bytes]]:
    """Links and visitors of these groups, whatever the day."""
    return {(link_id, visitor) for link_id, _, visitor in groups}


def days_of(groups: Iterable[Group]) -> tuple[int, int]:
    """From when to when, in milliseconds, the days of these groups last."""
    days = [day for _, day, _ in groups]
    return min(days) * DAY_MS, (max(days) + 1) * DAY_MS
