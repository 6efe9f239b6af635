"""One post beside the artist's earlier ones: how far those had come at the same age, and who of the usual servers is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import case, func
from sqlmodel import Session, col, select

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
    if len(earlier) < ENOUGH or not ages:
        return []
    counts = [_reached(session, post, ages) for post in earlier[:COMPARED]]
    return [float(median(at_age)) for at_age in zip(*counts, strict=True)]


def _reached(session: Session, post: EarlierPost, ages: Sequence[timedelta]) -> list[int]:
    sums = [func.sum(case((col(Reach.first_seen_at) <= post.published_at + age, 1), else_=0)) for age in ages]
    row = session.execute(select(func.count()).add_columns(*sums).where(col(Reach.link_id) == post.link_id)).one()
    return [int(found or 0) for found in row[1:]]


def usual_servers(session: Session, link_id: int, earlier: Sequence[EarlierPost]) -> Usual | None:
    """The usual servers, by the last five earlier posts (newest first); None with fewer than two, for then nothing is usual."""
    last = [post.link_id for post in earlier[:USUAL_OF]]
    if len(last) < ENOUGH_FOR_USUAL:
        return None
    wanted = select(Reach.host).where(col(Reach.link_id).in_(last)).group_by(col(Reach.host)).having(func.count() > len(last) // 2)
    usual = set(session.exec(wanted).all())
    came = set(session.exec(select(Reach.host).where(Reach.link_id == link_id)).all()) if usual else set()
    return Usual(len(last), len(usual), sorted(usual - came))
