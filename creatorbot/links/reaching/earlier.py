"""One post beside the artist's earlier ones: how far those had come at the same age, and who of the usual servers is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from creatorbot.links.reaching.arrivals import counts_at
from creatorbot.models import Reach

COMPARED = 10  # so many earlier posts are looked at
ENOUGH = 3  # fewer of them say nothing about what is usual
USUAL_OF = 5  # a usual server came to more than half of the last so many
ENOUGH_FOR_USUAL = 2


@dataclass(frozen=True)
class EarlierPost:
    """The link of a post that went out before, and when."""

    link_id: int
    published_at: datetime


@dataclass(frozen=True)
class Usual:
    """Servers that came to more than half of the last `posts` posts: how many, and by name those that did not come this time."""

    posts: int
    servers: int
    missing: list[str]


def medians(session: Session, earlier: Sequence[EarlierPost], ages: Sequence[timedelta]) -> list[float]:
    """How many servers these posts had reached at each of the ages, in the middle; empty with fewer than three posts."""
    if len(earlier) < ENOUGH:
        return []
    counts = counts_at(session, [(post.link_id, post.published_at) for post in earlier[:COMPARED]], ages)
    return [float(median(at_age)) for at_age in zip(*counts, strict=True)]


def usual_servers(session: Session, link_id: int, earlier: Sequence[EarlierPost]) -> Usual | None:
    """The usual servers, by the last five earlier posts (newest first); None with fewer than two, for then nothing is usual."""
    last = [post.link_id for post in earlier[:USUAL_OF]]
    if len(last) < ENOUGH_FOR_USUAL:
        return None
    host, count = col(Reach.host), func.count()
    usual = select(host).where(col(Reach.link_id).in_(last)).group_by(host).having(count > len(last) // 2).subquery()
    came = aliased(Reach)
    this_time = and_(col(came.link_id) == link_id, col(came.host) == usual.c.host)
    rows = session.execute(select(usual.c.host, col(came.id)).select_from(usual).outerjoin(came, this_time)).all()
    return Usual(len(last), len(rows), sorted(host for host, came_id in rows if came_id is None))
