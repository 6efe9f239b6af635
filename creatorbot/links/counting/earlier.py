"""What visitors of a batch did before, as far as it matters for what they do now."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, literal_column
from sqlmodel import Session, col, select

from creatorbot.links.classify import VisitFacts
from creatorbot.links.counting.lines import DAY_MS
from creatorbot.links.counting.tables import day_number, day_of, days_of, groups_of, moment_of, ms_of
from creatorbot.links.counting.tally import Group
from creatorbot.models import Visit, VisitorDay
from creatorbot.storage.bulk import pairs

_FEW = 2000
_UNCERTAIN: ColumnElement[str] = literal_column(
    "'uncertain'"
)  # not a value handed over: the index holds these only, which both databases have to see


@dataclass(frozen=True, slots=True)
class Stored:
    """A visit that was stored before, uncertain until now."""

    visit_id: int
    link_id: int
    at_ms: int
    visitor: bytes
    button: str
    referrer_host: str
    facts: VisitFacts


def facts_of(kept: dict[str, object]) -> VisitFacts:
    """What the rules read, as it was kept. Visits from before we asked whether they came from our page are believed."""
    return VisitFacts(**{"own": True, **kept})  # type: ignore[arg-type]


def uncertain_of(session: Session, groups: Collection[Group]) -> dict[Group, list[Stored]]:
    """Stored visits of these visitors that are uncertain, by group."""
    found: defaultdict[Group, list[Stored]] = defaultdict(list)
    if not groups:
        return found
    columns = (Visit.id, Visit.link_id, Visit.at, Visit.visitor, Visit.button, Visit.referrer_host, Visit.facts)
    few = select(Visit.id).where(col(Visit.kind) == _UNCERTAIN).limit(_FEW + 1)
    if len(session.exec(few).all()) <= _FEW:  # then reading them all is less work than asking for each visitor
        asked = select(*columns).where(col(Visit.kind) == _UNCERTAIN, col(Visit.visitor).is_not(None)).order_by(col(Visit.id))  # type: ignore[call-overload]
    else:
        wanted = pairs(session, groups_of(groups))
        theirs = and_(col(Visit.link_id) == wanted.c.number, col(Visit.visitor) == wanted.c.key, col(Visit.kind) == _UNCERTAIN)
        asked = select(*columns).select_from(wanted).join(Visit, theirs).order_by(col(Visit.id))  # type: ignore[call-overload]
    for visit_id, link_id, at, visitor, button, referrer_host, kept in session.exec(asked):
        at_ms = ms_of(at)
        group = (link_id, at_ms // DAY_MS, bytes(visitor))
        if group in groups:
            found[group].append(Stored(visit_id, link_id, at_ms, group[2], button, referrer_host, facts_of(kept)))
    return found


def counted_of(session: Session, groups: Collection[Group]) -> set[Group]:
    """Which of these have been counted as people that day: they opened the page."""
    if not groups:
        return set()
    wanted = pairs(session, groups_of(groups))
    days = col(VisitorDay.day).in_({day_of(day) for _, day, _ in groups})
    theirs = and_(col(VisitorDay.link_id) == wanted.c.number, col(VisitorDay.visitor) == wanted.c.key, days)
    columns = (VisitorDay.link_id, VisitorDay.day, VisitorDay.visitor)
    asked = select(*columns).select_from(wanted).join(VisitorDay, theirs)  # type: ignore[call-overload]
    return {(link_id, day_number(day), bytes(visitor)) for link_id, day, visitor in session.exec(asked)} & set(groups)


def presses_of(session: Session, groups: Collection[Group], since_ms: int) -> dict[Group, list[int]]:
    """When these visitors pressed a button as people, from this moment on: what is written down later may have happened before."""
    found: defaultdict[Group, list[int]] = defaultdict(list)
    if not groups:
        return found
    asked = select(Visit.link_id, Visit.at, Visit.visitor).where(
        col(Visit.button) != "",
        Visit.kind == "person",
        col(Visit.at) >= moment_of(since_ms),
        col(Visit.at) < moment_of(days_of(groups)[1]),
    )
    for link_id, at, visitor in session.exec(asked):
        at_ms = ms_of(at)
        group = (link_id, at_ms // DAY_MS, bytes(visitor or b""))
        if group in groups:
            found[group].append(at_ms)
    return found
