"""From a wall clock to UTC, with both nights a year that lie. Pure.

A minute that the clocks jump over means the next one there is; one that happens twice means the first.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
_MINUTE = timedelta(minutes=1)


def utc_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """This minute (0 to 1439) of this day on the zone's wall clock, as aware UTC."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _wall(found, zone) == wall:
        return found
    # Jumped over: the clocks moved somewhere between what the later and what the earlier offset make of it.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    after = high.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + timedelta(minutes=(high - low) // _MINUTE // 2)
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high


def next_at(moment: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """The first moment at or after this one at which the wall clock shows this minute; a jumped-over one as in `utc_of`."""
    day = moment.astimezone(zone).date()
    for ahead in range(-1, 4):
        first = utc_of(day + timedelta(days=ahead), minute, zone)
        if first >= moment:
            return first
        wall = datetime.combine(day + timedelta(days=ahead), time(minute // 60, minute % 60))
        again = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if again >= moment and _wall(again, zone) == wall:  # the second of a doubled hour
            return again
    return utc_of(day + timedelta(days=4), minute, zone)


def minute_of(moment: datetime, zone: ZoneInfo) -> int:
    """What the wall clock shows, as a minute of the day."""
    there = moment.astimezone(zone)
    return there.hour * 60 + there.minute


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day on the wall calendar."""
    return moment.astimezone(zone).date()


def clock_text(minute: int) -> str:
    """19:05."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
