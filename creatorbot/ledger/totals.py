"""Sums, per currency: two currencies never meet in one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from creatorbot.amounts import Money
from creatorbot.models import PAID, Credit, Payment, PaymentService


@dataclass
class CurrencyTotal:
    """Minor units of one currency. refunded is a positive number: refunds and disputes, less what came back of them.

    gross, refunded, payments, unsettled count rows paid in this currency; fees and net rows paid out in it, which can be other ones.
    unsettled: rows whose fee is not known yet.
    """

    currency: str
    payments: int = 0
    gross: int = 0
    refunded: int = 0
    fees: int = 0
    net: int = 0
    unsettled: int = 0

    @property
    def kept(self) -> int:
        """What fans paid and did not get back, before fees."""
        return self.gross - self.refunded

    @property
    def money(self) -> Money:
        """The same as Money."""
        return Money(self.kept, self.currency)


def left_out(session: Session, artist_id: int) -> frozenset[int]:
    """Services whose payments are shown, marked as played, but counted in no figure.

    The rule: money of a service connected with a test key counts as long as the artist never connected a live one (who practises
    sees everything as it would be). From the first live key on it counts nowhere, for good: not in totals, not in what posts brought.
    """
    rows = session.exec(select(PaymentService).where(PaymentService.artist_id == artist_id)).all()
    return frozenset(row.id for row in rows if row.id is not None and not row.live) if any(row.live for row in rows) else frozenset()


def counted(session: Session, artist_id: int) -> Sequence[Payment]:
    """The rows of the artist's ledger every figure is made of, the latest first: all but those `left_out`."""
    return session.exec(
        select(Payment)
        .where(Payment.artist_id == artist_id, col(Payment.service_id).not_in(left_out(session, artist_id)))
        .order_by(col(Payment.paid_at).desc(), col(Payment.id).desc())
    ).all()


def totals_of(payments: Iterable[Payment]) -> dict[str, CurrencyTotal]:
    """Sums of these rows, by currency."""
    found: dict[str, CurrencyTotal] = {}
    for row in payments:
        paid = found.setdefault(row.currency, CurrencyTotal(row.currency))
        if row.kind in PAID:
            paid.payments += 1
            paid.gross += row.amount_minor
        else:
            paid.refunded -= row.amount_minor
        if row.net_minor is None:
            paid.unsettled += 1
            continue
        settled = found.setdefault(row.settled_currency, CurrencyTotal(row.settled_currency))
        settled.fees += row.fee_minor or 0
        settled.net += row.net_minor
    return dict(sorted(found.items()))


@dataclass
class LinkTotal:
    """What is credited to one link.

    payments: how many fans paid. money: minor units by currency, refunds taken off. grades: payments by grade of evidence.
    """

    payments: int
    money: dict[str, int]
    grades: dict[str, int]


def by_link(session: Session, artist_id: int) -> Mapping[int | None, LinkTotal]:
    """Credited sums by link; under None what is credited to no link, payments not looked at yet among them.

    Taken together they are exactly the `counted` rows of the ledger.
    """
    found: dict[int | None, LinkTotal] = {}
    payments = counted(session, artist_id)
    credits = session.exec(select(Credit).where(Credit.artist_id == artist_id)).all()
    seen: dict[int, list[Credit]] = {}
    for credit in credits:
        seen.setdefault(credit.payment_id, []).append(credit)
    for payment in payments:
        _add(found, payment, seen.get(payment.id or 0, []))
    return found


def _add(found: dict[int | None, LinkTotal], payment: Payment, credits: Sequence[Credit]) -> None:
    parts = [(credit.link_id, credit.amount_minor, credit.grade) for credit in credits] or [(None, payment.amount_minor, "none")]
    for link_id, minor, grade in parts:
        total = found.setdefault(link_id, LinkTotal(0, {}, {}))
        total.money[payment.currency] = total.money.get(payment.currency, 0) + minor
        if payment.kind in PAID:
            total.payments += 1
            total.grades[grade] = total.grades.get(grade, 0) + 1
