"""What Stripe's events say about money: plain JSON in, facts out. Asks Stripe back only through `Asking`.

Amounts are minor units, currencies lower case, times seconds (https://docs.stripe.com/api). Every event is read by itself, so that
any number of them in any order tells the same: a payment is named by its payment intent, a refund by its refund,
a dispute by its dispute, and money that came back after all by the same name with a suffix.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol

from creatorbot.amounts import Money
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.providers.base import PaymentFacts

JsonObject = Mapping[str, object]
REFERENCE = "creatorbot_reference"
KIND = "creatorbot_kind"
TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
_REFERENCE_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_NOTHING: JsonObject = {}


class Asking(Protocol):
    """What can be asked back while reading. All raise ServiceError."""

    def payment_intent(self, intent: str) -> JsonObject:
        """With its charge and that one's balance transaction."""

    def session_of(self, intent: str) -> JsonObject | None:
        """The checkout session that made this payment intent."""

    def refund(self, refund: str) -> JsonObject:
        """With its balance transactions."""

    def refunds_of(self, charge: str) -> Sequence[JsonObject]:
        """All refunds of a charge, with their balance transactions."""


@dataclass(frozen=True)
class _Settled:
    fee: Money | None = None
    net: Money | None = None


def read_event(event: JsonObject, ask: Asking) -> tuple[PaymentFacts, ...]:
    """The facts in one event; none when it is not about money of ours.

    Raises InvalidInput for an event without the fields its type must have, ServiceError when Stripe had to be asked and failed.
    """
    kind = _text(event, "type")
    thing = _child(_child(event, "data"), "object")
    at = _moment(event)
    if kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        return _session(thing, at, ask)
    if kind == "charge.refunded":
        return _charge_refunds(thing, at, ask)
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _refund_of_unknown(thing, at, ask)
    if kind.startswith("charge.dispute."):
        return _dispute(thing, kind, at, ask)
    return ()


def reference_of(thing: JsonObject) -> str | None:
    """Our reference, as a session, payment intent or charge carries it."""
    for found in (_child(thing, "metadata").get(REFERENCE), thing.get("client_reference_id")):
        if isinstance(found, str) and _REFERENCE_SHAPE.fullmatch(found):
            return found
    return None


def _session(session: JsonObject, at: datetime, ask: Asking) -> tuple[PaymentFacts, ...]:
    reference, intent = reference_of(session), _id(session, "payment_intent")
    # "unpaid" is a slow method: async_payment_succeeded comes when the money does.
    if reference is None or not intent or _text(session, "payment_status") != "paid":
        return ()
    settled = _settled_intent(ask, intent)
    kind: Literal["tip", "sale"] = "sale" if _child(session, "metadata").get(KIND) == "sale" else "tip"
    country = _text(_child(_child(session, "customer_details"), "address"), "country")
    return (
        PaymentFacts(
            external_id=intent,
            kind=kind,
            amount=_money(session, "amount_total"),
            paid_at=at,
            reference=reference,
            fee=settled.fee,
            net=settled.net,
            country=country if len(country) == 2 else None,
        ),
    )


def _charge_refunds(charge: JsonObject, at: datetime, ask: Asking) -> tuple[PaymentFacts, ...]:
    """charge.refunded only tells the sum so far; the refunds themselves have names, which the other events use too."""
    intent = _id(charge, "payment_intent")
    reference = reference_of(charge) or (_reference(ask, intent) if intent else None)
    if reference is None:
        return ()
    refunds = _objects(_child(charge, "refunds"), "data")
    if sum(_whole(refund, "amount") for refund in refunds) != _whole(charge, "amount_refunded"):
        refunds = list(ask.refunds_of(_text(charge, "id")))
    return tuple(fact for refund in refunds for fact in _refund(refund, intent, reference, at, ask))


def _refund_of_unknown(refund: JsonObject, at: datetime, ask: Asking) -> tuple[PaymentFacts, ...]:
    intent = _id(refund, "payment_intent")
    if not intent or _text(refund, "status") not in ("succeeded", "failed", "canceled"):
        return ()
    reference = _reference(ask, intent)
    return () if reference is None else _refund(refund, intent, reference, at, ask)


