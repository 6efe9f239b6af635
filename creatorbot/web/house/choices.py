"""What the lists of time zones, currencies and languages offer, in the reader's words."""

from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name

from creatorbot.artists import offered
from creatorbot.web import here
from creatorbot.web.house.showing import locale_for


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Places by continent; the few historical names are left out."""
    return [(name, name.replace("_", " ").replace("/", " – ")) for name in offered.time_zones()]


def currencies() -> list[tuple[str, str]]:
    """Those artists use most."""
    return [(code, f"{code} – {get_currency_name(code, locale=locale_for(here.language()))}") for code in offered.CURRENCIES]


def languages() -> list[tuple[str, str]]:
    """Those pages come in, each in its own words."""
    return [(code, (Locale.parse(code, sep="-").get_display_name() or code).capitalize()) for code in here.languages()]


def writing_languages() -> list[tuple[str, str]]:
    """Those an artist may write announcements in."""
    reader = locale_for(here.language())
    named = ((code, reader.languages.get(code, code).capitalize()) for code in offered.WRITTEN)
    return sorted(named, key=lambda pair: pair[1])
