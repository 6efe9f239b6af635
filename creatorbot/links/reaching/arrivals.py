"""When the servers of one link came, counted from the moment its post went out, and which of them the artist had never reached before."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlmodel import Session, col, select

from creatorbot.models import Link, Reach, ServerMet

# A Mastodon server waits up to a minute before it fetches the card, so that not all come at once; twice that is
# the time of those that received the post at once.
HERD = timedelta(minutes=2)
EARLY = timedelta(minutes=5)  # our note of when a post went out may be a little later than the first server


@dataclass(frozen=True)
class Arrivals:
    """Ages in seconds after the post went out, ascending; 0 for who came before. new: those that had received no post of the artist yet.

    early: how many came well before the post went out, because an earlier try had reached them or the link was used elsewhere.
    """

    ages: Sequence[float]
    new: Sequence[float]
    early: int = 0

    def reached(self, age: timedelta) -> tuple[int, int]:
        """How many servers had come at this age, and how many of them were new."""
        seconds = age.total_seconds()
        return bisect_right(self.ages, seconds), bisect_right(self.new, seconds)

    def between(self, after: timedelta, until: timedelta) -> tuple[int, int]:
        """How many came later than `after` and not later than `until`, and how many of them were new."""
        (before, old), (then, fresh) = self.reached(after), self.reached(until)
        return max(0, then - before), max(0, fresh - old)

    @property
    def half(self) -> timedelta | None:
        """The age at which half of them had come; None where there are too few for that to say anything."""
        return timedelta(seconds=self.ages[(len(self.ages) - 1) // 2]) if len(self.ages) >= 4 else None

    @property
    def last(self) -> timedelta:
        """The age at which the last one came; zero when none has."""
        return timedelta(seconds=self.ages[-1]) if self.ages else timedelta(0)


def arrivals_of(session: Session, link_id: int, published_at: datetime) -> Arrivals:
    """The arrivals of this link's servers."""
    rows = session.execute(
        select(Reach.first_seen_at, ServerMet.id)
        .join(Link, col(Link.id) == col(Reach.link_id))
        .outerjoin(
            ServerMet,
            and_(
                col(ServerMet.artist_id) == Link.artist_id, col(ServerMet.host) == Reach.host, col(ServerMet.first_link_id) == Reach.link_id
            ),
        )
        .where(Reach.link_id == link_id)
    ).all()
    ages = [((at - published_at).total_seconds(), met) for at, met in rows]
    return Arrivals(
        sorted(max(0.0, age) for age, _ in ages),
        sorted(max(0.0, age) for age, met in ages if met is not None),
        sum(age < -EARLY.total_seconds() for age, _ in ages),
    )
