"""The two ways in which feeds in good order write times."""

import re
from datetime import UTC, datetime, timedelta, timezone

_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d\d?):(\d\d)(?::(\d\d))?\s+([+-]\d{4}|GMT|UTC|UT|Z|[ECMP][DS]T)"
)
_YEAR_FIRST = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d))?")
_ZONES = {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NotUnderstoodError(Exception):
    """Something here needs feedparser's experience."""


def moment_of(text: str) -> datetime | None:
    """The time in UTC: "Fri, 06 Nov 2026 09:00:00 +0100" or "2026-11-06T09:00:00Z"; None for an empty text.

    Raises NotUnderstoodError, or ValueError for a day that does not exist.
    """
    if not text:
        return None
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second, zone = found.groups()
        if month.lower() not in _MONTHS:
            raise NotUnderstoodError
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:])) if zone[0] in "+-" else timedelta(hours=_ZONES.get(zone, 0))
        at = datetime(int(year), _MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        return at + away if zone[0] == "-" else at - away
    if found := _YEAR_FIRST.fullmatch(text):
        date, time, second, zone = found.groups()
        at = datetime.fromisoformat(f"{date}T{time or '00:00'}{second or ':00'}")
        if not zone or zone == "Z":
            return at.replace(tzinfo=UTC)
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
        return at.replace(tzinfo=timezone(away if zone[0] == "+" else -away)).astimezone(UTC)
    raise NotUnderstoodError
