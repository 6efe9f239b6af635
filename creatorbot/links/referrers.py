"""Which sites people came from. A server with very few people would give them away: those with fewer than three are one figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from creatorbot.models import Link, Referrer

FEWEST = 3


@dataclass(frozen=True)
class CameFrom:
    """sites: names with the people each sent, most first. small: people from all others together."""

    sites: tuple[tuple[str, int], ...] = ()
    small: int = 0

    @property
    def names(self) -> frozenset[str]:
        """The names that may be shown."""
        return frozenset(host for host, _ in self.sites)


def came_from(people: Mapping[str, int], fewest: int = FEWEST) -> CameFrom:
    """What may be shown of these people by host."""
    named = sorted(((host, count) for host, count in people.items() if count >= fewest), key=lambda one: (-one[1], one[0]))
    return CameFrom(tuple(named), sum(count for count in people.values() if 0 < count < fewest))


def of_links(session: Session, link_ids: Iterable[int], since: date | None = None, until: date | None = None) -> CameFrom:
    """Where people came from to these links together, from one UTC day to another, both included; without days, always."""
    return _of(session, [col(Referrer.link_id).in_(sorted(set(link_ids)))], since, until)


def of_artist(session: Session, artist_id: int, since: date | None = None, until: date | None = None) -> CameFrom:
    """The same for all links of an artist."""
    theirs = col(Referrer.link_id).in_(select(Link.id).where(Link.artist_id == artist_id))
    return _of(session, [theirs], since, until)


def _of(session: Session, wanted: list[ColumnElement[bool]], since: date | None, until: date | None) -> CameFrom:
    if since is not None:
        wanted.append(col(Referrer.day) >= since)
    if until is not None:
        wanted.append(col(Referrer.day) <= until)
    asked = select(Referrer.host, func.sum(Referrer.people)).where(*wanted).group_by(col(Referrer.host))
    return came_from({host: int(people) for host, people in session.exec(asked)})
