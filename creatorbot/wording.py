"""Sentences used in several places, and the languages they come in (gettext)."""

import gettext
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

from creatorbot import paths
from creatorbot.amounts import Money
from creatorbot.errors import CreatorbotError


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Marks a message for translation where it is written; it is translated where it is said."""
    return message


@lru_cache(maxsize=32)
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations for this language ("de", "pt-BR"); English when we have none."""
    return gettext.translation("creatorbot", paths.locales(), languages=[language.replace("-", "_"), language[:2]], fallback=True)


def say(language: str, message: str, values: Mapping[str, object] | None = None) -> str:
    """A message in this language, with its values in place."""
    text = catalogue(language).gettext(message) if message else ""
    return text % dict(values) if values else text


def explain(language: str, error: CreatorbotError) -> str:
    """What happened, as a sentence in this language."""
    return say(language, error.message, error.values)


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """Babel's locale for a language tag; English for one it does not know."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def money_text(language: str, money: Money, *, short: bool = False) -> str:
    """An amount as this language writes it, currency always shown. short: without ".00" when it is whole."""
    text: str = format_currency(money.major, money.currency, locale=locale(language))
    if short and money.major == money.major.to_integral_value():
        text = format_currency(money.major, money.currency, locale=locale(language), currency_digits=False, format=_whole_pattern(language))
    return text


@lru_cache(maxsize=64)
def _whole_pattern(language: str) -> str:
    pattern: str = locale(language).currency_formats["standard"].pattern
    return pattern.replace(".00", "")


def price_line(language: str, model: str, amount: Money | None, suggested: Money | None) -> str:
    """What a release costs, in a sentence without a final stop; "" when we do not know.

    amount: the fixed price or the floor. suggested: the artist's own anchor, said only when there is one.
    """
    values = {
        "amount": money_text(language, amount, short=True) if amount else "",
        "suggested": money_text(language, suggested, short=True) if suggested and suggested.minor else "",
    }
    lines = {
        ("pay_what_you_want", True): N_("Pay what you want – we suggest %(suggested)s"),
        ("pay_what_you_want", False): N_("Pay what you want"),
        ("minimum", True): N_("%(amount)s or more – we suggest %(suggested)s"),
        ("minimum", False): N_("%(amount)s or more"),
        ("fixed", True): N_("%(amount)s"),
        ("fixed", False): N_("%(amount)s"),
        ("free", True): N_("Free download"),
        ("free", False): N_("Free download"),
    }
    if model in ("minimum", "fixed") and amount is None:
        return ""
    return say(language, lines.get((model, bool(values["suggested"])), ""), values)


def licence_name(spdx: str) -> str:
    """How people write a licence: "CC BY-SA 4.0" for CC-BY-SA-4.0; "" for all rights reserved or unknown."""
    if spdx == "CC0-1.0":
        return "CC0"
    if not spdx.startswith("CC-"):
        return ""
    parts = spdx.removeprefix("CC-").split("-")
    at = next((i for i, part in enumerate(parts) if part[:1].isdigit()), len(parts))
    return " ".join(["CC", "-".join(parts[:at]), *parts[at:]])
