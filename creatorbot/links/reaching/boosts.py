"""Which servers came after a boost: our own boosts, to the second, and those of others, somewhere between two looks at the post.

Came after is all that is known: a server does not say why it fetched the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from creatorbot.links.reaching.arrivals import Arrivals
from creatorbot.models import Account, Boost, Engagement

AFTER_OURS = timedelta(days=2)  # so long a server that comes is counted to our boost, unless there is another first


@dataclass(frozen=True)
class OwnBoost:
    """A boost of ours. handle: who boosted. servers, new: how many came from then `until`; over: whether that time has passed."""

    at: datetime
    handle: str
    until: datetime
    over: bool
    servers: int
    new: int


@dataclass(frozen=True)
class OtherBoosts:
    """Between two looks the count of boosts rose by `more`, our own left out. servers, new: how many came in that time.

    first: the time before the first look, in which the post itself was still arriving; nothing is counted then.
    """

    since: datetime
    until: datetime
    more: int
    servers: int
    new: int
    first: bool = False


@dataclass(frozen=True)
class Look:
    """One look at a post. boosts: as its server counts them, None where it does not tell."""

    at: datetime
    boosts: int | None


def own_boosts(session: Session, post_id: int) -> list[tuple[datetime, str]]:
    """When this post was boosted by us, and by which account; the first first."""
    rows = session.exec(
        select(Boost.done_at, Account.handle)
        .join(Account, col(Account.id) == Boost.account_id)
        .where(Boost.post_id == post_id, Boost.state == "done", col(Boost.done_at).is_not(None))
        .order_by(col(Boost.done_at))
    )
    return [(at, handle) for at, handle in rows if at is not None]


def looks_at(session: Session, post_id: int) -> list[Look]:
    """The looks at this post, oldest first."""
    rows = session.exec(select(Engagement.at, Engagement.boosts).where(Engagement.post_id == post_id).order_by(col(Engagement.at)))
    return [Look(at, boosts) for at, boosts in rows]


def after_ours(own: Sequence[tuple[datetime, str]], arrivals: Arrivals, published_at: datetime, now: datetime) -> list[OwnBoost]:
    """What came after each of our boosts: until the next one of ours, at most two days. own: the first first."""
    found = []
    for number, (at, handle) in enumerate(own):
        end = at + AFTER_OURS
        until = min(end, own[number + 1][0]) if number + 1 < len(own) else end
        servers, new = arrivals.between(at - published_at, until - published_at)
        found.append(OwnBoost(at, handle, until, until <= now, servers, new))
    return found


def after_others(
    looks: Sequence[Look], own: Sequence[tuple[datetime, str]], arrivals: Arrivals, published_at: datetime
) -> list[OtherBoosts]:
    """The times between two looks in which others boosted; oldest first. A look that was told no count says nothing and is passed over."""
    told = [Look(published_at, 0), *(look for look in looks if look.boosts is not None and look.at > published_at)]
    found = []
    for before, after in pairwise(told):
        ours = sum(before.at < at <= after.at for at, _ in own)
        more = (after.boosts or 0) - (before.boosts or 0) - ours
        if more <= 0:
            continue
        first = before is told[0]
        servers, new = (0, 0) if first else arrivals.between(before.at - published_at, after.at - published_at)
        found.append(OtherBoosts(before.at, after.at, more, servers, new, first))
    return found
