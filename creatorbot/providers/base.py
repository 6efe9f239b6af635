"""The Provider port: a payment service's notices in, facts about money out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from creatorbot.amounts import Money
from creatorbot.security.http import Door

PaymentKind = Literal["tip", "sale", "refund", "dispute", "reinstated"]


@dataclass(frozen=True)
class Field:
    """One thing the connect page asks for. help: where to click at the service."""

    name: str
    label: str
    help: str = ""
    secret: bool = True
    required: bool = True


@dataclass(frozen=True)
class Service:
    """One connected payment service as the adapter needs it. secrets: field name to plain value. base_url: "" for the real one."""

    secrets: Mapping[str, str]
    base_url: str = ""


@dataclass(frozen=True)
class Incoming:
    """One raw notice. external_id: the service's own id, unique with it. body: the raw bytes as they came."""

    external_id: str
    body: bytes
    happened_at: datetime | None = None


@dataclass(frozen=True)
class PaymentFacts:
    """Money that moved, as one notice tells it. refund_of: external id of the payment it takes back.

    amount: negative for refunds and disputes; positive again for "reinstated": a refund that failed, a dispute that was won.

    reference: ours, as it came back; None when the payment is not ours. fee, net: in the currency the service settles in,
    None while unknown; they are filled once.
    """

    external_id: str
    kind: PaymentKind
    amount: Money
    paid_at: datetime
    reference: str | None = None
    refund_of: str | None = None
    fee: Money | None = None
    net: Money | None = None
    country: str | None = None


@dataclass(frozen=True)
class Order:
    """What a fan wants to pay. minimum <= suggested. reference: ours, [A-Za-z0-9_-]{1,200}."""

    reference: str
    title: str
    description: str
    amount: Money
    kind: Literal["tip", "sale"]
    success_url: str
    cancel_url: str
    minimum: Money | None = None
    suggested: Money | None = None
    adjustable: bool = False
    language: str | None = None
    image_url: str | None = None


@dataclass(frozen=True)
class Checkout:
    """Where the fan goes to pay. external_id: the service's id of the session."""

    external_id: str
    url: str


@dataclass(frozen=True)
class Page:
    """Notices fetched by asking. cursor: where to go on next time."""

    notices: tuple[Incoming, ...]
    cursor: str = ""
    more: bool = False


@dataclass(frozen=True)
class Connected:
    """What checking the pasted keys showed. name: the service's name for the account. live: real money."""

    name: str
    live: bool
    currency: str | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)


class Provider(Protocol):
    """One payment service. Raises only ServiceError, InvalidInput (pasted keys) or BadSignature."""

    name: str
    label: str
    fields: tuple[Field, ...]

    def connect(self, service: Service, door: Door) -> Connected:
        """Check the pasted keys with one harmless call. Raises InvalidInput for keys of the wrong kind."""

    def start(self, order: Order, service: Service, door: Door) -> Checkout:
        """Open a payment page for this order."""

    def verify(self, headers: Mapping[str, str], body: bytes, service: Service, now: datetime) -> Incoming:
        """Check the signature on the raw body. Raises BadSignature. headers: lower-case names."""

    def fetch(self, service: Service, cursor: str, since: datetime, door: Door) -> Page:
        """Notices by asking, for installations without a public address. Same ids and bodies as the pushed ones."""

    def read(self, body: bytes, service: Service, door: Door) -> tuple[PaymentFacts, ...]:
        """What a stored notice says about money; may ask the service for fee and net. Empty when it says nothing of ours."""
