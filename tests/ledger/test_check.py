"""Differences planted in the books are found; honest books have none."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from creatorbot.amounts import Money
from creatorbot.attribution.credit import credit_payments
from creatorbot.ledger.check import check
from creatorbot.ledger.record import record
from creatorbot.models import Notice
from creatorbot.providers.base import PaymentFacts
from creatorbot.runtime import Runtime
from tests.ledger.books import Books, open_books
from tests.providers.events import OURS


@pytest.fixture
def books(runtime: Runtime) -> Books:
    """A tip of 7.00, of which 2.00 went back; all credited."""
    opened_books = open_books(runtime)
    opened_books.checkout()
    paid = PaymentFacts("pi_1", "tip", Money(700, "EUR"), runtime.clock(), OURS, fee=Money(46, "EUR"), net=Money(654, "EUR"))
    back = PaymentFacts("re_1", "refund", Money(-200, "EUR"), runtime.clock(), OURS, "pi_1", Money(0, "EUR"), Money(-200, "EUR"))
    notice_id = opened_books.notice()
    with runtime.session() as session:
        record(session, session.get_one(Notice, notice_id), [paid, back], runtime.clock())
    for _ in range(2):
        with runtime.session() as session:
            credit_payments(session)
    return opened_books


def differences(books: Books) -> list[str]:
    with books.runtime.reading() as session:
        return [str(one) for one in check(session, books.runtime.clock() + timedelta(days=2))]


def test_honest_books_agree(books: Books) -> None:
    assert differences(books) == []


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE credit SET amount_minor = 699 WHERE amount_minor = 700", "credits of a payment make 699"),
        ("UPDATE credit SET currency = 'USD' WHERE amount_minor = 700", "another currency"),
        ("DELETE FROM credit WHERE amount_minor = -200", "not been credited"),
        ("UPDATE payment SET amount_minor = -701, net_minor = -701 WHERE kind = 'refund'", "More was taken back"),
        ("UPDATE payment SET currency = 'USD' WHERE kind = 'refund'", "same service and currency"),
        ("UPDATE payment SET parent_id = NULL WHERE kind = 'refund'", "does not belong"),
        ("UPDATE payment SET net_minor = 655 WHERE kind = 'tip'", "make 701"),
        ("UPDATE payment SET net_minor = NULL WHERE kind = 'tip'", "half known"),
        ("UPDATE payment SET external_id = 'pi_2' WHERE kind = 'tip'", "is missing"),
        ("UPDATE payment SET checkout_id = NULL", "counts as paid"),
        ("UPDATE notice SET state = 'unreadable'", "could not be read"),
        ("UPDATE notice SET state = 'new'", "waiting for more than a day"),
    ],
)
def test_a_planted_difference_is_found(books: Books, sql: str, says: str) -> None:
    with books.runtime.session() as session:
        session.execute(text(sql))
    assert any(says in one for one in differences(books))


def test_what_is_minutes_old_may_still_be_under_way(books: Books) -> None:
    with books.runtime.session() as session:
        session.execute(text("DELETE FROM credit"))
        session.execute(text("UPDATE notice SET state = 'new'"))
    with books.runtime.reading() as session:
        assert check(session, books.runtime.clock() + timedelta(minutes=5)) == []
