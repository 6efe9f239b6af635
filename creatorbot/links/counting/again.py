"""Visits read once more when the rules have changed: one link and UTC day at a time, rows and figures in one transaction.

Single visits are kept for a while only; a day of which some have gone already keeps the verdicts it has.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, delete, select

from creatorbot.links.classify import PRESENT, Rules
from creatorbot.links.counting.behaviour import Deed, Settled, like_a_browser, settle
from creatorbot.links.counting.earlier import facts_of
from creatorbot.links.counting.lines import DAY_MS
from creatorbot.links.counting.reach_again import set_servers
from creatorbot.links.counting.servers import MOST_SERVERS
from creatorbot.links.counting.tables import add_referrers, add_totals, alone_counting, count_people, day_of, moment_of, ms_of, table_of
from creatorbot.links.counting.tally import Group, Tally
from creatorbot.models import Referrer, Visit, VisitorDay, VisitTotal

VISITS_KEPT = timedelta(days=30)
_MARGIN = timedelta(hours=1)  # so that tidying, which goes on beside this, has not begun with the day
Unit = tuple[int, int]  # link, days since 1970


def outdated(session: Session, now: datetime, *, rules: Rules = PRESENT, most: int = 200) -> list[Unit]:
    """Links and days with visits that were read by older rules, and of which none has been thrown away yet; the oldest first."""
    kept_ms = ms_of(now - VISITS_KEPT + _MARGIN)
    whole = moment_of(-(-kept_ms // DAY_MS) * DAY_MS)
    asked = select(Visit.link_id, Visit.at).where(col(Visit.at) >= whole, col(Visit.rules) < rules.number).order_by(col(Visit.at))
    found: dict[Unit, None] = {}
    for link_id, at in session.exec(asked, execution_options={"yield_per": 1000}):
        found[link_id, ms_of(at) // DAY_MS] = None
        if len(found) >= most:
            break
    return list(found)


def read_again(session: Session, unit: Unit, *, rules: Rules = PRESENT, most_servers: int = MOST_SERVERS) -> int:
    """Bring the visits of this link and day to these rules, and every figure that is made of them. Returns how many were read."""
    alone_counting(session)
    link_id, _ = unit
    visits = _visits(session, unit)
    if not visits:
        return 0
    before = {visit.id: (visit.kind, visit.reason, visit.server_host) for visit in visits}
    hosts: defaultdict[str, int] = defaultdict(int)  # how often each server was counted
    for visit in visits:
        if visit.server_host and not visit.button:
            hosts[visit.server_host] -= 1
    tally = _judge(visits, rules)
    _write(session, visits, before, rules)
    for (_, host), met in tally.servers.items():
        hosts[host] += met.hits
    _forget(session, unit)
    count_people(session, tally)
    add_totals(session, tally)
    add_referrers(session, tally.referrers)
    if hosts:
        set_servers(session, link_id, visits[0].artist_id, hosts, rules, most_servers)
    return len(visits)


def _visits(session: Session, unit: Unit) -> list[Visit]:
    link_id, day = unit
    begin, end = moment_of(day * DAY_MS), moment_of((day + 1) * DAY_MS)
    asked = select(Visit).where(Visit.link_id == link_id, col(Visit.at) >= begin, col(Visit.at) < end)
    return list(session.exec(asked.order_by(col(Visit.at), col(Visit.id))))


def _judge(visits: list[Visit], rules: Rules) -> Tally:
    """Give each of these visits of one link and day its verdict, and add them up."""
    groups: defaultdict[Group, list[tuple[Visit, Deed]]] = defaultdict(list)
    tally = Tally()
    for visit in visits:
        facts, at_ms = facts_of(visit.facts), ms_of(visit.at)
        verdict = rules.read(facts)
        deed = Deed(at_ms, verdict, pressed=bool(visit.button), own=facts.own)
        if like_a_browser(verdict) and visit.visitor is not None:
            groups[visit.link_id, at_ms // DAY_MS, bytes(visit.visitor)].append((visit, deed))
        else:
            (found,) = settle([deed]) if like_a_browser(verdict) else (Settled(verdict, at_ms),)
            _settled(tally, visit, at_ms, found)
    for deeds in groups.values():
        for (visit, deed), found in zip(deeds, settle([deed for _, deed in deeds]), strict=True):
            _settled(tally, visit, deed.at_ms, found)
    return tally


def _settled(tally: Tally, visit: Visit, at_ms: int, found: Settled) -> None:
    verdict = found.verdict
    visit.kind, visit.reason, visit.server_host = verdict.kind, verdict.reason, verdict.host
    if visit.button:
        tally.pressed(visit.link_id, at_ms, visit.button, verdict)
        return
    tally.opened(visit.link_id, at_ms, visit.visitor, visit.referrer_host, verdict, found.known_ms)
    if verdict.host:
        tally.fetched(visit.link_id, visit.artist_id, at_ms, verdict)


def _write(session: Session, visits: list[Visit], before: Mapping[int | None, tuple[str, str, str]], rules: Rules) -> None:
    table = table_of(Visit)
    changed = [
        {"visit": visit.id, "kind_": visit.kind, "reason_": visit.reason, "host_": visit.server_host}
        for visit in visits
        if before[visit.id] != (visit.kind, visit.reason, visit.server_host)
    ]
    for visit in visits:
        session.expunge(visit)  # written below, many at a time
    if changed:
        values: dict[str, object] = {"kind": bindparam("kind_"), "reason": bindparam("reason_"), "server_host": bindparam("host_")}
        session.connection().execute(update(table).where(table.c.id == bindparam("visit")).values(values), changed)
    begin = ms_of(visits[0].at) // DAY_MS * DAY_MS
    theirs = (table.c.link_id == visits[0].link_id, table.c.at >= moment_of(begin), table.c.at < moment_of(begin + DAY_MS))
    session.execute(update(table).where(*theirs, table.c.rules < rules.number).values(rules=rules.number))


def _forget(session: Session, unit: Unit) -> None:
    """What was counted of this link and day; quarters of an hour belong to one day."""
    link_id, day = unit
    begin, end = moment_of(day * DAY_MS), moment_of((day + 1) * DAY_MS)
    session.exec(delete(VisitorDay).where(col(VisitorDay.link_id) == link_id, col(VisitorDay.day) == day_of(day)))
    session.exec(delete(Referrer).where(col(Referrer.link_id) == link_id, col(Referrer.day) == day_of(day)))
    theirs = (col(VisitTotal.link_id) == link_id, col(VisitTotal.quarter) >= begin, col(VisitTotal.quarter) < end)
    session.exec(delete(VisitTotal).where(*theirs))
