"""What the lists of time zones, currencies and languages offer, in the reader's words."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_currency_name

from creatorbot.web import here
from creatorbot.web.house.showing import locale_for

_COMMON = (
    "EUR",
    "USD",
    "GBP",
    "CAD",
    "AUD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "JPY",
    "BRL",
    "CZK",
    "HUF",
    "INR",
    "KRW",
    "MXN",
    "NZD",
    "ZAR",
)
_WRITTEN = (
    "ar",
    "bg",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "eo",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "ga",
    "gd",
    "gl",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "is",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "nb",
    "nl",
    "nn",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "tr",
    "uk",
    "vi",
    "zh",
)


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Places by continent; the few historical names are left out."""
    keep = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    places = sorted(name for name in available_timezones() if name.startswith(keep))
    return [("UTC", "UTC"), *((name, name.replace("_", " ").replace("/", " – ")) for name in places)]


def currencies() -> list[tuple[str, str]]:
    """Those artists use most."""
    return [(code, f"{code} – {get_currency_name(code, locale=locale_for(here.language()))}") for code in _COMMON]


def languages() -> list[tuple[str, str]]:
    """Those pages come in, each in its own words."""
    return [(code, (Locale.parse(code, sep="-").get_display_name() or code).capitalize()) for code in here.languages()]


def writing_languages() -> list[tuple[str, str]]:
    """Those an artist may write announcements in."""
    reader = locale_for(here.language())
    named = ((code, reader.languages.get(code, code).capitalize()) for code in _WRITTEN)
    return sorted(named, key=lambda pair: pair[1])
