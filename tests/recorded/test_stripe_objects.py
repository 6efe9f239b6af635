"""Stripe's own example objects are read without surprise, alone and inside events."""

import json
from pathlib import Path
from typing import Any

import pytest

from creatorbot.errors import InvalidInput
from creatorbot.providers.stripe.read import TYPES, read_event
from tests.providers.events import Known, event, intent, marks

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "payments" / "stripe"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded Stripe objects are not on this machine")


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


NAMES = sorted(path.stem for path in DATA.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_whatever_object_comes_in_whatever_event_nothing_breaks(name: str) -> None:
    thing = load(name)
    for kind in TYPES:
        try:
            facts = read_event(event(kind, thing), Known(no_intents=True))
        except InvalidInput:
            continue
        assert facts == ()


def test_a_recorded_session_that_is_ours_and_paid_is_a_payment() -> None:
    thing = load("stripe_mock_checkout_session")
    paid = thing | {"payment_status": "paid", "metadata": marks(), "amount_total": 1500, "currency": "usd"}
    (fact,) = read_event(event("checkout.session.completed", paid), Known())
    assert (fact.external_id, fact.amount.plain, fact.amount.currency) == (thing["payment_intent"], "15.00", "USD")
    assert read_event(event("checkout.session.completed", thing), Known()) == ()


def test_a_recorded_refund_takes_back_what_it_names() -> None:
    thing = load("stripe_mock_refund") | {"payment_intent": "pi_1"}
    (fact,) = read_event(event("refund.created", thing), Known(intents={"pi_1": intent()}))
    assert (fact.external_id, fact.amount.minor, fact.refund_of) == (thing["id"], -100, "pi_1")


def test_a_recorded_balance_transaction_gives_fee_and_net() -> None:
    transaction = load("djstripe_balance_transaction_txn_fake_ch_fakefakefakefakefake0001")
    known = intent()
    known["latest_charge"]["balance_transaction"] = transaction
    paid = load("stripe_mock_checkout_session") | {
        "payment_status": "paid",
        "metadata": marks(),
        "amount_total": 2000,
        "currency": "usd",
        "payment_intent": "pi_1",
    }
    (fact,) = read_event(event("checkout.session.completed", paid), Known(intents={"pi_1": known}))
    assert fact.fee is not None
    assert fact.net is not None
    assert (fact.fee.minor, fact.net.minor) == (88, 1912)


def test_a_recorded_dispute_that_was_given_back_moves_nothing_in_sum() -> None:
    thing = load("djstripe_dispute_dp_funds_reinstated_full")
    name = thing["payment_intent"]
    facts = read_event(event("charge.dispute.funds_reinstated", thing), Known(intents={name: intent(name)}))
    assert [(fact.kind, fact.amount.minor, fact.net.minor if fact.net else None) for fact in facts] == [
        ("dispute", -1000, -2500),
        ("reinstated", 1000, 2500),
    ]
