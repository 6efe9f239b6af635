"""Prices in words: every model, every currency, and never another amount than the one that is meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.amounts import LARGEST_MINOR, Money, exponent
from creatorbot.wording import money_text, price_line

CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY", "KRW", "CLP", "KWD", "TND", "BHD", "HUF", "ISK", "LBP", "IQD", "XXX", "QQQ"]
LANGUAGES = ["en", "de", "fr", "es", "ja", "pt-BR", "de-CH", "ar", "hi", "bg", "pl", "nl", "en-IN", "xx"]
MODELS = ["pay_what_you_want", "minimum", "fixed", "free", "not_sold", "unknown", "strange"]

AMOUNTS = st.builds(Money, st.integers(0, LARGEST_MINOR) | st.sampled_from([0, 1, 100, 700, 1000]), st.sampled_from(CURRENCIES))


def digits(text: str) -> int:
    """The number whose digits are in this text, in any script."""
    return int("".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit()) or "0")


@given(st.sampled_from(LANGUAGES), AMOUNTS)
def test_an_amount_is_written_whole_with_its_own_decimals(language: str, money: Money) -> None:
    assert digits(money_text(language, money)) == money.minor
    short = digits(money_text(language, money, short=True))
    assert short in (money.minor, money.minor // 10 ** exponent(money.currency))
    assert short == money.minor or money.minor % 10 ** exponent(money.currency) == 0


@given(st.sampled_from(LANGUAGES), st.sampled_from(MODELS), st.none() | AMOUNTS, st.none() | AMOUNTS)
def test_every_price_has_its_words(language: str, model: str, amount: Money | None, suggested: Money | None) -> None:
    line = price_line(language, model, amount, suggested)
    assert "%" not in line
    assert line == line.strip()
    known = model in ("pay_what_you_want", "free", "not_sold") or (model in ("minimum", "fixed") and amount is not None)
    assert bool(line) is known
    if model in ("minimum", "fixed") and amount is not None and amount.minor:
        assert line.startswith(money_text(language, amount, short=True)) or money_text(language, amount, short=True) in line
    if model in ("fixed", "free", "not_sold") and suggested is not None and amount is None:
        assert money_text(language, suggested, short=True) not in line or not suggested.minor


@pytest.mark.parametrize(
    ("model", "amount", "suggested", "line"),
    [
        ("pay_what_you_want", None, None, "Pay what you want"),
        ("pay_what_you_want", None, 700, "Pay what you want – we suggest €7"),
        ("pay_what_you_want", None, 0, "Pay what you want"),
        ("minimum", 500, 750, "€5 or more – we suggest €7.50"),
        ("minimum", 500, 500, "€5 or more"),  # to suggest the floor says nothing
        ("minimum", 500, 300, "€5 or more"),  # below the floor it cannot be paid
        ("minimum", 0, 700, "Pay what you want – we suggest €7"),
        ("minimum", None, 700, ""),
        ("fixed", 999, 1200, "€9.99"),
        ("fixed", 0, None, "Free download"),
        ("fixed", None, None, ""),
        ("free", None, 700, "Free download"),
        ("not_sold", None, 700, "Not for sale"),
        ("unknown", 700, 700, ""),
        ("minimum", -500, None, ""),
    ],
)
def test_the_words_of_a_price(model: str, amount: int | None, suggested: int | None, line: str) -> None:
    euros = [Money(minor, "EUR") if minor is not None else None for minor in (amount, suggested)]
    assert price_line("en", model, euros[0], euros[1]) == line


def test_a_suggestion_in_another_currency_is_not_set_beside_the_floor() -> None:
    assert price_line("en", "minimum", Money(500, "USD"), Money(700, "EUR")) == "$5 or more"


@pytest.mark.parametrize(
    ("language", "money", "text"),
    [
        ("en", Money(1980, "JPY"), "¥1,980"),
        ("de", Money(700, "EUR"), "7\xa0€"),
        ("de", Money(750, "EUR"), "7,50\xa0€"),
        ("en", Money(7500, "KWD"), "KWD\xa07.500"),
        ("en", Money(7000, "KWD"), "KWD\xa07"),
        ("en", Money(150, "LBP"), "LBP\xa01.50"),  # a language's own habit would round it to 2
    ],
)
def test_amounts_as_people_write_them(language: str, money: Money, text: str) -> None:
    assert money_text(language, money, short=True) == text
