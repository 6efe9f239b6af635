"""The servers of one link: page by page, all of them to take along, and by software."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, and_, func, select
from sqlmodel import Session, col

from creatorbot.models import Link, Reach, ServerMet

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


def _servers(link_id: int, order: Order, only_new: bool) -> Select[str, str, datetime, int | None]:
    this_link = and_(
        col(ServerMet.artist_id) == Link.artist_id, col(ServerMet.host) == Reach.host, col(ServerMet.first_link_id) == Reach.link_id
    )
    wanted = (
        select(col(Reach.host), col(Reach.software), col(Reach.first_seen_at), col(ServerMet.id))
        .join(Link, col(Link.id) == col(Reach.link_id))
        .outerjoin(ServerMet, this_link)
        .where(col(Reach.link_id) == link_id)
    )
    if only_new:
        wanted = wanted.where(col(ServerMet.id).is_not(None))
    by = (col(Reach.host),) if order == "name" else (col(Reach.first_seen_at), col(Reach.host))
    return wanted.order_by(*by)


def servers_of(
    session: Session, link_id: int, *, order: Order = "seen", only_new: bool = False, start: int = 0, limit: int | None = None
) -> list[ServerSeen]:
    """The servers of this link, in this order: `limit` of them from `start` on, or all."""
    rows = session.execute(_servers(link_id, order, only_new).offset(start).limit(limit))
    return [ServerSeen(host, software, at, met is not None) for host, software, at, met in rows]


def by_software(session: Session, link_id: int) -> list[SoftwareShare]:
    """Which software these servers run, the most frequent first."""
    listed = _servers(link_id, "name", False).order_by(None).subquery()
    rows = session.execute(select(listed.c.software, func.count(), func.count(listed.c.id)).group_by(listed.c.software)).all()
    return sorted((SoftwareShare(*row) for row in rows), key=lambda share: (-share.servers, share.software))
