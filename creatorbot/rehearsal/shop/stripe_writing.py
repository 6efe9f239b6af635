"""What can be made through Stripe's API: products, prices, sessions, refunds; refused where Stripe refuses."""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from creatorbot.rehearsal.shop import objects
from creatorbot.rehearsal.shop.form import StripeError, metadata, missing, not_there, only, whole
from creatorbot.rehearsal.shop.notices import announce
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import World

MINIMUM, DAY = 50, 86400
SESSION_FIELDS = (
    "mode line_items client_reference_id metadata payment_intent_data success_url cancel_url submit_type locale customer_email currency "
    "expires_at payment_method_types ui_mode allow_promotion_codes billing_address_collection custom_text customer_creation automatic_tax "
    "adaptive_pricing"
)

# Documents laid out as the shop writes them, a group of fields to a line.
# fmt: off


def _currency(fields: Doc) -> str:
    code = str(fields.get("currency") or "").lower()
    if not code:
        raise missing("currency")
    if len(code) != 3 or not code.isalpha():
        raise StripeError(400, f"Invalid currency: {code}.", param="currency")
    return code


def product(world: World, fields: Doc) -> Doc:
    """Something that can be paid for."""
    only(fields, "id name description images metadata url active shippable statement_descriptor tax_code default_price_data type")
    if not fields.get("name"):
        raise missing("name")
    return objects.make(world.state, "product", {
        "active": True, "default_price": None, "description": fields.get("description"), "images": fields.get("images", []),
        "marketing_features": [], "metadata": metadata(fields), "name": fields["name"], "package_dimensions": None, "shippable": None,
        "statement_descriptor": None, "tax_code": None, "type": "service", "unit_label": None, "updated": int(world.state.now()),
        "url": fields.get("url")})


def _open_amount(fields: Doc) -> Doc | None:
    """custom_unit_amount: the fan chooses, between limits, starting from a preset."""
    asked = fields.get("custom_unit_amount")
    if not isinstance(asked, dict):
        return None
    only(asked, "enabled minimum maximum preset", "custom_unit_amount")
    limits = {name: whole(asked[name], f"custom_unit_amount[{name}]") if asked.get(name) else None for name in ("minimum", "maximum",
                                                                                                                "preset")}
    low, high, preset = limits["minimum"] or MINIMUM, limits["maximum"], limits["preset"]
    if low < MINIMUM:
        raise StripeError(400, "The minimum amount must be at least the minimum charge amount.", code="amount_too_small",
                          param="custom_unit_amount[minimum]")
    if (high is not None and high < low) or (preset is not None and (preset < low or (high is not None and preset > high))):
        raise StripeError(400, "The preset must lie between minimum and maximum.", param="custom_unit_amount[preset]")
    return limits if str(asked.get("enabled")).lower() == "true" else None


def price(world: World, fields: Doc) -> Doc:
    """What something costs: a fixed sum, or what the fan chooses."""
    only(fields, "currency unit_amount unit_amount_decimal custom_unit_amount product product_data metadata nickname active lookup_key "
                 "recurring tax_behavior currency_options")
    state, currency, chosen = world.state, _currency(fields), _open_amount(fields)
    if chosen is None and "unit_amount" not in fields:
        raise missing("unit_amount")
    if chosen is not None and "unit_amount" in fields:
        raise StripeError(400, "You may only specify one of these parameters: custom_unit_amount, unit_amount.")
    given = fields.get("product")
    if given and objects.get(state, given, "product") is None:
        raise not_there("product", given, "product")
    if not given and not isinstance(fields.get("product_data"), dict):
        raise missing("product")
    amount = None if chosen is not None else whole(fields["unit_amount"], "unit_amount")
    return objects.make(state, "price", {
        "active": True, "billing_scheme": "per_unit", "currency": currency, "custom_unit_amount": chosen,
        "lookup_key": fields.get("lookup_key"),
        "metadata": metadata(fields), "nickname": fields.get("nickname"), "product": given or product(world, fields["product_data"])["id"],
        "recurring": None, "tax_behavior": "unspecified", "tiers_mode": None, "transform_quantity": None, "type": "one_time",
        "unit_amount": amount, "unit_amount_decimal": None if amount is None else str(amount)})


def _line(world: World, fields: Doc) -> tuple[Doc, int, int]:
    """A session's one line: the price and the quantity, and what it costs before the fan chooses."""
    items = fields.get("line_items") or []
    if not items:
        raise missing("line_items")
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise StripeError(400, "The practice shop takes one line item.", param="line_items")
    only(items[0], "price price_data quantity adjustable_quantity", "line_items[0]")
    quantity = whole(items[0].get("quantity", 1), "line_items[0][quantity]")
    if items[0].get("price"):
        chosen = objects.get(world.state, items[0]["price"], "price")
        if chosen is None:
            raise not_there("price", items[0]["price"], "line_items[0][price]")
    else:
        data = items[0].get("price_data")
        if not isinstance(data, dict):
            raise missing("line_items[0][price]")
        only(data, "currency product product_data unit_amount unit_amount_decimal tax_behavior recurring", "line_items[0][price_data]")
        chosen = price(world, data)
    amount = (chosen["custom_unit_amount"]["preset"] or 0) if chosen["custom_unit_amount"] else chosen["unit_amount"] * quantity
    if not chosen["custom_unit_amount"] and amount < MINIMUM:
        raise StripeError(400, "The Checkout Session's total amount due must add up to at least the minimum charge amount.",
                          code="amount_too_small",
                          param="line_items[0]")
    return chosen, quantity, amount


