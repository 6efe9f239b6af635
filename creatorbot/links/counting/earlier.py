"""What visitors of a batch did before, as far as it matters for what they do now."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from creatorbot.links.classify import VisitFacts
from creatorbot.links.counting.lines import DAY_MS
from creatorbot.links.counting.tables import day_number, days_of, groups_of, moment_of, ms_of
from creatorbot.links.counting.tally import Group
from creatorbot.models import Visit, VisitorDay
from creatorbot.storage.bulk import among, chunks

_UNCERTAIN = literal_column("'uncertain'")  # not a value handed over: the index holds these only, which both databases have to see


@dataclass(frozen=True, slots=True)
class Stored:
    """A visit that was stored before, uncertain until now."""

    visit_id: int
    link_id: int
    at_ms: int
    visitor: bytes
    button: str
    referrer_host: str
    reason: str
    facts: VisitFacts


def facts_of(kept: dict[str, object]) -> VisitFacts:
    """What the rules read, as it was kept. Visits from before we asked whether they came from our page are believed."""
    return VisitFacts(**{"own": True, **kept})  # type: ignore[arg-type]


def uncertain_of(session: Session, groups: Collection[Group]) -> dict[Group, list[Stored]]:
    """Stored visits of these visitors that are uncertain, by group."""
    found: defaultdict[Group, list[Stored]] = defaultdict(list)
    columns = (Visit.id, Visit.link_id, Visit.at, Visit.visitor, Visit.button, Visit.referrer_host, Visit.reason, Visit.facts)
    begin, end = days_of(groups) if groups else (0, 0)
    for some in chunks(session, groups_of(groups)):
        asked = select(*columns).where(  # type: ignore[call-overload]
            col(Visit.kind) == _UNCERTAIN,
            among(session, col(Visit.link_id), col(Visit.visitor), some),
            col(Visit.at) >= moment_of(begin),
            col(Visit.at) < moment_of(end),
        )
        for visit_id, link_id, at, visitor, button, referrer_host, reason, kept in session.exec(asked):
            at_ms = ms_of(at)
            one = Stored(visit_id, link_id, at_ms, bytes(visitor), button, referrer_host, reason, facts_of(kept))
            group = (link_id, at_ms // DAY_MS, one.visitor)
            if group in groups:
                found[group].append(one)
    return found


def counted_of(session: Session, groups: Collection[Group]) -> set[Group]:
    """Which of these have been counted as people that day: they opened the page."""
    found: set[Group] = set()
    for some in chunks(session, groups_of(groups)):
        asked = select(VisitorDay.link_id, VisitorDay.day, VisitorDay.visitor).where(
            among(session, col(VisitorDay.link_id), col(VisitorDay.visitor), some),
            col(VisitorDay.day).in_({_day(group) for group in groups}),
        )
        found |= {(link_id, day_number(day), bytes(visitor)) for link_id, day, visitor in session.exec(asked)}
    return found & set(groups)


def presses_of(session: Session, groups: Collection[Group], since_ms: int) -> dict[Group, list[int]]:
    """When these visitors pressed a button as people, from this moment on: what was written down later may have happened before."""
    found: defaultdict[Group, list[int]] = defaultdict(list)
    end = days_of(groups)[1] if groups else 0
    for some in chunks(session, groups_of(groups)):
        asked = select(Visit.link_id, Visit.at, Visit.visitor).where(
            col(Visit.button) != "",
            Visit.kind == "person",
            among(session, col(Visit.link_id), col(Visit.visitor), some),
            col(Visit.at) >= moment_of(since_ms),
            col(Visit.at) < moment_of(end),
        )
        for link_id, at, visitor in session.exec(asked):
            at_ms = ms_of(at)
            found[link_id, at_ms // DAY_MS, bytes(visitor or b"")].append(at_ms)
    return found


def _day(group: Group) -> object:
    return moment_of(group[1] * DAY_MS).date()
