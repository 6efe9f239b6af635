"""Proof that parts equal wholes. An empty answer means the books agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from creatorbot.models import PAID, Checkout, Credit, Notice, Payment
from creatorbot.wording import N_

# Younger rows may simply not have been looked at yet.
_GRACE = timedelta(hours=1)
_WAITING = timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree. message: a gettext id, values beside it; the row it is about is named by table and id."""

    table: str
    row_id: int
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.message % self.values if self.values else self.message}"


def check(session: Session, now: datetime) -> list[Difference]:
    """Every difference in the ledger, of all artists."""
    payments = {row.id: row for row in session.exec(select(Payment)).all() if row.id is not None}
    return [
        *_credits(session, payments, now),
        *_parents(payments),
        *_settlements(payments),
        *_notices(session, payments, now),
        *_checkouts(session, payments),
    ]


def _credits(session: Session, payments: Mapping[int, Payment], now: datetime) -> Iterator[Difference]:
    sums: dict[int, int] = {}
    for credit in session.exec(select(Credit)).all():
        payment = payments[credit.payment_id]
        sums[credit.payment_id] = sums.get(credit.payment_id, 0) + credit.amount_minor
        if credit.currency != payment.currency or credit.artist_id != payment.artist_id:
            yield Difference("credit", credit.id or 0, N_("A credit is in another currency, or another artist's, than its payment."))
    for payment_id, payment in payments.items():
        if payment_id not in sums:
            if payment.recorded_at < now - _GRACE:
                yield Difference("payment", payment_id, N_("A payment has not been credited to anything."))
        elif sums[payment_id] != payment.amount_minor:
            yield Difference(
                "payment",
                payment_id,
                N_("The credits of a payment make %(sum)s, but it is %(amount)s."),
                {"sum": sums[payment_id], "amount": payment.amount_minor},
            )


def _parents(payments: Mapping[int, Payment]) -> Iterator[Difference]:
    left = {payment_id: row.amount_minor for payment_id, row in payments.items()}
    for payment_id, row in payments.items():
        if row.kind in PAID:
            continue
        parent = payments.get(row.parent_id or 0)
        if parent is None or (parent.currency, parent.service_id, parent.artist_id) != (row.currency, row.service_id, row.artist_id):
            yield Difference(
                "payment", payment_id, N_("What was taken back does not belong to a payment of the same service and currency.")
            )
        else:
            left[parent.id or 0] += row.amount_minor
    for payment_id, minor in left.items():
        row = payments[payment_id]
        if row.kind in PAID and not 0 <= minor <= row.amount_minor:
            yield Difference(
                "payment",
                payment_id,
                N_("More was taken back, or given back, than was paid: %(left)s of %(amount)s is left."),
                {"left": minor, "amount": row.amount_minor},
            )


def _settlements(payments: Mapping[int, Payment]) -> Iterator[Difference]:
    for payment_id, row in payments.items():
        known = row.fee_minor is not None, row.net_minor is not None, row.settled_currency != ""
        total = (row.net_minor or 0) + (row.fee_minor or 0)
        if any(known) and not all(known):
            yield Difference("payment", payment_id, N_("Fee and net are only half known."))
        elif row.settled_currency == row.currency and total != row.amount_minor:
            yield Difference(
                "payment",
                payment_id,
                N_("Fee and net make %(sum)s, but the payment is %(amount)s."),
                {"sum": total, "amount": row.amount_minor},
            )


def _notices(session: Session, payments: Mapping[int, Payment], now: datetime) -> Iterator[Difference]:
    known = {(row.service_id, row.external_id) for row in payments.values()}
    notices = session.exec(select(Notice).options(defer(Notice.body)).where(col(Notice.state) != "not_ours"))  # type: ignore[arg-type]
    for row in notices:
        if row.state == "read" and any((row.service_id, name) not in known for name in row.told):
            yield Difference("notice", row.id or 0, N_("A note was read, but a payment it told about is missing."))
        elif row.state == "unreadable":
            yield Difference("notice", row.id or 0, N_("A note could not be read."))
        elif row.state == "new" and row.received_at < now - _WAITING:
            yield Difference("notice", row.id or 0, N_("A note has been waiting for more than a day."))


def _checkouts(session: Session, payments: Mapping[int, Payment]) -> Iterator[Difference]:
    paid = {row.checkout_id for row in payments.values() if row.kind in PAID}
    for checkout_id in session.exec(select(Checkout.id).where(Checkout.state == "paid")).all():
        if checkout_id not in paid:
            yield Difference("checkout", checkout_id or 0, N_("A checkout counts as paid, but there is no payment."))
