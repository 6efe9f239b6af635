"""The servers of one link: page by page, all of them to take along, and by software."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from creatorbot.models import Reach, ServerMet

Order = Literal["seen", "name"]
A_PAGE = 100


@dataclass(frozen=True)
class ServerSeen:
    """One server of a link. new: it had received no post of the artist before."""

    host: str
    software: str
    first_seen_at: datetime
    new: bool


@dataclass(frozen=True)
class SoftwareShare:
    """How many servers run this software ("" where they did not say), and how many of them were new."""

    software: str
    servers: int
    new: int


def servers_of(
    session: Session, link_id: int, *, order: Order = "seen", only_new: bool = False, start: int = 0, limit: int | None = None
) -> list[ServerSeen]:
    """The servers of this link, in this order: `limit` of them from `start` on, or all."""
    rows = session.execute(_listed(link_id, order, only_new).offset(start).limit(limit)).all()
    if only_new:
        return [ServerSeen(host, software, at, True) for host, software, at in rows]
    met = select(col(ServerMet.host)).where(col(ServerMet.first_link_id) == link_id)
    if limit is not None:  # looked up for the rows shown only
        met = met.where(col(ServerMet.host).in_([host for host, _, _ in rows]))
    new = set(session.execute(met).scalars())
    return [ServerSeen(host, software, at, host in new) for host, software, at in rows]


def _listed(link_id: int, order: Order, only_new: bool) -> Select[str, str, datetime]:
    table: type[Reach] | type[ServerMet] = ServerMet if only_new else Reach
    host, seen = col(table.host), col(table.first_seen_at)
    this_link = col(ServerMet.first_link_id) if only_new else col(Reach.link_id)
    by = (host,) if order == "name" else (seen, host)
    return select(host, col(table.software), seen).where(this_link == link_id).order_by(*by)


def by_software(session: Session, link_id: int) -> list[SoftwareShare]:
    """Which software these servers run, the most frequent first."""
    came, met = col(Reach.software), col(ServerMet.software)
    every = session.execute(select(came, func.count()).where(col(Reach.link_id) == link_id).group_by(came)).all()
    fresh = session.execute(select(met, func.count()).where(col(ServerMet.first_link_id) == link_id).group_by(met)).all()
    new = dict(fresh)
    found = [SoftwareShare(software, servers, min(servers, new.get(software, 0))) for software, servers in every]
    return sorted(found, key=lambda share: (-share.servers, share.software))
