"""When an announcement goes out on which account, and why then. Pure: no database, no clock, no network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from creatorbot.announcements.planning.wall import clock_text, day_of, minute_of, next_at, utc_of
from creatorbot.wording import N_

HORIZON = timedelta(days=60)
_STEPS = 2000  # far more than a plan over the horizon can take

SLOT = N_("It is your next free hour.")
STOPPABLE = N_("It goes out by itself, %(minutes)s minutes after it was found, so that you can stop it.")
BEST = N_("Your posts do best around %(hour)s.")
QUIET = N_("Your quiet hours last until %(hour)s.")
CAP = N_("At most %(count)s a day go out on %(place)s.")
GAP = N_("On %(place)s at least %(minutes)s minutes lie between two posts.")
NO_ROOM = N_("On %(place)s there is no room for it in the next %(days)s days.")


@dataclass(frozen=True, order=True)
class Hour:
    """A slot. weekday: 0 is Monday. minute: of the day on the artist's wall clock."""

    weekday: int
    minute: int


@dataclass(frozen=True)
class Rules:
    """The artist's. zone: IANA. quiet_from, quiet_until: minutes of the day, over midnight too; the same for none."""

    zone: str
    slots: tuple[Hour, ...] = ()
    quiet_from: int = 0
    quiet_until: int = 0
    most_a_day: int = 2
    gap: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class Place:
    """An account to post on. name: its server's. most_a_day: what that server allows, None when it says nothing."""

    account_id: int
    name: str
    most_a_day: int | None = None


@dataclass(frozen=True)
class Taken:
    """A post that is out, or planned, on an account."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class Wish:
    """When it should be. slot: at the artist's own hours, if there are any; else as soon as allowed after `wait`.

    best_hour: 0 to 23, used where no slot is; None when nothing is known about it.
    """

    slot: bool = False
    wait: timedelta = timedelta()
    best_hour: int | None = None


@dataclass(frozen=True)
class Reason:
    """A sentence (gettext id) and its values."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """One post. at: None when there is no room for it; the last reason says so."""

    account_id: int
    at: datetime | None
    reasons: tuple[Reason, ...]


def plan(wish: Wish, rules: Rules, places: Sequence[Place], taken: Iterable[Taken], now: datetime) -> list[Planned]:
    """One answer for each account, in the order of their ids. Never before now, never in quiet hours, never more than caps allow."""
    known = list(taken)
    return [
        _one(wish, rules, place, sorted(one.at for one in known if one.account_id == place.account_id), now)
        for place in sorted(places, key=lambda place: place.account_id)
    ]


def is_quiet(minute: int, quiet_from: int, quiet_until: int) -> bool:
    """Whether this minute of the day lies in the quiet hours, which may go over midnight."""
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until


def most_on(rules: Rules, place: Place) -> int:
    """How many posts a day: the artist's number, or the server's where that is lower."""
    return min(rules.most_a_day, place.most_a_day if place.most_a_day is not None else rules.most_a_day)


def objections(at: datetime, rules: Rules, place: Place, taken: Iterable[Taken]) -> list[Reason]:
    """Everything that speaks against this moment on this account: for one that a person chose, who is told and not stopped."""
    zone, there = ZoneInfo(rules.zone), [one.at for one in taken if one.account_id == place.account_id]
    return [stop[1] for look in _LOOKS if (stop := look(at, rules, place, there, zone)) is not None]


def slots_from(moment: datetime, slots: Iterable[Hour], zone: ZoneInfo) -> Iterator[datetime]:
    """The artist's hours from this moment on, to the horizon."""
    hours, first = sorted(set(slots)), day_of(moment, zone)
    for ahead in range(-1, HORIZON.days + 1):
        day = first + timedelta(days=ahead)
        # Two hours of a skipped night may fall on the same minute.
        for found in dict.fromkeys(utc_of(day, hour.minute, zone) for hour in hours if hour.weekday == day.weekday()):
            if found >= moment:
                yield found


def _one(wish: Wish, rules: Rules, place: Place, taken: Sequence[datetime], now: datetime) -> Planned:
    zone, earliest = ZoneInfo(rules.zone), now + wish.wait
    reasons: list[Reason] = []
    if wish.slot and rules.slots:
        free = next((at for at in slots_from(earliest, rules.slots, zone) if _stop(at, rules, place, taken, zone) is None), None)
        return Planned(place.account_id, free, (Reason(SLOT),)) if free else _no_room(place, reasons)
    if wish.wait:
        reasons.append(Reason(STOPPABLE, {"minutes": wish.wait // timedelta(minutes=1)}))
    at = earliest
    if wish.best_hour is not None:
        at = next_at(earliest, wish.best_hour * 60, zone)
        reasons.append(Reason(BEST, {"hour": clock_text(wish.best_hour * 60)}))
    for _ in range(_STEPS):
        stop = _stop(at, rules, place, taken, zone)
        if stop is None:
            return Planned(place.account_id, at, tuple(reasons))
        at, reason = stop
        if reason not in reasons:
            reasons.append(reason)
        if at - now > HORIZON:
            break
    return _no_room(place, reasons)


def _stop(at: datetime, rules: Rules, place: Place, taken: Sequence[datetime], zone: ZoneInfo) -> tuple[datetime, Reason] | None:
    """What speaks against this moment, and the next one worth a try, which is always later. None when nothing does."""
    return next((stop for look in _LOOKS if (stop := look(at, rules, place, taken, zone)) is not None), None)


def _quiet(at: datetime, rules: Rules, place: Place, taken: Sequence[datetime], zone: ZoneInfo) -> tuple[datetime, Reason] | None:
    if not is_quiet(minute_of(at, zone), rules.quiet_from, rules.quiet_until):
        return None
    return next_at(at, rules.quiet_until, zone), Reason(QUIET, {"hour": clock_text(rules.quiet_until)})


def _cap(at: datetime, rules: Rules, place: Place, taken: Sequence[datetime], zone: ZoneInfo) -> tuple[datetime, Reason] | None:
    most, day = most_on(rules, place), day_of(at, zone)
    if sum(day_of(one, zone) == day for one in taken) < most:
        return None
    return _next_day(day, zone), Reason(CAP, {"place": place.name, "count": most})


def _gap(at: datetime, rules: Rules, place: Place, taken: Sequence[datetime], zone: ZoneInfo) -> tuple[datetime, Reason] | None:
    near = [one for one in taken if abs(at - one) < rules.gap]
    if not near:
        return None
    return max(near) + rules.gap, Reason(GAP, {"place": place.name, "minutes": rules.gap // timedelta(minutes=1)})


_LOOKS = (_quiet, _cap, _gap)


def _next_day(day: date, zone: ZoneInfo) -> datetime:
    return utc_of(day + timedelta(days=1), 0, zone)


def _no_room(place: Place, reasons: list[Reason]) -> Planned:
    return Planned(place.account_id, None, (*reasons, Reason(NO_ROOM, {"place": place.name, "days": HORIZON.days})))
