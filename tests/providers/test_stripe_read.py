"""What a Stripe event means for the ledger."""

from typing import Any

import pytest

from creatorbot.amounts import Money
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.providers.stripe.read import read_event
from tests.providers.events import GIVEN_BACK, OURS, TAKEN, Known, charge, dispute, event, intent, refund, session

EUR = "EUR"


def known(**more: Any) -> Known:
    return Known(intents={"pi_1": intent(), "pi_2": intent("pi_2", reference=None)}, **more)


def rows(thing: dict[str, Any], ask: Known | None = None) -> list[tuple[str, str, int, str | None]]:
    return [(fact.external_id, fact.kind, fact.amount.minor, fact.refund_of) for fact in read_event(thing, ask or known())]


def test_a_paid_session_is_a_payment_with_fee_and_net() -> None:
    (fact,) = read_event(event("checkout.session.completed", session()), known())
    assert (fact.external_id, fact.kind, fact.amount, fact.reference) == ("pi_1", "tip", Money(700, EUR), OURS)
    assert (fact.fee, fact.net, fact.country) == (Money(46, EUR), Money(654, EUR), "DE")


def test_two_events_about_one_payment_name_the_same_row() -> None:
    late = rows(event("checkout.session.async_payment_succeeded", session(), "evt_2"))
    assert rows(event("checkout.session.completed", session())) == late


@pytest.mark.parametrize(
    "thing",
    [
        session(payment_status="unpaid"),
        session(reference=None),
        session(payment_intent=None),
        session(metadata=None, client_reference_id="not ours because of spaces"),
    ],
)
def test_a_session_without_money_or_without_our_reference_says_nothing(thing: dict[str, Any]) -> None:
    assert rows(event("checkout.session.completed", thing)) == []


def test_a_reference_alone_on_the_session_is_enough() -> None:
    (fact,) = read_event(event("checkout.session.completed", session(metadata={})), known())
    assert fact.reference == OURS


@pytest.mark.parametrize("kind", ["checkout.session.expired", "customer.created", "charge.succeeded", "payment_intent.succeeded", ""])
def test_other_events_say_nothing(kind: str) -> None:
    assert rows(event(kind, session())) == []


def test_a_fee_that_cannot_be_had_now_is_unknown_not_a_failure() -> None:
    for ask in (known(down=ServiceError("busy", kind="busy")), Known(intents={"pi_1": intent(fee=None)}), Known(no_intents=True)):
        (fact,) = read_event(event("checkout.session.completed", session()), ask)
        assert (fact.fee, fact.net) == (None, None)


def test_fee_and_net_are_in_the_currency_of_the_payout() -> None:
    paid = intent()
    paid["latest_charge"]["balance_transaction"] |= {"currency": "usd", "amount": 812, "fee": 53, "net": 759}
    (fact,) = read_event(event("checkout.session.completed", session()), Known(intents={"pi_1": paid}))
    assert (fact.amount, fact.fee, fact.net) == (Money(700, EUR), Money(53, "USD"), Money(759, "USD"))


def test_yen_have_no_decimals() -> None:
    (fact,) = read_event(event("checkout.session.completed", session(amount=1980, currency="jpy")), Known())
    assert fact.amount.plain == "1980"


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "charge.refund.updated"])
def test_a_refund_takes_back_its_payment(kind: str) -> None:
    (fact,) = read_event(event(kind, refund()), known())
    assert (fact.external_id, fact.kind, fact.amount, fact.refund_of, fact.reference) == ("re_1", "refund", Money(-200, EUR), "pi_1", OURS)
    assert (fact.fee, fact.net) == (Money(0, EUR), Money(-200, EUR))


def test_a_refund_of_somebody_elses_payment_says_nothing() -> None:
    assert rows(event("refund.created", refund(of="pi_2"))) == []


def test_a_refund_finds_its_reference_on_the_session_when_the_key_may_not_read_payment_intents() -> None:
    ask = known(no_intents=True, sessions={"pi_1": session()})
    assert rows(event("refund.created", refund()), ask) == [("re_1", "refund", -200, "pi_1")]


def test_a_refund_waits_while_stripe_cannot_be_asked() -> None:
    with pytest.raises(ServiceError):
        read_event(event("refund.created", refund()), known(down=ServiceError("away", kind="unreached")))


def test_a_pending_refund_is_not_money_yet() -> None:
    assert rows(event("refund.created", refund(status="pending"))) == []


def test_a_failed_refund_cancels_itself_out() -> None:
    assert rows(event("refund.failed", refund(status="failed"))) == [
        ("re_1", "refund", -200, "pi_1"),
        ("re_1_failed", "reinstated", 200, "pi_1"),
    ]


def test_the_sum_on_a_charge_becomes_its_single_refunds() -> None:
    ask = known(refunds={"re_1": refund("re_1", 200), "re_2": refund("re_2", 300)})
    once = rows(event("charge.refunded", charge(refunded=200, refunds={"data": [refund("re_1", 200)]})), ask)
    assert once == [("re_1", "refund", -200, "pi_1")]
    assert ask.asked == []
    twice = rows(event("charge.refunded", charge(refunded=500)), ask)
    assert twice == [("re_1", "refund", -200, "pi_1"), ("re_2", "refund", -300, "pi_1")]


def test_a_refunded_charge_of_somebody_else_is_not_even_asked_about_twice() -> None:
    ask = known()
    assert rows(event("charge.refunded", charge(of="pi_2", reference=None)), ask) == []
    assert ask.asked == ["pi_2"]


@pytest.mark.parametrize(
    ("kind", "thing", "expected"),
    [
        ("charge.dispute.created", dispute("warning_needs_response"), []),
        ("charge.dispute.created", dispute("needs_response"), []),
        ("charge.dispute.created", dispute("needs_response", moves=[TAKEN]), [-700]),
        ("charge.dispute.funds_withdrawn", dispute("needs_response"), [-700]),
        ("charge.dispute.closed", dispute("lost", moves=[TAKEN]), [-700]),
        ("charge.dispute.closed", dispute("won"), [-700, 700]),
        ("charge.dispute.closed", dispute("warning_closed"), []),
        ("charge.dispute.funds_reinstated", dispute("won", moves=[TAKEN, GIVEN_BACK]), [-700, 700]),
    ],
)
def test_disputes_take_money_and_give_it_back_when_won(kind: str, thing: dict[str, Any], expected: list[int]) -> None:
    facts = read_event(event(kind, thing), known())
    assert [fact.amount.minor for fact in facts] == expected
    assert [fact.external_id for fact in facts] == ["dp_1", "dp_1_won"][: len(facts)]


def test_a_dispute_costs_its_fee() -> None:
    taken, back = read_event(event("charge.dispute.closed", dispute("won", moves=[TAKEN, GIVEN_BACK])), known())
    assert (taken.fee, taken.net) == (Money(1500, EUR), Money(-2200, EUR))
    assert (back.fee, back.net) == (Money(-1500, EUR), Money(2200, EUR))


@pytest.mark.parametrize(
    "broken",
    [session(amount_total=None), session(amount_total="7"), session(amount_total=True), session(currency="euro"), session(currency=None)],
)
def test_a_payment_without_its_amount_cannot_be_read(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        read_event(event("checkout.session.completed", broken), known())


@pytest.mark.parametrize("data", [None, [], "x", {"object": None}, {"object": []}])
def test_an_event_about_nothing_says_nothing(data: Any) -> None:
    for kind in ("checkout.session.completed", "refund.created", "charge.dispute.closed", "charge.refunded"):
        assert read_event({**event(kind, {}), "data": data}, Known(no_intents=True)) == ()
