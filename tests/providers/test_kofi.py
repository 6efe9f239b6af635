"""What Ko-fi's notes say, whatever is in them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.amounts import Money
from creatorbot.errors import BadSignature, InvalidInput
from creatorbot.providers.base import PaymentFacts, Service
from creatorbot.providers.kofi import TEST_PAYMENT, Kofi
from creatorbot.security.http import Door
from tests.providers import notes

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SERVICE = Service({"token": notes.TOKEN})


def read(body: bytes) -> tuple[PaymentFacts, ...]:
    return Kofi().read(body, SERVICE, Door())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Donation", "tip"), ("Subscription", "subscription"), ("Shop Order", "sale"), ("Commission", "sale"), ("Raffle", "tip")],
)
def test_each_kind_of_payment(kind: str, expected: str) -> None:
    (fact,) = read(notes.body(7, type=kind))
    assert (fact.kind, fact.amount, fact.paid_at) == (expected, Money(300, "EUR"), NOW)
    assert fact.external_id.endswith("007")
    assert (fact.fee, fact.net, fact.reference, fact.country) == (None, None, None, None)


def test_a_new_kind_that_says_it_comes_every_month_is_a_subscription() -> None:
    assert read(notes.body(type="Membership", is_subscription_payment=True))[0].kind == "subscription"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("3.00", "usd", 300), ("500.00", "JPY", 500), ("500", "JPY", 500), ("1.5", "KWD", 1500), ("0.00", "EUR", 0)],
)
def test_amounts_have_their_currencys_decimals(amount: str, currency: str, minor: int) -> None:
    assert read(notes.body(amount=amount, currency=currency))[0].amount == Money(minor, currency.upper())


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-3.00"},
        {"amount": "1,000.00"},
        {"amount": "NaN"},
        {"amount": "1e999999"},
        {"amount": "3.001"},
        {"amount": None},
        {"amount": "9" * 30},
        {"currency": "EURO"},
        {"currency": 978},
        {"timestamp": "yesterday"},
        {"timestamp": None},
        {"kofi_transaction_id": None},
        {"kofi_transaction_id": "a\0b"},
    ],
)
def test_what_makes_no_sense_is_told_and_not_guessed(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        read(notes.body(**wrong))


def test_a_test_never_counts() -> None:
    assert read(notes.body(kofi_transaction_id=TEST_PAYMENT)) == ()


def test_what_was_bought_and_where_it_goes() -> None:
    items = [{"direct_link_code": "abc123", "variation_name": "", "quantity": 2}, {"direct_link_code": "def456", "quantity": 1}]
    (fact,) = read(notes.body(type="Shop Order", shop_items=items, shipping={"country_code": "au", "full_name": "Nobody"}))
    assert fact.bought == ("https://ko-fi.com/s/abc123", "https://ko-fi.com/s/def456")
    assert fact.country == "AU"
    assert read(notes.body(shop_items=[*items, {"quantity": 1}]))[0].bought == (), "one thing is not known, so nobody knows what was bought"


def test_the_word_inside_is_the_proof() -> None:
    good, forged = notes.body(), notes.body(verification_token="0" * 36)
    assert Kofi().verify({}, good, SERVICE, NOW).doubt == ""
    doubted = Kofi().verify({}, forged, SERVICE, NOW)
    assert doubted.doubt
    assert doubted.external_id != Kofi().verify({}, good, SERVICE, NOW).external_id, "a forged note must not take a good one's place"
    assert Kofi().verify({}, good, Service({}), NOW).doubt, "without a word of ours nothing is proven"


@pytest.mark.parametrize("pasted", ["", "x", "5f2b9c1e", f"{notes.TOKEN} x", "https://ko-fi.com/me"])
def test_what_is_no_code_is_told_at_the_field(pasted: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Kofi().connect(Service({"token": pasted}), Door())
    assert caught.value.field == "token"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda kids: st.lists(kids) | st.dictionaries(st.text(), kids)
)
FIELDS = sorted(notes.told())


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4))
def test_any_fields_at_all_lead_to_facts_or_to_a_plain_no(more: dict[str, Any]) -> None:
    try:
        facts = read(notes.body(**more))
    except InvalidInput:
        return
    assert all(fact.amount.minor >= 0 and fact.external_id for fact in facts)


@given(st.binary(max_size=200) | st.builds(lambda rest: b"data=" + rest, st.binary(max_size=200)))
def test_any_bytes_at_all_are_refused_or_doubted(body: bytes) -> None:
    try:
        assert Kofi().verify({}, body, SERVICE, NOW).doubt
    except BadSignature:
        pass
