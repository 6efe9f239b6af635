"""Small Stripe objects and events written by hand, and a Stripe that knows what it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from creatorbot.errors import ServiceError

AT = 1_795_176_000  # 2026-11-20 12:00 UTC
OURS = "Ours0123456789abcdefghijklmnopqr"


def event(kind: str, thing: Mapping[str, Any], name: str = "evt_1", created: int = AT, **more: Any) -> dict[str, Any]:
    """An event as it is pushed and listed."""
    return {
        "id": name,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": created,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        "data": {"object": dict(thing), **more},
    }


def marks(reference: str | None = OURS, kind: str = "tip") -> dict[str, str]:
    """The metadata our own sessions carry."""
    return {} if reference is None else {"creatorbot_reference": reference, "creatorbot_kind": kind}


def session(intent: str = "pi_1", amount: int = 700, reference: str | None = OURS, currency: str = "eur", **more: Any) -> dict[str, Any]:
    """A checkout session that was paid."""
    return {
        "id": f"cs_test_{intent}",
        "object": "checkout.session",
        "amount_total": amount,
        "currency": currency,
        "created": AT - 60,
        "client_reference_id": reference,
        "metadata": marks(reference),
        "mode": "payment",
        "payment_intent": intent,
        "payment_status": "paid",
        "status": "complete",
        "customer_details": {"address": {"country": "DE"}, "email": None, "name": None},
        **more,
    }


def transaction(amount: int, fee: int = 0, currency: str = "eur") -> dict[str, Any]:
    """A balance transaction."""
    return {
        "id": "txn_1",
        "object": "balance_transaction",
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "currency": currency,
        "created": AT,
        "type": "charge",
    }


def intent(
    name: str = "pi_1", amount: int = 700, reference: str | None = OURS, fee: int | None = 46, currency: str = "eur"
) -> dict[str, Any]:
    """A payment intent with its charge expanded. fee None: the balance transaction is not there yet."""
    return {
        "id": name,
        "object": "payment_intent",
        "amount": amount,
        "currency": currency,
        "metadata": marks(reference),
        "latest_charge": {
            "id": name.replace("pi", "ch"),
            "object": "charge",
            "balance_transaction": transaction(amount, fee) if fee is not None else None,
        },
    }


def refund(name: str = "re_1", amount: int = 200, of: str = "pi_1", status: str = "succeeded", currency: str = "eur") -> dict[str, Any]:
    """A refund with its balance transactions."""
    return {
        "id": name,
        "object": "refund",
        "amount": amount,
        "currency": currency,
        "created": AT + 3600,
        "payment_intent": of,
        "charge": of.replace("pi", "ch"),
        "status": status,
        "balance_transaction": transaction(-amount),
        "failure_balance_transaction": transaction(amount) if status == "failed" else None,
    }


def charge(of: str = "pi_1", amount: int = 700, refunded: int = 200, reference: str | None = OURS, **more: Any) -> dict[str, Any]:
    """A charge of which something was refunded; which refunds, it does not say."""
    return {
        "id": of.replace("pi", "ch"),
        "object": "charge",
        "amount": amount,
        "amount_refunded": refunded,
        "currency": "eur",
        "refunded": refunded == amount,
        "metadata": marks(reference),
        "payment_intent": of,
        "created": AT,
        **more,
    }


def dispute(status: str = "needs_response", of: str = "pi_1", amount: int = 700, moves: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A dispute. moves: its balance transactions."""
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": amount,
        "currency": "eur",
        "charge": of.replace("pi", "ch"),
        "payment_intent": of,
        "created": AT + 7200,
        "status": status,
        "balance_transactions": list(moves),
    }


TAKEN = transaction(-700, 1500)
GIVEN_BACK = transaction(700, -1500)


@dataclass
class Known:
    """A Stripe that answers from what it is told. down: it fails so instead. asked: what it was asked."""

    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: ServiceError | None = None
    no_intents: bool = False
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str, found: dict[str, Any] | None) -> dict[str, Any]:
        self.asked.append(what)
        if self.down:
            raise self.down
        if found is None:
            raise ServiceError("No such thing.", kind="refused", status=404)
        return found

    def payment_intent(self, intent: str) -> dict[str, Any]:
        """One of those it was told."""
        return self._ask(intent, None if self.no_intents else self.intents.get(intent))

    def session_of(self, intent: str) -> dict[str, Any] | None:
        """One of those it was told, or none."""
        return self._ask(f"session of {intent}", self.sessions[intent]) if intent in self.sessions else None

    def refund(self, refund: str) -> dict[str, Any]:
        """One of those it was told."""
        return self._ask(refund, self.refunds.get(refund))

    def refunds_of(self, charge: str) -> list[dict[str, Any]]:
        """Those of the charge."""
        self._ask(f"refunds of {charge}", {})
        return [one for one in self.refunds.values() if one["charge"] == charge]
