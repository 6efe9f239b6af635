"""How things are shown: sentences in the reader's language, money in their locale, times in the artist's zone."""

import hashlib
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask
from markupsafe import Markup

from creatorbot import paths
from creatorbot.amounts import Money
from creatorbot.web import here
from creatorbot.web.house import pulse
from creatorbot.wording import N_, catalogue, say


@lru_cache(maxsize=64)
def locale_for(language: str) -> Locale:
    """Babel's locale for "de" or "pt-BR"; British English when it knows none (days before months, the 24-hour clock)."""
    try:
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def money(amount: Money | None, *, short: bool = False) -> str:
    """ "7,00 €" as this reader writes it; short: "7 €" when there are no cents. A dash for None."""
    if amount is None:
        return "–"
    locale = locale_for(here.language())
    whole = short and amount.major == amount.major.to_integral_value()
    return format_currency(
        amount.major, amount.currency, locale=locale, currency_digits=not whole, format=_without_cents(locale) if whole else None
    )


def number(value: int | float | None) -> str:
    """1,234 or 1.234; a dash for None."""
    return "–" if value is None else format_decimal(value, locale=locale_for(here.language()))


def day(value: date | None) -> str:
    """20 Nov 2026."""
    return "" if value is None else format_date(value, "medium", locale=locale_for(here.language()))


def zone() -> ZoneInfo:
    """The artist's zone; UTC when nobody is logged in."""
    found = None if here.is_public() else here.present()
    return ZoneInfo(found.artist.time_zone if found and found.artist else "UTC")


def exact(moment: datetime) -> str:
    """Friday, 20 November 2026, 13:00 (Dublin): in the artist's zone and with the name of its city, for not every zone's own is known."""
    locale = locale_for(here.language())
    there = moment.astimezone(zone())
    place = "UTC" if zone().key == "UTC" else format_datetime(there, "VVV", locale=locale)
    return f"{format_date(there, 'full', locale=locale)}, {format_datetime(there, 'HH:mm', locale=locale)} ({place})"


def when(moment: datetime | None) -> Markup:
    """A moment as people say it: "in 20 minutes", "Sunday, 19:00", "14 Nov 2026, 9:00"; exact on hover and for screen readers."""
    if moment is None:
        return Markup("")
    locale, there = locale_for(here.language()), moment.astimezone(zone())
    away = moment - here.now()
    if abs(away) < timedelta(hours=12):
        said = (
            say(here.language(), N_("just now"))
            if abs(away) < timedelta(seconds=45)
            else format_timedelta(away, add_direction=True, threshold=1.2, locale=locale)
        )
    elif abs(there.date() - here.now().astimezone(zone()).date()) < timedelta(days=6):
        said = format_datetime(there, "EEEE, HH:mm", locale=locale)
    else:
        said = f"{format_date(there, 'medium', locale=locale)}, {format_datetime(there, 'HH:mm', locale=locale)}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact(moment), said)


@lru_cache(maxsize=256)
def static(name: str) -> str:
    """The address of one of our files, with a mark that changes when it does."""
    path = paths.static() / name
    mark = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest() if path.is_file() else "0"
    return f"/static/{name}?v={mark}"


def gettext(message: str) -> str:
    """The message in the reader's language."""
    return catalogue(here.language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for this count in the reader's language."""
    return catalogue(here.language()).ngettext(one, many, count)


def install(app: Flask) -> None:
    """Give templates their filters and globals."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(money=money, number=number, day=day, when=when, exact=exact)
    env.globals.update(may=here.may, static=static, language=here.language, say=_say, pulse=pulse.here_and_now)

    @app.context_processor
    def who() -> dict[str, object]:
        found = None if here.is_public() else here.present()
        return {"person": found.person if found else None, "artist": found.artist if found else None, "role": found.role if found else ""}


def _say(message: str, values: dict[str, object] | None = None) -> str:
    return say(here.language(), message, values)


@lru_cache(maxsize=64)
def _without_cents(locale: Locale) -> str:
    pattern: str = locale.currency_formats["standard"].pattern
    return pattern.replace("0.00", "0")
