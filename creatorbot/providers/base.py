"""The Provider port: a payment service's notices in, facts about money out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from creatorbot.amounts import Money
from creatorbot.security.http import Door

PaymentKind = Literal["tip", "sale", "subscription", "refund", "dispute", "reinstated"]


@dataclass(frozen=True)
class Field:
    """One thing the connect page asks for. help: where to click at the service."""

    name: str
    label: str
    help: str = ""
    secret: bool = True
    required: bool = True


@dataclass(frozen=True)
class Manner:
    """How a service deals with us. Sentences are gettext ids.

    lead: what is said before it is connected. steps_at: where the steps are taken, an address without https://. before: what to do there
    first, step by step; after: what to do there once the address for its notes is shown, the first step being to paste that.
    whole_account: everything it tells is this artist's money; otherwise only what carries a reference of ours counts. tells_fees: False
    where fee and net never come. answer: the status it wants for a note that was taken. tried: what is said where nobody has tried it
    against the real service yet.
    """

    lead: str = ""
    steps_at: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    whole_account: bool = False
    tells_fees: bool = True
    answer: int = 204
    tried: str = ""


@dataclass(frozen=True)
class Service:
    """One connected payment service as the adapter needs it. secrets: field name to plain value. base_url: "" for the real one."""

    secrets: Mapping[str, str]
    base_url: str = ""


@dataclass(frozen=True)
class Incoming:
    """One raw notice. external_id: the service's own id, unique with it. body: the raw bytes as they came.

    doubt: a gettext id saying why it is not proven to come from the service; "" when it is. A notice in doubt is kept apart, shown, and
    checked again, from its body alone, with new keys. It counts nowhere until then, and its external_id must not be one that a proven
    notice could have: anybody may have written it.
    """

    external_id: str
    body: bytes
    happened_at: datetime | None = None
    doubt: str = ""


@dataclass(frozen=True)
class PaymentFacts:
    """Money that moved, as one notice tells it. refund_of: external id of the payment it takes back.

    amount: negative for refunds and disputes; positive again for "reinstated": a refund that failed, a dispute that was won.

    reference: ours, as it came back; None when the payment is not ours. fee, net: in the currency the service settles in,
    None while unknown; they are filled once. bought: addresses of the things paid for, where the service tells them.
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
    bought: tuple[str, ...] = ()


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
    """One payment service. Raises only ServiceError, InvalidInput (pasted keys) or BadSignature. What else it can do: Till, Asked."""

    name: str
    label: str
    fields: tuple[Field, ...]
    manner: Manner

    def connect(self, service: Service, door: Door) -> Connected:
        """Check the pasted keys, with one harmless call where there is one. Raises InvalidInput for keys of the wrong kind."""

    def verify(self, headers: Mapping[str, str], body: bytes, service: Service, now: datetime) -> Incoming:
        """Check that the raw body comes from the service. headers: lower-case names.

        Raises BadSignature for what is surely not its: nothing is kept then. Where a wrong key pasted by the artist looks the same as
        a forgery, and the service may not send the note again, the note comes back with a doubt instead.
        """

    def read(self, body: bytes, service: Service, door: Door) -> tuple[PaymentFacts, ...]:
        """What a stored notice says about money; may ask the service for fee and net. Empty when it says nothing of ours."""


@runtime_checkable
class Till(Protocol):
    """A service that opens a payment page for us."""

    def start(self, order: Order, service: Service, door: Door) -> Checkout:
        """Open a payment page for this order."""


@runtime_checkable
class Asked(Protocol):
    """A service that can be asked for its notices: what went astray is found again, and no public address is needed."""

    def fetch(self, service: Service, cursor: str, since: datetime, door: Door) -> Page:
        """Notices by asking. Same ids and bodies as the pushed ones."""
