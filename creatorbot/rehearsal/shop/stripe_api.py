"""Stripe's API as its own library speaks it: keys, idempotency, reading, listing, expanding. Writing is in stripe_writing."""

import hashlib
import json
import re
import secrets

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from creatorbot.rehearsal.shop import objects
from creatorbot.rehearsal.shop.form import StripeError, nested, not_there, whole
from creatorbot.rehearsal.shop.stripe_writing import WRITERS
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import world

stripe_api = Blueprint("stripe_api", __name__, url_prefix="/v1")

KINDS = {
    "products": "product",
    "prices": "price",
    "checkout/sessions": "checkout.session",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "balance_transactions": "balance_transaction",
    "refunds": "refund",
    "events": "event",
}
LINKED = {
    "latest_charge": "charge",
    "charge": "charge",
    "balance_transaction": "balance_transaction",
    "payment_intent": "payment_intent",
    "product": "product",
    "price": "price",
}
WORDS = {"checkout.session": "checkout.session", "payment_intent": "payment_intent"}
GOOD_KEY = re.compile(r"rk_test_\w+")
PLAIN_FILTERS = ("payment_intent", "charge", "status", "product", "active", "source", "type", "currency")


def _send(body: Doc, code: int = 200) -> Response:
    return Response(
        json.dumps(body),
        code,
        mimetype="application/json",
        headers={"Request-Id": "req_" + secrets.token_hex(7), "Stripe-Version": request.headers.get("Stripe-Version", objects.VERSION)},
    )


@stripe_api.errorhandler(StripeError)
def refused(why: StripeError) -> Response:
    """A refusal in Stripe's shape."""
    return _send(why.body(), why.http)


@stripe_api.errorhandler(HTTPException)
def unknown(why: HTTPException) -> Response:
    """An address Stripe does not have."""
    words = f"Unrecognized request URL ({request.method}: {request.path})."
    return _send(StripeError(why.code or 500, words).body(), why.code or 500)


@stripe_api.before_request
def key_fits() -> None:
    """Only restricted test keys are let in; one that says "readonly" may not write."""
    sent = request.headers.get("Authorization", "")
    key = sent[7:] if sent.startswith("Bearer ") else (request.authorization.username or "" if request.authorization else "")
    if not key:
        raise StripeError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
            "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if not GOOD_KEY.fullmatch(key):
        raise StripeError(401, f"Invalid API Key provided: {key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:] if len(key) > 12 else ''}")
    if "readonly" in key and request.method != "GET":
        raise StripeError(
            403,
            f"The provided key '{key[:8]}***{key[-4:]}' does not have the required permissions for this endpoint on account "
            f"'{objects.ACCOUNT}'.",
            code="",
        )


@stripe_api.get("/account")
def account() -> Response:
    """Whose key it is."""
    return _send(
        {
            "id": objects.ACCOUNT,
            "object": "account",
            "business_profile": {"name": "Aoife Marsh", "url": world().base},
            "business_type": "individual",
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "charges_enabled": True,
            "country": "IE",
            "default_currency": "eur",
            "details_submitted": True,
            "email": None,
            "metadata": {},
            "payouts_enabled": True,
            "settings": {"dashboard": {"display_name": "Aoife Marsh (practice)", "timezone": "Europe/Dublin"}},
            "type": "standard",
        }
    )


@stripe_api.get("/balance")
def balance() -> Response:
    """What has come in, less what was kept and given back."""
    sums: dict[str, int] = {}
    for one in objects.newest_first(world().state, "balance_transaction"):
        sums[one["currency"]] = sums.get(one["currency"], 0) + one["net"]
    pending = [{"amount": net, "currency": currency, "source_types": {"card": net}} for currency, net in sums.items()]
    return _send({"object": "balance", "available": [], "pending": pending, "livemode": False})


