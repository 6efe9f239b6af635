"""All servers an artist has ever reached: how many, since when, by which post first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from creatorbot.links.reaching.listing import SoftwareShare
from creatorbot.models import ServerMet


def met_before(session: Session, artist_id: int, moments: Sequence[datetime]) -> tuple[int, list[int]]:
    """How many servers this artist has met so far, and how many of them before each of these moments."""
    sums = [func.sum(case((col(ServerMet.first_seen_at) < at, 1), else_=0)) for at in moments]
    row = session.execute(select(func.count()).select_from(ServerMet).add_columns(*sums).where(col(ServerMet.artist_id) == artist_id)).one()
    return int(row[0]), [int(found or 0) for found in row[1:]]


def first_met(session: Session, artist_id: int) -> datetime | None:
    """When the first of them came; None when none has."""
    return session.execute(select(func.min(ServerMet.first_seen_at)).where(ServerMet.artist_id == artist_id)).scalar()


def new_by_link(session: Session, artist_id: int) -> dict[int, int]:
    """For each link that brought new servers: how many."""
    wanted = select(ServerMet.first_link_id, func.count()).where(ServerMet.artist_id == artist_id).group_by(col(ServerMet.first_link_id))
    return dict(session.exec(wanted).all())


def met_by_software(session: Session, artist_id: int) -> list[SoftwareShare]:
    """Which software they ran when they were met, the most frequent first. new: 0."""
    wanted = select(ServerMet.software, func.count()).where(ServerMet.artist_id == artist_id).group_by(col(ServerMet.software))
    rows = session.exec(wanted).all()
    return sorted((SoftwareShare(software, servers, 0) for software, servers in rows), key=lambda share: (-share.servers, share.software))