def _address(fields: Doc, name: str, needed: bool) -> str | None:
    value = fields.get(name)
    if not value and needed:
        raise missing(name)
    if value and (urlsplit(str(value)).scheme not in ("http", "https") or not urlsplit(str(value)).netloc):
        raise StripeError(400, "Not a valid URL", code="url_invalid", param=name)
    return str(value) if value else None


def session(world: World, fields: Doc) -> Doc:
    """A page on which one fan pays once."""
    only(fields, SESSION_FIELDS)
    if fields.get("mode") != "payment":
        raise StripeError(400, "The practice shop knows mode=payment only.", param="mode") if fields.get("mode") else missing("mode")
    reference = fields.get("client_reference_id")
    if reference is not None and not 1 <= len(str(reference)) <= 200:
        raise StripeError(400, "Invalid string: client_reference_id must be at most 200 characters", param="client_reference_id")
    intent = fields.get("payment_intent_data") or {}
    only(intent, "metadata description statement_descriptor statement_descriptor_suffix receipt_email setup_future_usage capture_method",
         "payment_intent_data")
    chosen, quantity, amount = _line(world, fields)
    name = (objects.get(world.state, chosen["product"], "product") or {}).get("name", "")
    state, now = world.state, int(world.state.now())
    line = {"id": "li_1" + secrets.token_hex(8), "object": "item", "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0,
            "amount_total": amount, "currency": chosen["currency"], "description": name, "price": chosen, "quantity": quantity}
    made = objects.make(state, "checkout.session", {
        "allow_promotion_codes": None, "amount_subtotal": amount, "amount_total": amount,
        "automatic_tax": {"enabled": False, "status": None},
        "cancel_url": _address(fields, "cancel_url", False), "client_reference_id": reference, "client_secret": None, "consent": None,
        "currency": chosen["currency"], "custom_fields": [], "customer": None, "customer_creation": "if_required", "customer_details": None,
        "customer_email": fields.get("customer_email"), "expires_at": whole(fields.get("expires_at", now + DAY), "expires_at"),
        "invoice": None,
        "locale": fields.get("locale"), "metadata": metadata(fields), "mode": "payment", "payment_intent": None, "payment_link": None,
        "payment_method_types": ["card"], "payment_status": "unpaid", "presentment_details": None, "recovered_from": None,
        "setup_intent": None,
        "shipping_cost": None, "status": "open", "submit_type": fields.get("submit_type"), "subscription": None,
        "success_url": _address(fields, "success_url", True),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page", "url": None, "_line_items": [line], "_intent_metadata": metadata(intent), "_name": name})
    made["url"] = f"{world.base}/pay/{made['id']}"
    objects.save(state, made)
    return made


def expire(world: World, _fields: Doc, name: str) -> Doc:
    """Close a session nobody paid."""
    found = objects.get(world.state, name, "checkout.session")
    if found is None:
        raise not_there("checkout.session", name)
    if found["status"] != "open":
        raise StripeError(400, "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "
                          f"{found['status']}.")
    found.update({"status": "expired", "url": None})
    objects.save(world.state, found)
    announce(world, [objects.event(world.state, "checkout.session.expired", found)])
    return found


def refund(world: World, fields: Doc) -> Doc:
    """Give all or a part back."""
    only(fields, "charge payment_intent amount reason metadata instructions_email refund_application_fee reverse_transfer")
    name = fields.get("charge")
    if not name and fields.get("payment_intent"):
        intent = objects.get(world.state, fields["payment_intent"], "payment_intent")
        if intent is None:
            raise not_there("payment_intent", fields["payment_intent"], "payment_intent")
        name = intent["latest_charge"]
    if not name:
        raise StripeError(400, "One of the following params should be provided for this request: payment_intent or charge.")
    charge = objects.get(world.state, name, "charge")
    if charge is None:
        raise not_there("charge", name, "charge")
    left = charge["amount"] - charge["amount_refunded"]
    amount = whole(fields.get("amount", left), "amount")
    if left == 0:
        raise StripeError(400, f"Charge {name} has already been refunded.", code="charge_already_refunded")
    if not 0 < amount <= left:
        raise StripeError(400, f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    made, events = objects.refund(world.state, charge, amount, metadata(fields), fields.get("reason"))
    announce(world, events)
    return made


WRITERS: tuple[tuple[str, Callable[..., Doc]], ...] = (
    (r"products", product), (r"prices", price), (r"checkout/sessions", session), (r"checkout/sessions/(\w+)/expire", expire),
    (r"refunds", refund),
)
