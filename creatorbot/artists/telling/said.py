"""A told thing in words: in a reader's language, its moments in the artist's zone, and the page it leads to."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from creatorbot.artists.telling.kinds import MOMENTS
from creatorbot.models import Told
from creatorbot.wording import locale, say


def in_words(told: Told, language: str, zone: str, now: datetime) -> str:
    """The sentence."""
    values = {name: _moment(value, language, zone, now) if name in MOMENTS else value for name, value in told.values.items()}
    return say(language, told.sentence, values or None).strip()  # a sentence may end in a reason that nobody gave


def when_told(moment: datetime, language: str, zone: str) -> str:
    """A moment written out, for where "an hour ago" would grow wrong: in a mail."""
    there, style = moment.astimezone(ZoneInfo(zone)), _style(language)
    return f"{format_date(there, 'medium', locale=style)}, {format_datetime(there, 'HH:mm', locale=style)}"


def leads_to(told: Told) -> str:
    """The path of the page about it; Home's where there is none."""
    places = (
        (told.post_id, "/posts/%s"),
        (told.source_id, "/connections/sources/%s"),
        (told.account_id, "/connections/accounts/%s"),
        (told.release_id, "/releases/%s"),
    )
    return next((path % number for number, path in places if number is not None), "/")


def _moment(value: object, language: str, zone: str, now: datetime) -> str:
    """ "12:20" for today, with its day otherwise."""
    try:
        there = datetime.fromisoformat(str(value)).astimezone(ZoneInfo(zone))
    except ValueError:
        return str(value)
    if there.date() != now.astimezone(ZoneInfo(zone)).date():
        return when_told(there, language, zone)
    short: str = format_time(there, "HH:mm", locale=_style(language))
    return short


def _style(language: str) -> Locale:
    """As the pages write times: in English the British way."""
    return locale("en-GB" if language == "en" else language)


def stored(values: Mapping[str, object]) -> dict[str, object]:
    """Values as a row keeps them."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
