"""Prices as pages should not write them: whatever stands there, an amount of money comes out, or none, and never a wrong one."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.amounts import Money, is_currency
from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, Price
from creatorbot.wording import price_line
from tests.sources.pages import linked, offer, release_page, tralbum

STRANGE = [
    -5,
    -0.0,
    "NaN",
    "Infinity",
    1e308,
    "1e400",
    "7,50",
    "seven",
    True,
    [],
    {},
    "",
    None,
    10**18,
    0.004,
    "0x7",
    "٧",
    "7.00 EUR",
    "1_000",
]
CURRENCIES = [None, "", "EURO", "eur", "€", 5, "XXX", "JPY", "KWD", "E\u202eUR", ["EUR"]]


def price(current: dict[str, object], currency: object) -> Price | None:
    """What a release page with these facts says it costs; None when nothing can be read from it."""
    # The currency stands in the band's data, as on real pages: an offer may be missing.
    page = release_page(tralbum(**current), linked(offer(4001, "a", "EUR", None)), currency=currency)  # type: ignore[arg-type]
    try:
        releases = read_page(Fetched("https://aoife.bandcamp.com/album/x", page)).releases
    except InvalidInput:
        return None
    return releases[0].price if releases else None


def sound(found: Price | None) -> None:
    """It can be stored and said."""
    if found is None:
        return
    assert found.amount is None or (0 <= found.amount.minor <= 10**15 and is_currency(found.amount.currency))
    assert found.currency is None or is_currency(found.currency)
    assert found.amount is None or found.model in ("fixed", "minimum")
    price_line("en", found.model, found.amount, found.suggested)


@pytest.mark.parametrize(("value", "currency"), list(itertools.product(STRANGE, CURRENCIES)))
def test_strange_amounts_and_currencies(value: object, currency: object) -> None:
    sound(price({"download_pref": 2, "is_set_price": 1, "set_price": value}, currency))
    sound(price({"download_pref": 2, "minimum_price": value}, currency))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**9), st.sampled_from(["EUR", "USD", "GBP"]), st.booleans())
def test_a_price_is_read_to_the_cent(minor: int, currency: str, is_text: bool) -> None:
    told: object = f"{minor / 100:.2f}" if is_text else minor / 100
    found = price({"download_pref": 2, "is_set_price": 1, "set_price": told}, currency)
    assert found is not None
    assert (found.model, found.amount) == ("fixed", Money(minor, currency))
