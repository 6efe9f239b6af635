"""When a boost is polite: never in quiet hours, never close to something else on the account, never too many a week. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from creatorbot.announcements.planning.plan import HORIZON, QUIET, Reason, is_quiet
from creatorbot.announcements.planning.wall import clock_text, minute_of, next_at
from creatorbot.wording import N_

WEEK = timedelta(days=7)
_STEPS = 2000

NEAR = N_("At least %(hours)s hours lie between a boost and anything else on that account.")
ENOUGH = N_("No more than %(count)s boosts go out on that account in seven days.")
NEVER = N_("There is no room for it in the next %(days)s days.")


@dataclass(frozen=True)
class Manners:
    """The artist's. quiet_from, quiet_until: minutes of the day, the same for none. most_a_week: at least 1. gap: above zero."""

    zone: str
    quiet_from: int = 0
    quiet_until: int = 0
    most_a_week: int = 2
    gap: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Chosen:
    """at: None when there is no room. reasons: why it is later than asked."""

    at: datetime | None
    reasons: tuple[Reason, ...] = ()


def polite_at(earliest: datetime, manners: Manners, boosts: Sequence[datetime], posts: Sequence[datetime]) -> Chosen:
    """The first moment from `earliest` on that keeps every rule. boosts, posts: those of the same account, out or planned."""
    at, reasons = earliest, list[Reason]()
    for _ in range(_STEPS):
        stop = against(at, manners, boosts, posts)
        if stop is None:
            return Chosen(at, tuple(reasons))
        at, reason = stop
        if reason not in reasons:
            reasons.append(reason)
        if at - earliest > HORIZON:
            break
    return Chosen(None, (*reasons, Reason(NEVER, {"days": HORIZON.days})))


def against(at: datetime, manners: Manners, boosts: Sequence[datetime], posts: Sequence[datetime]) -> tuple[datetime, Reason] | None:
    """What speaks against this moment, and the next one worth a try, which is always later. None when nothing does."""
    zone = ZoneInfo(manners.zone)
    if is_quiet(minute_of(at, zone), manners.quiet_from, manners.quiet_until):
        return next_at(at, manners.quiet_until, zone), Reason(QUIET, {"hour": clock_text(manners.quiet_until)})
    near = [one for one in (*boosts, *posts) if abs(at - one) < manners.gap]
    if near:
        return max(near) + manners.gap, Reason(NEAR, {"hours": manners.gap // timedelta(hours=1)})
    if _too_many(at, manners.most_a_week, boosts):
        return min(one + WEEK for one in boosts if one + WEEK > at), Reason(ENOUGH, {"count": manners.most_a_week})
    return None


def _too_many(at: datetime, most: int, boosts: Sequence[datetime]) -> bool:
    """Whether any seven days would hold more than that."""
    around = sorted([at, *(one for one in boosts if abs(one - at) < WEEK)])
    return any(last - first < WEEK for first, last in zip(around, around[most:], strict=False))
