"""When a source is looked at next. Pure: from what it did so far, and what it asks for, between five minutes and a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

Trouble = Literal["busy", "failing", "broken", "refused", "missing", "gone", "robot_check"]

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
LONGEST_ASKED = timedelta(days=7)
_USUAL = timedelta(minutes=15)
_LEAST: Mapping[str, timedelta] = {"bandcamp": timedelta(hours=3)}
_MOST: Mapping[str, timedelta] = {"owncast": SHORTEST}  # who is live now may be gone in an hour
_TELLS_ITSELF = timedelta(hours=12)
_GONE = timedelta(days=7)
_SHARE = 200  # a place that was silent for 200 hours can be left alone for one more
_SLOWER = 1.5


@dataclass(frozen=True)
class Pace:
    """interval_s: how often this source is looked at now. wait_s: seconds until the next look, spread a little."""

    interval_s: int
    wait_s: float


def after_success(
    kind: str,
    before_s: int,
    silent_s: float,
    *,
    news: bool = False,
    by_itself: bool = True,
    asked_s: int = 0,
    tells_itself: bool = False,
    spread: float = 0.0,
) -> Pace:
    """The pace after a look that went well. Earlier failures leave no trace in it.

    before_s: the interval before, 0 for none. silent_s: since news was last there. news: this look brought some. by_itself: it was our
    own turn; looks that somebody asked for say nothing about how often to look. asked_s: how long the source asks to be left alone.
    tells_itself: it pushes its news, so that looking is only for safety. spread: 0 to 1, drawn anew each time, so that many sources of
    one server do not come at once.
    """
    most = LONGEST.total_seconds()
    least, ceiling = _LEAST.get(kind, SHORTEST).total_seconds(), _MOST.get(kind, LONGEST).total_seconds()
    silence = 0.0 if news else max(0.0, silent_s)
    ceiling = _between(least, max(silence / _SHARE, _USUAL.total_seconds()), max(least, ceiling))
    before = before_s or min(ceiling, _USUAL.total_seconds())
    wanted = before / 2 if news else before * _SLOWER if by_itself else before
    wanted = max(_between(least, wanted, ceiling), min(asked_s, most), _TELLS_ITSELF.total_seconds() if tells_itself else 0)
    return Pace(round(wanted), max(wanted, min(wanted * (1 + spread / 10), most)))


def after_trouble(kind: str, state: Trouble, failures: int, *, asked_s: float = 0, spread: float = 0.0) -> float:
    """Seconds until the next look after one that failed: doubled with each failure in a row up to a day; later if asked to.

    What is gone is looked at weekly. failures: in a row, this one among them.
    """
    if state == "gone":
        return _GONE.total_seconds() * (1 + spread / 10)
    first = max(_USUAL, _LEAST.get(kind, _USUAL)).total_seconds()
    wait = min(first * 2.0 ** min(failures, 10), LONGEST.total_seconds())
    return max(wait, min(asked_s, LONGEST_ASKED.total_seconds())) * (1 + spread / 10)


def cached_for(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which this answer stays as it is, by Cache-Control or Expires; None when it says nothing. Lower-case names."""
    directives = dict(_directive(part) for part in headers.get("cache-control", "").lower().split(","))
    if "no-cache" in directives or "no-store" in directives:
        return 0
    if "max-age" in directives:
        return max(0, _number(directives["max-age"]) - _number(headers.get("age", "")))
    expires, sent = _moment(headers.get("expires", "")), _moment(headers.get("date", "")) or now
    if "expires" not in headers:
        return None
    return max(0, round((expires - sent).total_seconds())) if expires else 0  # "0" and "-1" mean: already over


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from the Retry-After header: a number, or a date."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(min(_number(told), LONGEST_ASKED.total_seconds()))
    when = _moment(told)
    return None if when is None else _between(0.0, (when - now).total_seconds(), LONGEST_ASKED.total_seconds())


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name.strip(), value.strip(' "')


def _number(text: str) -> int:
    digits = text.strip()
    return min(int(digits[:12]), 10**9) if digits.isascii() and digits.isdigit() else 0


def _moment(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _between(least: float, value: float, most: float) -> float:
    return max(least, min(value, most))
