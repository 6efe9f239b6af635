"""Sums, per currency: two currencies never meet in one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from creatorbot.amounts import Money
from creatorbot.models import Credit, Payment


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


def totals_of(payments: Iterable[Payment]) -> dict[str, CurrencyTotal]:
    """Sums of these rows, by currency."""
    found: dict[str, CurrencyTotal] = {}
    for row in payments:
        paid = found.setdefault(row.currency, CurrencyTotal(row.currency))
        if row.kind in ("tip", "sale"):
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

    Taken together they are exactly the ledger.
    """
    found: dict[int | None, LinkTotal] = {}
    payments = session.exec(select(Payment).where(Payment.artist_id == artist_id)).all()
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
        if payment.kind in ("tip", "sale"):
            total.payments += 1
            total.grades[grade] = total.grades.get(grade, 0) + 1
