"""When the servers of one link came, counted from the moment its post went out, and which of them the artist had never reached before.

To the second, and counted by the database: one link can have 20,000 servers, most of them within a minute.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from creatorbot.models import Reach, ServerMet

# A Mastodon server waits up to a minute before it fetches the card, so that not all come at once; twice that is
# the time of those that received the post at once.
HERD = timedelta(minutes=2)
EARLY = timedelta(minutes=5)  # our note of when a post went out may be a little later than the first server


@dataclass(frozen=True)
class Arrivals:
    """ages: seconds after the post went out at which servers came, ascending; 0 for those that came before. total, new: how
    many had come by then, and how many of them had received no post of the artist before.

    early: how many came well before the post went out, because an earlier try had reached them or the link was used elsewhere.
    """

    ages: Sequence[float]
    total: Sequence[int]
    new: Sequence[int]
    early: int = 0

    @property
    def servers(self) -> int:
        """How many came."""
        return self.total[-1] if self.total else 0

    @property
    def fresh(self) -> int:
        """How many of them were new."""
        return self.new[-1] if self.new else 0

    def reached(self, age: timedelta) -> tuple[int, int]:
        """How many servers had come at this age, and how many of them were new."""
        place = bisect_right(self.ages, age.total_seconds())
        return (self.total[place - 1], self.new[place - 1]) if place else (0, 0)

    def between(self, after: timedelta, until: timedelta) -> tuple[int, int]:
        """How many came later than `after` and not later than `until`, and how many of them were new."""
        (before, old), (then, fresh) = self.reached(after), self.reached(max(after, until))
        return then - before, fresh - old

    @property
    def half(self) -> timedelta | None:
        """The age at which half of them had come; None where there are too few for that to say anything."""
        if self.servers < 4:
            return None
        return timedelta(seconds=self.ages[bisect_left(self.total, (self.servers + 1) // 2)])

    @property
    def last(self) -> timedelta:
        """The age at which the last one came; zero when none has."""
        return timedelta(seconds=self.ages[-1]) if self.ages else timedelta(0)


def gathered(came: Iterable[tuple[float, int]], new: Iterable[tuple[float, int]] = ()) -> Arrivals:
    """From (seconds after the post, how many servers came then), in any order, ages below zero for who came before the post; and the same
    for those of them that were new."""
    known = sorted(came)
    ages, total = [max(0.0, age) for age, _ in known], list(accumulate(servers for _, servers in known))
    fresh = sorted(new)
    fresh_ages, fresh_total = [max(0.0, age) for age, _ in fresh], [0, *accumulate(servers for _, servers in fresh)]
    # Never more new ones than there are: the two are counted apart, and names beyond the limit of one link are in one of them only.
    both = [min(count, fresh_total[bisect_right(fresh_ages, age)]) for age, count in zip(ages, total, strict=True)]
    early = sum(servers for age, servers in known if age < -EARLY.total_seconds())
    return Arrivals(ages, total, both, early)


def arrivals_of(session: Session, link_id: int, published_at: datetime) -> Arrivals:
    """The arrivals of this link's servers."""
    start, came = published_at.timestamp(), _second(session, col(Reach.first_seen_at))
    every = session.execute(select(came, func.count()).where(col(Reach.link_id) == link_id).group_by(came))
    met = _second(session, col(ServerMet.first_seen_at))
    new = session.execute(select(met, func.count()).where(col(ServerMet.first_link_id) == link_id).group_by(met))
    return gathered([(int(at) - start, servers) for at, servers in every], [(int(at) - start, servers) for at, servers in new])


def counts_at(session: Session, posts: Sequence[tuple[int, datetime]], ages: Sequence[timedelta]) -> list[list[int]]:
    """For each of these (link, when its post went out): how many servers it had reached at each age."""
    link, second = col(Reach.link_id), _second(session, col(Reach.first_seen_at))
    wanted = select(link, second, func.count()).where(link.in_([link_id for link_id, _ in posts])).group_by(link, second)
    found: dict[int, list[tuple[int, int]]] = {}
    for link_id, at, servers in session.execute(wanted):
        found.setdefault(link_id, []).append((int(at), servers))
    known = [gathered((at - start.timestamp(), servers) for at, servers in found.get(link_id, [])) for link_id, start in posts]
    return [[arrivals.reached(age)[0] for age in ages] for arrivals in known]


def _second(session: Session, moment: Mapped[datetime]) -> ColumnElement[int]:
    """A moment in whole seconds since 1970. Both databases keep UTC; PostgreSQL tells fractions too."""
    epoch = extract("epoch", moment)
    return (cast(func.floor(epoch), BigInteger) if session.get_bind().dialect.name == "postgresql" else epoch).label("second")