def _refund(refund: JsonObject, intent: str, reference: str, at: datetime, ask: Asking) -> tuple[PaymentFacts, ...]:
    """A refund that went through is one row. One that failed is two that cancel: it may have been told as gone through before."""
    status, name = _text(refund, "status"), _text(refund, "id")
    if status not in ("succeeded", "failed", "canceled") or not name:
        return ()
    if not isinstance(refund.get("balance_transaction"), Mapping) and refund.get("balance_transaction"):
        refund = _asked(lambda: ask.refund(name)) or refund
    there = _settlement(_child(refund, "balance_transaction"))
    taken = PaymentFacts(
        external_id=name,
        kind="refund",
        amount=-_money(refund, "amount"),
        paid_at=_moment(refund),
        reference=reference,
        refund_of=intent,
        fee=there.fee,
        net=there.net,
    )
    if status == "succeeded":
        return (taken,)
    back = _settlement(_child(refund, "failure_balance_transaction"))
    return taken, replace(
        taken, external_id=f"{name}_failed", kind="reinstated", amount=-taken.amount, paid_at=at, fee=back.fee, net=back.net
    )


def _dispute(dispute: JsonObject, kind: str, at: datetime, ask: Asking) -> tuple[PaymentFacts, ...]:
    """Money leaves when a dispute is opened and comes back when it is won. A mere inquiry moves nothing."""
    intent, name, status = _id(dispute, "payment_intent"), _text(dispute, "id"), _text(dispute, "status")
    moves = _objects(dispute, "balance_transactions")
    closed = kind == "charge.dispute.closed"
    won = kind.endswith("funds_reinstated") or (closed and status == "won") or any(_whole(move, "amount") > 0 for move in moves)
    lost = won or kind.endswith("funds_withdrawn") or (closed and status == "lost") or any(_whole(move, "amount") < 0 for move in moves)
    reference = _reference(ask, intent) if lost and intent and name else None
    if reference is None:
        return ()
    there = _settlement(next((move for move in moves if _whole(move, "amount") < 0), _NOTHING))
    taken = PaymentFacts(
        external_id=name,
        kind="dispute",
        amount=-_money(dispute, "amount"),
        paid_at=_moment(dispute),
        reference=reference,
        refund_of=intent,
        fee=there.fee,
        net=there.net,
    )
    if not won:
        return (taken,)
    back = _settlement(next((move for move in moves if _whole(move, "amount") > 0), _NOTHING))
    return taken, replace(taken, external_id=f"{name}_won", kind="reinstated", amount=-taken.amount, paid_at=at, fee=back.fee, net=back.net)


def _reference(ask: Asking, intent: str) -> str | None:
    """Our reference on the payment a refund belongs to: on the payment intent, or, where the key may not read that, on its session."""
    try:
        return reference_of(ask.payment_intent(intent))
    except ServiceError as error:
        if error.kind != "refused":
            raise
    return reference_of(ask.session_of(intent) or _NOTHING)


def _asked(question: Callable[[], JsonObject]) -> JsonObject:
    """An answer that may be had later just as well: nothing where it cannot be had now."""
    try:
        return question()
    except ServiceError:
        return _NOTHING


def _settled_intent(ask: Asking, intent: str) -> _Settled:
    charge = _child(_asked(lambda: ask.payment_intent(intent)), "latest_charge")
    return _settlement(_child(charge, "balance_transaction"))


def _settlement(transaction: JsonObject) -> _Settled:
    """Fee and net of a balance transaction, in the currency the account is paid out in."""
    if not transaction:
        return _Settled()
    return _Settled(_money(transaction, "fee"), _money(transaction, "net"))


def _child(thing: JsonObject, name: str) -> JsonObject:
    found = thing.get(name)
    return found if isinstance(found, Mapping) else _NOTHING


def _objects(thing: JsonObject, name: str) -> list[JsonObject]:
    found = thing.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _text(thing: JsonObject, name: str) -> str:
    found = thing.get(name)
    return found if isinstance(found, str) else ""


def _id(thing: JsonObject, name: str) -> str:
    """The id of another thing, whether only its id is here or all of it."""
    return _text(thing, name) or _text(_child(thing, name), "id")


def _whole(thing: JsonObject, name: str) -> int:
    found = thing.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise InvalidInput("A note from Stripe cannot be read: “%(name)s” is missing.", name=name)


def _money(thing: JsonObject, name: str) -> Money:
    return Money(_whole(thing, name), _text(thing, "currency").upper())


def _moment(thing: JsonObject) -> datetime:
    try:
        return datetime.fromtimestamp(_whole(thing, "created"), UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise InvalidInput("A note from Stripe cannot be read: “%(name)s” is missing.", name="created") from error
