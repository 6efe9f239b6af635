"""Stripe's objects as the practice shop keeps them: products, prices, sessions, payments, refunds, events; shaped as Stripe's own."""

import json
import secrets
from collections.abc import Iterator

from creatorbot.rehearsal.state import Doc, State

VERSION = "2026-10-28.endive"
ACCOUNT = "acct_1Practice0Rehearsal"
PREFIXES = {
    "product": "prod_",
    "price": "price_",
    "checkout.session": "cs_test_a1",
    "payment_intent": "pi_3",
    "charge": "ch_3",
    "balance_transaction": "txn_3",
    "refund": "re_3",
    "event": "evt_1",
}

# Documents laid out as the shop writes them, a group of fields to a line.
# fmt: off


def make(state: State, kind: str, fields: Doc) -> Doc:
    """A new object with an id of its kind, stored."""
    doc: Doc = {"id": PREFIXES[kind] + secrets.token_hex(12), "object": kind, "created": int(state.now()), "livemode": False, **fields}
    with state.transaction():
        seq = state.number("SELECT max(seq) FROM thing") + 1
        state.do("INSERT INTO thing VALUES (?, ?, ?, ?)", doc["id"], kind, seq, json.dumps(doc))
    return doc


def get(state: State, name: str, kind: str) -> Doc | None:
    """One object."""
    row = state.row("SELECT body FROM thing WHERE id = ? AND kind = ?", name, kind)
    return json.loads(row["body"]) if row else None


def save(state: State, doc: Doc) -> None:
    """Keep a changed object."""
    state.do("UPDATE thing SET body = ? WHERE id = ?", json.dumps(doc), doc["id"])


def newest_first(state: State, kind: str) -> Iterator[Doc]:
    """All of a kind."""
    for row in state.rows("SELECT body FROM thing WHERE kind = ? ORDER BY seq DESC", kind):
        yield json.loads(row["body"])


def event(state: State, kind: str, about: Doc, previous: Doc | None = None) -> Doc:
    """Note that something happened; `about` is copied as it is now."""
    data: Doc = {"object": public(about)}
    if previous is not None:
        data["previous_attributes"] = previous
    return make(state, "event", {"api_version": VERSION, "type": kind, "data": data, "pending_webhooks": 1,
                                 "request": {"id": None, "idempotency_key": None}})


def public(doc: Doc) -> Doc:
    """An object without what is ours alone (names beginning with an underscore)."""
    return {name: value for name, value in doc.items() if not name.startswith("_")}


def fee_of(amount: int) -> int:
    """What the practice Stripe keeps: 1.5 % and 25, in minor units, rounded half up."""
    return (amount * 15 + 500) // 1000 + 25


def _balance(state: State, source: str, kind: str, amount: int, fee: int, currency: str) -> Doc:
    now = int(state.now())
    details = [{"amount": fee, "application": None, "currency": currency, "description": "Stripe processing fees", "type": "stripe_fee"}]
    return make(state, "balance_transaction", {
        "amount": amount, "fee": fee, "net": amount - fee, "currency": currency, "exchange_rate": None,
        "fee_details": details if fee else [],
        "available_on": now + 7 * 86400, "description": None, "reporting_category": kind, "source": source, "status": "pending", "type":
        "charge" if kind == "charge" else "refund", "balance_type": "payments"})


def _charge_fields(session: Doc, amount: int, intent_id: str, fan: Doc) -> Doc:
    currency = session["currency"]
    return {
        "amount": amount, "amount_captured": amount, "amount_refunded": 0, "application": None, "application_fee": None,
        "application_fee_amount": None, "balance_transaction": None, "billing_details": {**fan, "tax_id": None}, "captured": True,
        "calculated_statement_descriptor": "PRACTICE", "currency": currency, "customer": None, "description": session["_name"],
        "disputed": False,
        "failure_code": None, "failure_message": None, "fraud_details": {}, "metadata": session["_intent_metadata"], "on_behalf_of": None,
        "outcome": {"network_status": "approved_by_network", "reason": None, "risk_level": "normal", "seller_message": "Payment complete.",
                    "type": "authorized"},
        "paid": True, "payment_intent": intent_id, "payment_method": "pm_practice", "payment_method_details": {
            "type": "card", "card": {"brand": "visa", "country": "IE", "exp_month": 12, "exp_year": 2034, "funding": "debit",
                                     "last4": "4242"}},
        "receipt_email": None, "receipt_number": None, "receipt_url": None, "refunded": False, "review": None, "shipping": None,
        "source_transfer": None, "statement_descriptor": None, "statement_descriptor_suffix": None, "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def pay(state: State, session: Doc, amount: int) -> list[Doc]:
    """A fan pays a session: the payment, its charge and fee, and the events, oldest first. The session must be open."""
    fan: Doc = {"address": {"city": None, "country": "IE", "line1": None, "line2": None, "postal_code": None, "state": None},
                "email": "fan@example.com", "name": "Practice Fan", "phone": None}
    with state.transaction():
        intent = make(state, "payment_intent", {
            "amount": amount, "amount_capturable": 0, "amount_received": amount, "amount_details": {"tip": {}}, "application": None,
            "application_fee_amount": None, "canceled_at": None, "capture_method": "automatic_async", "client_secret": None,
            "confirmation_method": "automatic", "currency": session["currency"], "customer": None, "description": session["_name"],
            "last_payment_error": None, "latest_charge": None, "metadata": session["_intent_metadata"], "next_action": None,
            "payment_method": "pm_practice", "payment_method_types": ["card"], "receipt_email": None, "review": None, "shipping": None,
            "status": "succeeded", "statement_descriptor": None, "transfer_data": None, "transfer_group": None})
        charge = make(state, "charge", _charge_fields(session, amount, intent["id"], fan))
        balance = _balance(state, charge["id"], "charge", amount, fee_of(amount), session["currency"])
        charge["balance_transaction"], intent["latest_charge"] = balance["id"], charge["id"]
        session.update({
            "status": "complete", "payment_status": "paid", "payment_intent": intent["id"], "amount_total": amount,
            "amount_subtotal": amount,
            "customer_details": {**fan, "tax_exempt": "none", "tax_ids": []}, "url": None})
        for one in session["_line_items"]:
            one["amount_total"] = one["amount_subtotal"] = amount
        for doc in (charge, intent, session):
            save(state, doc)
        return [event(state, "charge.succeeded", charge), event(state, "payment_intent.succeeded", intent),
                event(state, "checkout.session.completed", session)]


def refund(state: State, charge: Doc, amount: int, notes: dict[str, str], reason: str | None = None) -> tuple[Doc, list[Doc]]:
    """Money goes back: the refund and its events, oldest first. amount: minor units, at most what is left."""
    with state.transaction():
        made = make(state, "refund", {
            "amount": amount, "balance_transaction": None, "charge": charge["id"], "currency": charge["currency"], "metadata": notes,
            "destination_details": {"card": {"type": "refund", "reference_status": "pending",
                                             "reference_type": "acquirer_reference_number"},
                                    "type": "card"},
            "payment_intent": charge["payment_intent"], "reason": reason, "receipt_number": None, "source_transfer_reversal": None,
            "status": "succeeded", "transfer_reversal": None})
        made["balance_transaction"] = _balance(state, made["id"], "refund", -amount, 0, charge["currency"])["id"]
        previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        save(state, made)
        save(state, charge)
        return made, [event(state, "refund.created", made), event(state, "charge.refunded", charge, previous)]
