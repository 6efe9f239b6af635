"""Credits payments: makes a row for each link a payment may have come from, and rows that share it out."""

from collections.abc import Sequence

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from creatorbot.attribution.match import RULES, Found, Grade, PaymentTrace, Share, candidates, credit, inherit
from creatorbot.models import Candidate, Checkout, Credit, Payment
from creatorbot.storage.once import insert_once

_GRADES: dict[str, Grade] = {"exact": "exact", "strong": "strong", "probable": "probable", "stated": "stated", "none": "none"}


def credit_payments(session: Session, limit: int = 200) -> int:
    """Credit payments that have no credit yet; gives how many. A refund waits for its payment. Running twice changes nothing."""
    done = 0
    for payment in _uncredited(session, limit):
        found, shares = _decide(session, payment)
        assert payment.id is not None
        for one in found:
            insert_once(
                session,
                Candidate(
                    payment_id=payment.id,
                    link_id=one.link_id,
                    grade=one.grade,
                    evidence=dict(one.evidence),
                    seconds_before=one.seconds_before,
                ),
            )
        for share in shares:
            insert_once(
                session,
                Credit(
                    artist_id=payment.artist_id,
                    payment_id=payment.id,
                    link_id=share.link_id,
                    amount_minor=share.amount_minor,
                    currency=payment.currency,
                    grade=share.grade,
                    rules=RULES,
                ),
            )
        done += 1
    return done


def _uncredited(session: Session, limit: int) -> Sequence[Payment]:
    """Payments first, in the order they came; then what takes back a payment that is credited already.

    Locked where the database can: two workers never share out the same payment.
    """
    parent = aliased(Credit)
    rows = session.exec(
        select(Payment)
        .where(
            ~exists().where(col(Credit.payment_id) == col(Payment.id)),
            or_(col(Payment.parent_id).is_(None), exists().where(col(parent.payment_id) == col(Payment.parent_id))),
        )
        .order_by(col(Payment.parent_id).is_not(None), col(Payment.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return rows


def _decide(session: Session, payment: Payment) -> tuple[tuple[Found, ...], tuple[Share, ...]]:
    if payment.parent_id is not None:
        # Locked, so that two refunds of one payment are shared out one after the other.
        session.get(Payment, payment.parent_id, with_for_update=True)
        return (), inherit(_shares_of(session, payment.parent_id), _taken_back(session, payment.parent_id), payment.amount_minor)
    checkout = session.get(Checkout, payment.checkout_id) if payment.checkout_id is not None else None
    trace = (
        PaymentTrace(payment.amount_minor)
        if checkout is None
        else PaymentTrace(
            payment.amount_minor, checkout.link_id, checkout.reference, max(0, int((payment.paid_at - checkout.created_at).total_seconds()))
        )
    )
    found = candidates(trace)
    return found, credit(payment.amount_minor, found)


def _shares_of(session: Session, payment_id: int) -> list[Share]:
    rows = session.exec(select(Credit).where(Credit.payment_id == payment_id).order_by(col(Credit.id))).all()
    return [Share(row.link_id, row.amount_minor, _GRADES[row.grade]) for row in rows]


def _taken_back(session: Session, parent_id: int) -> dict[int | None, int]:
    """Minor units already taken back of a payment, by link."""
    rows = session.exec(select(Credit).join(Payment, col(Credit.payment_id) == col(Payment.id)).where(Payment.parent_id == parent_id)).all()
    found: dict[int | None, int] = {}
    for row in rows:
        found[row.link_id] = found.get(row.link_id, 0) + row.amount_minor
    return found
