"""What pages ask about links: totals, the visits they were made of, the servers reached."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from creatorbot.links.referrers import of_links
from creatorbot.models import Reach, Visit, VisitTotal


@dataclass(frozen=True)
class LinkTotals:
    """One link, all time. people: counted once a UTC day (a sum over days); person, preview, bot, uncertain: visits of each kind;
    servers: distinct fediverse servers that fetched it; presses: how often people pressed a button for a shop; plays: how often Play."""

    people: int = 0
    person: int = 0
    preview: int = 0
    bot: int = 0
    uncertain: int = 0
    servers: int = 0
    presses: int = 0
    plays: int = 0


def totals_of(session: Session, link_ids: Iterable[int]) -> dict[int, LinkTotals]:
    """Totals of each of these links; zeros for one nobody has opened."""
    wanted = sorted(set(link_ids))
    if not wanted:
        return {}
    sums = [
        func.sum(VisitTotal.people),
        func.sum(VisitTotal.person),
        func.sum(VisitTotal.preview),
        func.sum(VisitTotal.bot),
        func.sum(VisitTotal.uncertain),
        func.sum(VisitTotal.presses),
        func.sum(VisitTotal.plays),
    ]
    reached = dict(
        session.exec(select(Reach.link_id, func.count()).where(col(Reach.link_id).in_(wanted)).group_by(col(Reach.link_id))).all()
    )
    found = {link_id: LinkTotals(servers=servers) for link_id, servers in reached.items()}
    counted = session.execute(
        select(VisitTotal.link_id).add_columns(*sums).where(col(VisitTotal.link_id).in_(wanted)).group_by(col(VisitTotal.link_id))
    )
    for link_id, people, person, preview, bot, uncertain, presses, plays in counted:
        kinds = (int(people), int(person), int(preview), int(bot), int(uncertain))
        found[link_id] = LinkTotals(*kinds, reached.get(link_id, 0), int(presses), int(plays))
    return {link_id: found.get(link_id, LinkTotals()) for link_id in wanted}


def visits_of(session: Session, link_id: int, limit: int = 200) -> list[Visit]:
    """The latest visits, newest first, for looking at only. Single visits are kept 30 days; totals for ever.

    A site that sent too few people to be named is not named here either.
    """
    newest_first = select(Visit).where(Visit.link_id == link_id).order_by(col(Visit.at).desc(), col(Visit.id).desc())
    visits = list(session.exec(newest_first.limit(limit)))
    named = of_links(session, [link_id]).names
    for visit in visits:
        session.expunge(visit)
        if visit.referrer_host not in named:
            visit.referrer_host = ""
    return visits


def reach_of(session: Session, link_id: int) -> list[Reach]:
    """The servers that fetched this link, the first first."""
    return list(session.exec(select(Reach).where(Reach.link_id == link_id).order_by(col(Reach.first_seen_at), col(Reach.host))))