@stripe_api.post("/<path:place>")
def write(place: str) -> Response:
    """Make or change something; the same Idempotency-Key with the same content gets the same answer."""
    key, here, place = request.headers.get("Idempotency-Key", ""), world().state, place.strip("/")
    pairs = list(request.form.items(multi=True))
    asked = hashlib.sha256(json.dumps([place, sorted(pairs)]).encode()).hexdigest()
    with here.transaction():
        known = here.row("SELECT * FROM answer WHERE place = 'stripe' AND key = ? AND made > ?", key, here.now() - 86400) if key else None
        if known is not None and known["asked"] != asked:
            raise StripeError(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using "
                f"a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        if known is not None:
            answer = _send(json.loads(known["body"]))
            answer.headers["Idempotent-Replayed"] = "true"
            return answer
        doc = _written(place, nested(pairs))
        if key:
            here.do("INSERT OR REPLACE INTO answer VALUES ('stripe', ?, 0, NULL, 200, ?, ?, ?)", key, asked, json.dumps(doc), here.now())
    return _send(doc)


def _written(place: str, fields: Doc) -> Doc:
    expand = fields.pop("expand", [])
    for pattern, writer in WRITERS:
        found = re.fullmatch(pattern, place)
        if found:
            return expanded(objects.public(writer(world(), fields, *found.groups())), expand)
    raise StripeError(404, f"Unrecognized request URL (POST: /v1/{place}).")


@stripe_api.get("/<path:place>")
def read(place: str) -> Response:
    """One object, or a list of them, newest first."""
    place, fields = place.strip("/"), nested(request.args.items(multi=True))
    if place in KINDS:
        return _send(_list(place, fields))
    collection, _, name = place.rpartition("/")
    if name == "line_items" and collection.startswith("checkout/sessions/"):
        session = objects.get(world().state, collection.rpartition("/")[2], "checkout.session")
        if session is None:
            raise not_there("checkout.session", collection.rpartition("/")[2])
        return _send({"object": "list", "url": f"/v1/{place}", "has_more": False, "data": session["_line_items"]})
    if collection not in KINDS:
        raise StripeError(404, f"Unrecognized request URL (GET: /v1/{place}).")
    doc = objects.get(world().state, name, KINDS[collection])
    if doc is None:
        raise not_there(KINDS[collection], name)
    return _send(expanded(doc, fields.get("expand", [])))


def expanded(doc: Doc, paths: list[str]) -> Doc:
    """The object with linked objects put in place of their ids, along paths like latest_charge.balance_transaction."""
    full = objects.public(doc)
    for path in paths:
        first, _, rest = path.partition(".")
        inner = full.get(first)
        if first == "line_items" and "_line_items" in doc:
            full[first] = {
                "object": "list",
                "data": doc["_line_items"],
                "has_more": False,
                "url": f"/v1/checkout/sessions/{doc['id']}/line_items",
            }
        elif isinstance(inner, str) and first in LINKED:
            inner = objects.get(world().state, inner, LINKED[first])
        if isinstance(inner, dict):
            full[first] = expanded(inner, [rest] if rest else [])
    return full


def _fits(doc: Doc, fields: Doc) -> bool:
    for name in PLAIN_FILTERS:
        if name in fields and name in doc and str(doc[name]).lower() != str(fields[name]).lower():
            return False
    if fields.get("types") and doc.get("type") not in fields["types"]:
        return False
    limits = fields.get("created") or {}
    if not isinstance(limits, dict):
        return bool(doc["created"] == whole(limits, "created"))
    made = int(doc["created"])
    return (
        made > whole(limits.get("gt", -1), "created[gt]")
        and made >= whole(limits.get("gte", 0), "created[gte]")
        and made < whole(limits.get("lt", 10**11), "created[lt]")
        and made <= whole(limits.get("lte", 10**11), "created[lte]")
    )


def _list(place: str, fields: Doc) -> Doc:
    """One page: `limit` items (10, at most 100) after or before a given one."""
    limit = whole(fields.get("limit", 10), "limit")
    if not 1 <= limit <= 100:
        raise StripeError(400, f"This value must be between 1 and 100 (it currently is '{limit}').", param="limit")
    found = [doc for doc in objects.newest_first(world().state, KINDS[place]) if _fits(doc, fields)]
    for name in ("starting_after", "ending_before"):
        if name not in fields:
            continue
        edge = next((number for number, doc in enumerate(found) if doc["id"] == fields[name]), None)
        if edge is None:
            raise not_there(KINDS[place], str(fields[name]), name)
        found = found[edge + 1 :] if name == "starting_after" else found[:edge]
    chosen = found[-limit:] if "ending_before" in fields else found[:limit]
    inside = [path.removeprefix("data.") for path in fields.get("expand", [])]
    return {"object": "list", "url": f"/v1/{place}", "has_more": len(found) > limit, "data": [expanded(doc, inside) for doc in chosen]}
