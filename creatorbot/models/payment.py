"""Payment services, their notices, the ledger's rows, and which link each is credited to."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers, sealed

# What fans pay; the other kinds take it back, or give it back.
PAID = ("tip", "sale", "subscription")


class PaymentService(Row, table=True):
    """A connected payment service. public_id: in the path of its hook. secrets: sealed JSON. cursor: where asking goes on.

    state: ok | failing | disconnected. base_url: "" for the real service.
    """

    id: int | None = key()
    artist_id: int = refers("artist.id")
    provider: str
    public_id: str = Field(unique=True)
    name: str = ""
    live: bool = False
    secrets: bytes = sealed()
    base_url: str = ""
    state: str = "ok"
    sentence: str = ""
    cursor: str = ""
    fetched_at: datetime | None = moment(optional=True)
    pushed_at: datetime | None = moment(optional=True)
    connected_at: datetime = moment()


class Notice(Row, table=True):
    """One raw message of a payment service, stored before it is understood, once. It may name a buyer, so its body is sealed.

    state: new | read | not_ours | unreadable | doubtful (nothing proves that it comes from the service; it counts nowhere).
    tries: how often reading failed; not_before: when to read again. sentence: what is wrong with it, if anything.
    told: external ids of the payments it told about. body: empty once it turned out not to be ours.
    """

    __table_args__ = (UniqueConstraint("service_id", "external_id"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    service_id: int = refers("paymentservice.id")
    external_id: str
    body: bytes = sealed()
    received_at: datetime = moment()
    came_by: str = "pushed"
    state: str = Field(default="new", index=True)
    tries: int = 0
    not_before: datetime | None = moment(optional=True)
    sentence: str = ""
    told: list[str] = document(list)


class Checkout(Row, table=True):
    """One fan on the way to pay. reference: ours, goes out and comes back. state: open | paid | expired."""

    id: int | None = key()
    artist_id: int = refers("artist.id")
    service_id: int = refers("paymentservice.id")
    release_id: int | None = refers("release.id", optional=True, gone="SET NULL")
    link_id: int | None = refers("link.id", optional=True, gone="SET NULL")
    reference: str = Field(unique=True)
    external_id: str = ""
    kind: str = "tip"
    asked_minor: int = Field(sa_type=BigInteger)
    currency: str
    suggested_minor: int | None = Field(default=None, sa_type=BigInteger)
    minimum_minor: int | None = Field(default=None, sa_type=BigInteger)
    state: str = "open"
    created_at: datetime = moment()


class Payment(Row, table=True):
    """Money that moved. kind: tip | sale | subscription | refund | dispute (these two negative) | reinstated (a refund that failed,
    a dispute won).

    parent_id names the payment that the last three take back or give back.

    Identity, amount and currency never change; fee and net (in settled_currency) are filled once.
    """

    __table_args__ = (
        UniqueConstraint("service_id", "external_id"),
        CheckConstraint("length(currency) = 3", name="payment_currency"),
        CheckConstraint(
            "(kind IN ('tip', 'sale', 'subscription', 'reinstated') AND amount_minor >= 0)"
            " OR (kind IN ('refund', 'dispute') AND amount_minor <= 0)",
            name="payment_sign",
        ),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    service_id: int = refers("paymentservice.id")
    notice_id: int = refers("notice.id")
    checkout_id: int | None = refers("checkout.id", optional=True, gone="SET NULL")
    parent_id: int | None = refers("payment.id", optional=True)
    release_id: int | None = refers("release.id", optional=True, gone="SET NULL")
    external_id: str
    kind: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    fee_minor: int | None = Field(default=None, sa_type=BigInteger)
    net_minor: int | None = Field(default=None, sa_type=BigInteger)
    settled_currency: str = ""
    suggested_minor: int | None = Field(default=None, sa_type=BigInteger)
    minimum_minor: int | None = Field(default=None, sa_type=BigInteger)
    country: str = ""
    paid_at: datetime = moment(index=True)
    recorded_at: datetime = moment()


class Candidate(Row, table=True):
    """A link a payment may have come from, and why. grade: exact | strong | probable | stated. evidence: a document of facts."""

    __table_args__ = (UniqueConstraint("payment_id", "link_id"),)
    id: int | None = key()
    payment_id: int = refers("payment.id")
    link_id: int = refers("link.id")
    grade: str
    evidence: dict[str, Any] = document()
    seconds_before: int = 0


class Credit(Row, table=True):
    """The share of one payment given to one link by the default model. Parts of a payment sum to it exactly, in minor units.

    link_id None: what could not be credited. grade: exact | strong | probable | stated | none.
    """

    __table_args__ = (
        UniqueConstraint("payment_id", "link_id"),
        # NULLs are distinct to the constraint above.
        Index(
            "credit_rest_once", "payment_id", unique=True, sqlite_where=text("link_id IS NULL"), postgresql_where=text("link_id IS NULL")
        ),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    payment_id: int = refers("payment.id")
    link_id: int | None = refers("link.id", optional=True)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    grade: str
    model: str = "last"
    rules: int = 1
