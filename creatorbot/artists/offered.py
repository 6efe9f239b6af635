"""What can be chosen for an artist: languages, time zones, currencies. What is not here is refused, however it was sent."""

from functools import lru_cache
from zoneinfo import available_timezones

from creatorbot import paths

_COMMON = "EUR USD GBP CAD AUD CHF SEK NOK DKK PLN JPY BRL CZK HUF INR KRW MXN NZD ZAR"
_SPOKEN = (
    "ar bg ca cs cy da de el en eo es et eu fa fi fr ga gd gl he hi hr hu id is it ja ko lt lv nb nl nn pl pt ro ru sk sl sr sv tr uk vi zh"
)
CURRENCIES = tuple(_COMMON.split())
WRITTEN = tuple(_SPOKEN.split())
_CONTINENTS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """UTC, then places by continent; the few historical names are left out."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_CONTINENTS)))


def page_languages() -> list[str]:
    """The languages pages come in, English first."""
    folder = paths.locales()
    found = [one.name for one in folder.iterdir() if (one / "LC_MESSAGES").is_dir()] if folder.is_dir() else []
    return ["en", *sorted(name.replace("_", "-") for name in found if name != "en")]


def is_written(language: str) -> bool:
    """Whether an artist may write announcements in it."""
    return language in WRITTEN or language in page_languages()
