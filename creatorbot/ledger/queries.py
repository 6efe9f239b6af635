"""What the pages about money are drawn from."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from creatorbot.errors import NotFound
from creatorbot.ledger.totals import CurrencyTotal, counted, totals_of
from creatorbot.models import Payment


def payments_of(session: Session, artist_id: int) -> Sequence[Payment]:
    """Every row of the artist's ledger, newest first: payments, and what was taken back of them, played money too."""
    return session.exec(
        select(Payment).where(Payment.artist_id == artist_id).order_by(col(Payment.paid_at).desc(), col(Payment.id).desc())
    ).all()


def get_payment(session: Session, artist_id: int, payment_id: int) -> Payment:
    """One row of this artist's ledger. Raises NotFound."""
    row = session.get(Payment, payment_id)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such payment.")
    return row


def taken_back(session: Session, payment_id: int) -> Sequence[Payment]:
    """Refunds and disputes of a payment, and what came back of them, oldest first."""
    return session.exec(select(Payment).where(Payment.parent_id == payment_id).order_by(col(Payment.paid_at), col(Payment.id))).all()


def totals(session: Session, artist_id: int) -> dict[str, CurrencyTotal]:
    """The artist's money by currency, played money left out where there is real money. Currencies are never added up."""
    return totals_of(counted(session, artist_id))
