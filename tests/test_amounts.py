"""Money never loses a unit."""

import pytest

from creatorbot.amounts import Money, parse
from creatorbot.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("7", "EUR", 700),
        ("7.5", "EUR", 750),
        ("7,50", "EUR", 750),
        ("1 200,00", "EUR", 120000),
        ("1,200", "EUR", 120000),
        ("1,200.50", "USD", 120050),
        ("1980", "JPY", 1980),
        ("1,980", "JPY", 1980),
        ("1.234", "KWD", 1234),
        ("0.5", "USD", 50),
        ("7 €", "EUR", 700),
        ("€7,50", "EUR", 750),
        ("7 eur", "EUR", 700),
        ("7 Euro", "EUR", 700),
        ("7,-", "EUR", 700),
        ("CHF 7.–", "CHF", 700),
        ("$5", "USD", 500),
        ("US$ 5", "USD", 500),
        ("¥1980", "JPY", 1980),
        ("49 kr", "SEK", 4900),
    ],
)
def test_a_typed_amount_is_understood(typed: str, currency: str, minor: int) -> None:
    assert parse(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize("typed", ["", "seven", "-3", "1e9", "0.505", "9" * 30, "7..5.", "٣", "$7", "€", "7 € €", "7 US"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse(typed, "EUR")


def test_two_currencies_never_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")
