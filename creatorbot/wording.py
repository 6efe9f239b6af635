"""Sentences used in several places, and the languages they come in (gettext)."""

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_symbol

from creatorbot import paths
from creatorbot.amounts import Money, exponent
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
    whole = short and money.major == money.major.to_integral_value()
    pattern = _money_pattern(language, money.currency, 0 if whole else exponent(money.currency))
    text: str = format_currency(money.major, money.currency, locale=locale(language), currency_digits=False, format=pattern)
    return text


@lru_cache(maxsize=256)
def _money_pattern(language: str, currency: str, decimals: int) -> str:
    """As this language writes money, with exactly so many decimals: its own habit may hide some. Letters keep off the digits."""
    pattern: str = locale(language).currency_formats["standard"].pattern
    symbol: str = get_currency_symbol(currency, locale=locale(language))
    if symbol[-1:].isalpha():
        pattern = re.sub("\u00a4(?=[#0])", "\u00a4\u00a0", pattern)
    if symbol[:1].isalpha():
        pattern = re.sub("(?<=[#0])\u00a4", "\u00a0\u00a4", pattern)
    return pattern.replace(".00", "." + "0" * decimals if decimals else "")


def price_line(language: str, model: str, amount: Money | None, suggested: Money | None) -> str:
    """What a release costs, in a sentence without a final stop; "" when we do not know.

    amount: the fixed price or the floor. suggested: the artist's own anchor, said only where one chooses what to pay, in the
    floor's currency and above it.
    """
    floor = amount if amount is not None and amount.minor > 0 else None
    if (model in ("minimum", "fixed") and amount is None) or (amount is not None and amount.minor < 0):
        return ""
    if floor is None:
        model = {"minimum": "pay_what_you_want", "fixed": "free"}.get(model, model)
    values = {"amount": money_text(language, floor, short=True) if floor else ""}
    if suggested is not None and suggested.minor > 0 and (model != "minimum" or _above(suggested, floor)):
        values["suggested"] = money_text(language, suggested, short=True)
    lines = {
        ("pay_what_you_want", True): N_("Pay what you want – we suggest %(suggested)s"),
        ("pay_what_you_want", False): N_("Pay what you want"),
        ("minimum", True): N_("%(amount)s or more – we suggest %(suggested)s"),
        ("minimum", False): N_("%(amount)s or more"),
        ("fixed", False): N_("%(amount)s"),
        ("free", False): N_("Free download"),
        ("not_sold", False): N_("Not for sale"),
    }
    chosen = model in ("pay_what_you_want", "minimum") and "suggested" in values
    return say(language, lines.get((model, chosen), ""), values)


def _above(suggested: Money, floor: Money | None) -> bool:
    return floor is None or (suggested.currency == floor.currency and suggested.minor > floor.minor)


_OTHER_NAMES = {"CC0-1.0": "CC0", "CC-PDM-1.0": "Public Domain Mark 1.0", "CC-PDDC": "Public Domain"}


def licence_name(spdx: str) -> str:
    """How people write a licence: "CC BY-SA 3.0 DE" for CC-BY-SA-3.0-DE; "" for all rights reserved or unknown."""
    if spdx in _OTHER_NAMES or not spdx.startswith("CC-"):
        return _OTHER_NAMES.get(spdx, "")
    parts = spdx.removeprefix("CC-").replace("SAMPLING-PLUS", "Sampling+").replace("SAMPLING", "Sampling").split("-")
    at = next((i for i, part in enumerate(parts) if part[:1].isdigit()), len(parts))
    place = [part.title() if len(part) > 3 else part for part in parts[at:]]
    return " ".join(["CC", "-".join(parts[:at]).replace("DEVNATIONS", "Developing Nations"), *place])
