"""Lengths of time and months, as pages about reach write them."""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.units import format_unit

from creatorbot.web import here
from creatorbot.web.house import showing
from creatorbot.wording import N_, say

# As their makers write them, where that is not simply with one capital.
SOFTWARE = {
    name.lower(): name
    for name in ("GoToSocial", "PieFed", "PeerTube", "BookWyrm", "WordPress", "WriteFreely", "FoundKey", "snac", "mbin", "kbin")
} | {"takahe": "Takahē"}
UNITS = (
    ("duration-second", timedelta(seconds=1), timedelta(minutes=1)),
    ("duration-minute", timedelta(minutes=1), timedelta(hours=1)),
    ("duration-hour", timedelta(hours=1), timedelta(days=1)),
)


def span(length: timedelta) -> str:
    """A length of time, never said too short: "45 seconds", "2 minutes" for 65 seconds, "3 hours", "10 days"."""
    return _written(length, "long")


def after(moment: datetime, published_at: datetime) -> str:
    """How long after the post something happened: "after 36 seconds"."""
    if moment <= published_at:
        return say(here.language(), N_("at once"))
    return say(here.language(), N_("after %(time)s"), {"time": span(moment - published_at)})


def tick(seconds: float) -> str:
    """The same in short, as it stands under an axis: "2 min"."""
    return _written(timedelta(seconds=seconds), "short")


def software(name: str) -> str:
    """A server's software as its makers write it."""
    return SOFTWARE.get(name, name.capitalize())


def month(first: date) -> str:
    """November 2026."""
    return format_date(first, "LLLL y", locale=showing.locale_for(here.language()))


def _written(length: timedelta, how: str) -> str:
    name, unit = "duration-day", timedelta(days=1)
    for shorter, size, next_size in UNITS:
        if -(-length // size) * size < next_size:
            name, unit = shorter, size
            break
    return str(
        format_unit(max(1, -(-length // unit)), name, "long" if how == "long" else "short", locale=showing.locale_for(here.language()))
    )
