"""The artist's wall clock against UTC, with both nights a year that lie."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from creatorbot.errors import InvalidInput


def parse_local(typed: str, zone: str, now: datetime) -> datetime:
    """What the artist typed ("2026-11-22T19:00", seconds allowed) in their zone, as aware UTC.

    An hour that happens twice (autumn) means the first. Raises InvalidInput (field "when") for what is no time, for a time
    in the past, and for one that the clock jumps over (spring), naming the hour to choose instead.
    """
    try:
        wall = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise InvalidInput("“%(typed)s” is not a date and time.", field="when", typed=typed[:40]) from error
    if wall.tzinfo is not None:
        raise InvalidInput("“%(typed)s” is not a date and time.", field="when", typed=typed[:40])
    try:
        chosen = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        back = chosen.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError as error:
        raise InvalidInput("“%(typed)s” is not a date and time.", field="when", typed=typed[:40]) from error
    if back != wall:
        raise InvalidInput(
            "That night the clocks go forward: %(typed)s does not exist. Choose %(instead)s instead.",
            field="when",
            typed=f"{wall:%H:%M}",
            instead=f"{back:%H:%M}",
        )
    if chosen <= now:
        raise InvalidInput("That time has already passed. Choose a later one, or “Post now”.", field="when")
    if chosen > now + timedelta(days=730):
        raise InvalidInput("That is more than two years away. Choose an earlier time.", field="when")
    return chosen


def local(moment: datetime, zone: str) -> datetime:
    """A moment on the artist's wall clock, aware."""
    return moment.astimezone(ZoneInfo(zone))


def happens_twice(moment: datetime, zone: str) -> bool:
    """Whether this is the first of two moments that read the same on the artist's wall clock, because the clocks go back that night."""
    there = local(moment, zone)
    return there.replace(fold=1).utcoffset() != there.replace(fold=0).utcoffset() and there.fold == 0
