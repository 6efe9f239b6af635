"""Notes as Ko-fi sends them: a form with one field of JSON. People in them are invented."""

import json
from typing import Any
from urllib.parse import urlencode

TOKEN = "5f2b9c1e-0d47-4c1a-9a53-7e8f6a5b4c3d"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def told(number: int = 1, **more: Any) -> dict[str, Any]:
    """What one note says. number: another message about another payment."""
    return {
        "verification_token": TOKEN,
        "message_id": f"aaaa0000-0000-4000-8000-{number:012d}",
        "timestamp": "2026-11-20T12:00:00Z",
        "type": "Donation",
        "is_public": False,
        "from_name": "Nobody Inparticular",
        "message": "Lovely tune",
        "amount": "3.00",
        "url": "https://ko-fi.example/",
        "email": "nobody@buyer.example",
        "currency": "EUR",
        "is_subscription_payment": False,
        "is_first_subscription_payment": False,
        "kofi_transaction_id": f"bbbb0000-0000-4000-8000-{number:012d}",
        "shop_items": None,
        "tier_name": None,
        "shipping": None,
    } | more


def body(number: int = 1, **more: Any) -> bytes:
    """The same as it is posted."""
    return posted(told(number, **more))


def posted(what: object) -> bytes:
    """Any JSON in the form's one field."""
    return urlencode({"data": json.dumps(what)}).encode()
