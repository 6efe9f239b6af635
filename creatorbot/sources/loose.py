"""Careful hands for JSON that strangers wrote: whatever is there, these give the type asked for or nothing."""

import codecs
import json
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import orjson

from creatorbot.amounts import Money, exponent, is_currency
from creatorbot.errors import InvalidInput

Document = dict[str, object]


def parsed(text: str | None) -> object:
    """The JSON value in this text, or None when it is no JSON."""
    if not text:
        return None
    try:
        value: object = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError, RecursionError):
        return None
    return value


def decoded(body: bytes) -> object:
    """The JSON value in these bytes: UTF-8, or UTF-16 and UTF-32 as the rules once allowed; None when it is no JSON."""
    try:
        if b"\0" not in body[:4]:
            value: object = orjson.loads(body.removeprefix(codecs.BOM_UTF8))
            return value
        return parsed(body.decode(json.detect_encoding(body)))
    except (orjson.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None


def document(value: object) -> Document:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def documents(value: object, most: int = 2_000) -> list[Document]:
    """The objects in a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value[:most] if isinstance(item, dict)] if isinstance(value, list) else []


def strings(value: object, most: int = 200) -> list[str]:
    """The texts in a list; a single text counts as a list of one."""
    if isinstance(value, str):
        return [value]
    return [item for item in value[:most] if isinstance(item, str)] if isinstance(value, list) else []


def string(value: object) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> Decimal | None:
    """A finite number of 0 or more; digits in a text count, true and false do not."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and exact >= 0 else None


def identifier(value: object) -> int | None:
    """A positive whole number of at most 19 digits; digits in a text count."""
    exact = number(value)
    return int(exact) if exact is not None and exact == exact.to_integral_value() and 0 < exact < 10**19 else None


def is_one(value: object) -> bool:
    """Whether a flag is set: 1, true or "1"."""
    return value is True or (isinstance(value, (int, str)) and str(value) == "1")


def money(value: object, currency: str | None) -> Money | None:
    """An amount in whole units as Money, rounded to the currency's decimals; None without number or currency."""
    exact = number(value)
    if exact is None or not currency or not is_currency(currency):
        return None
    try:
        return Money.of(exact.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_EVEN), currency)
    except (InvalidInput, InvalidOperation):
        return None
