"""From notices to payments, whatever order they come in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from creatorbot.amounts import Money
from creatorbot.attribution.credit import credit_payments
from creatorbot.ledger.check import check
from creatorbot.ledger.record import close_old_checkouts, due_notices, record
from creatorbot.models import Checkout, Notice
from creatorbot.providers.base import PaymentFacts
from creatorbot.providers.stripe.read import read_event
from creatorbot.runtime import Runtime
from jobs import credit_payments as job
from tests.conftest import TestClock
from tests.ledger.books import Books, fresh_runtime, open_books
from tests.providers.events import GIVEN_BACK, OURS, TAKEN, Known, charge, dispute, event, intent, refund, session

OTHER = "Another0123456789abcdefghijklmno"


def tell(books: Books, facts: Sequence[PaymentFacts], name: str = "evt_1") -> Notice:
    """A notice that says this, recorded."""
    with books.runtime.session() as opened:
        return tell_in(opened, books, facts, name)


def tell_in(opened: Session, books: Books, facts: Sequence[PaymentFacts], name: str) -> Notice:
    notice = opened.exec(select(Notice).where(Notice.external_id == name)).first() or Notice(
        artist_id=books.artist_id, service_id=books.service_id, external_id=name, body=b"", received_at=books.runtime.clock()
    )
    opened.add(notice)
    opened.flush()
    record(opened, notice, facts, books.runtime.clock())
    return notice


def credit_all(opened: Session) -> None:
    while credit_payments(opened):
        pass


def paid(books: Books, **more: Any) -> PaymentFacts:
    return PaymentFacts(
        **{"external_id": "pi_1", "kind": "tip", "amount": Money(700, "EUR"), "paid_at": books.runtime.clock(), "reference": OURS} | more
    )


def refunded(books: Books, **more: Any) -> PaymentFacts:
    return paid(books, **{"external_id": "re_1", "kind": "refund", "amount": Money(-200, "EUR"), "refund_of": "pi_1"} | more)


def test_a_payment_is_recorded_once_on_both_databases(both_runtime: Runtime) -> None:
    books = open_books(both_runtime)
    checkout_id = books.checkout()
    for name in ("evt_1", "evt_1", "evt_2"):
        tell(books, [paid(books)], name)
    (payment,) = books.payments()
    assert (payment.amount_minor, payment.currency, payment.kind, payment.checkout_id) == (700, "EUR", "tip", checkout_id)
    assert (payment.release_id, payment.suggested_minor, payment.minimum_minor) == (books.release_id, 500, 100)
    assert [notice.told for notice in books.notices()] == [["pi_1"], ["pi_1"]]
    with both_runtime.reading() as opened:
        assert opened.get_one(Checkout, checkout_id).state == "paid"


def test_only_what_carries_our_reference_enters_the_ledger(runtime: Runtime) -> None:
    books, stranger = open_books(runtime), open_books(runtime, name="Bea")
    stranger.checkout(OTHER)
    for name, reference in (("evt_1", None), ("evt_2", "from-another-shop"), ("evt_3", OTHER)):
        stored = tell(books, [paid(books, reference=reference)], name)
        assert (stored.state, stored.body) == ("not_ours", b"")
    assert tell(books, [refunded(books, reference="from-another-shop")], "evt_4").state == "not_ours"
    assert tell(books, [], "evt_5").state == "not_ours"
    assert books.payments() == []


def test_a_refund_before_its_payment_waits_for_it(runtime: Runtime, clock: TestClock) -> None:
    books = open_books(runtime)
    books.checkout()
    early = tell(books, [refunded(books)], "evt_2")
    assert (early.state, early.tries, books.payments()) == ("new", 1, [])
    tell(books, [paid(books, fee=Money(46, "EUR"), net=Money(654, "EUR"))])
    with runtime.reading() as opened:
        assert due_notices(opened, clock()) == []
        assert due_notices(opened, clock.forward(minutes=2)) == [early.id]
    assert tell(books, [refunded(books)], "evt_2").state == "read"
    payment, refund_row = books.payments()
    assert (refund_row.parent_id, refund_row.amount_minor, refund_row.release_id) == (payment.id, -200, books.release_id)


def test_fee_and_net_are_filled_later_and_then_never_change(runtime: Runtime, clock: TestClock) -> None:
    books = open_books(runtime)
    books.checkout()
    notice = tell(books, [paid(books)])
    assert (notice.state, books.payments()[0].net_minor) == ("read", None)
    with runtime.reading() as opened:
        assert due_notices(opened, clock.forward(minutes=2)) == [notice.id]
    known = paid(books, fee=Money(46, "EUR"), net=Money(654, "EUR"))
    assert tell(books, [known]).not_before is None
    tell(books, [replace(known, fee=Money(99, "EUR"), net=Money(601, "EUR"), amount=Money(1, "EUR"))], "evt_2")
    (payment,) = books.payments()
    assert (payment.amount_minor, payment.fee_minor, payment.net_minor, payment.settled_currency) == (700, 46, 654, "EUR")


def test_one_round_of_crediting_does_payments_and_what_takes_them_back(both_runtime: Runtime) -> None:
    books = open_books(both_runtime)
    books.checkout()
    tell(books, [paid(books), refunded(books)])
    assert job.run(both_runtime, both_runtime.clock()).done == 2
    assert [(row.amount_minor, row.link_id, row.grade) for row in books.credits()] == [
        (700, books.link_id, "exact"),
        (-200, books.link_id, "exact"),
    ]
    assert job.run(both_runtime, both_runtime.clock()).done == 0


def test_a_fee_that_never_comes_is_not_asked_for_for_ever(runtime: Runtime, clock: TestClock) -> None:
    books = open_books(runtime)
    books.checkout()
    tries = 1
    while tell(books, [paid(books)]).not_before is not None and tries < 40:
        tries += 1
        clock.forward(hours=7)
    assert 5 < tries < 20


def test_old_checkouts_close_and_a_late_payment_still_finds_its_own(runtime: Runtime, clock: TestClock) -> None:
    books = open_books(runtime)
    books.checkout()
    with runtime.session() as opened:
        assert close_old_checkouts(opened, clock.forward(hours=24)) == 0
        assert close_old_checkouts(opened, clock.forward(hours=2)) == 1
    tell(books, [paid(books)])
    with runtime.reading() as opened:
        assert opened.exec(select(Checkout.state)).one() == "paid"


ASK = Known(
    intents={"pi_1": intent(), "pi_2": intent("pi_2", 300, OTHER), "pi_3": intent("pi_3", reference=None)},
    refunds={"re_1": refund("re_1", 200), "re_2": refund("re_2", 500)},
)
EVENTS = [
    event("checkout.session.completed", session(), "evt_1"),
    event("checkout.session.async_payment_succeeded", session(), "evt_2"),
    event("refund.created", refund("re_1", 200), "evt_3"),
    event("refund.updated", refund("re_1", 200), "evt_4"),
    event("charge.refunded", charge(refunded=200, refunds={"data": [refund("re_1", 200)]}), "evt_5"),
    event("charge.refunded", charge(refunded=700), "evt_6"),
    event("refund.created", refund("re_2", 500), "evt_7"),
    event("checkout.session.completed", session("pi_2", 300, OTHER), "evt_8"),
    event("charge.dispute.created", dispute(of="pi_2", amount=300, moves=[{**TAKEN, "amount": -300, "net": -1800}]), "evt_9"),
    event(
        "charge.dispute.closed",
        dispute("won", "pi_2", 300, [{**TAKEN, "amount": -300, "net": -1800}, {**GIVEN_BACK, "amount": 300, "net": 1800}]),
        "evt_10",
    ),
    event("refund.failed", refund("re_9", 100, "pi_2", "failed"), "evt_11"),
    event("checkout.session.completed", session("pi_3", 900, "from-another-shop"), "evt_12"),
    event("refund.created", refund("re_3", 900, "pi_3"), "evt_13"),
    event("checkout.session.expired", session("pi_4", 100), "evt_14"),
]
FACTS = [read_event(one, ASK) for one in EVENTS]
EXPECTED = [
    ("dp_1", "dispute", -300, "pi_2"),
    ("dp_1_won", "reinstated", 300, "pi_2"),
    ("pi_1", "tip", 700, None),
    ("pi_2", "tip", 300, None),
    ("re_1", "refund", -200, "pi_1"),
    ("re_2", "refund", -500, "pi_1"),
    ("re_9", "refund", -100, "pi_2"),
    ("re_9_failed", "reinstated", 100, "pi_2"),
]


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(len(EVENTS))), again=st.lists(st.integers(0, len(EVENTS) - 1), max_size=10), credit_after=st.integers(0, 20)
)
def test_any_notices_in_any_order_and_number_give_one_ledger(
    order: list[int], again: list[int], credit_after: int, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    books = open_books(fresh_runtime(sqlite_template, tmp_path_factory.mktemp("books")))
    books.checkout()
    books.checkout(OTHER)
    with books.runtime.session() as opened:
        for place, number in enumerate([*order[:7], *again, *order[7:]]):
            tell_in(opened, books, FACTS[number], EVENTS[number]["id"])
            if place == credit_after:
                credit_all(opened)
        for number in order:  # what had to wait
            if tell_in(opened, books, FACTS[number], EVENTS[number]["id"]).state == "new":
                raise AssertionError("its payment is known by now")
        credit_all(opened)
    rows = {row.id: row for row in books.payments()}
    assert [
        (row.external_id, row.kind, row.amount_minor, rows[row.parent_id].external_id if row.parent_id else None) for row in rows.values()
    ] == EXPECTED
    assert all(row.net_minor is not None for row in rows.values())
    with books.runtime.reading() as opened:
        assert [str(one) for one in check(opened, books.runtime.clock() + timedelta(days=2))] == []
