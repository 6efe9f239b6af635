"""Ids as the kinds of servers write them. Inside they are numbers that grow with time; each way keeps their order."""

import re
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from werkzeug.routing import BaseConverter, ValidationError

Ids = Literal["number", "flake", "ulid", "uuid"]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ULID, FLAKE = 26, 18


def written(number: int, ids: Ids) -> str:
    """The id of this number."""
    if ids == "ulid":
        return _digits(number << 64, CROCKFORD, ULID)
    if ids == "flake":
        return _digits(number << 48, BASE62, FLAKE)
    return str(UUID(int=number << 64)) if ids == "uuid" else str(number)


def number_of(typed: str) -> int:
    """The number of an id, in whichever way it is written. Raises ValueError for what is none."""
    if typed.isdecimal() and len(typed) < 20:
        return int(typed)
    if len(typed) == ULID and set(typed) <= set(CROCKFORD):
        return _value(typed, CROCKFORD) >> 64
    if len(typed) == FLAKE and set(typed) <= set(BASE62):
        return _value(typed, BASE62) >> 48
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", typed):
        return UUID(typed).int >> 64
    raise ValueError(typed)


def _digits(value: int, alphabet: str, length: int) -> str:
    signs = []
    for _ in range(length):
        value, place = divmod(value, len(alphabet))
        signs.append(alphabet[place])
    return "".join(reversed(signs))


def _value(typed: str, alphabet: str) -> int:
    places: Mapping[str, int] = {sign: place for place, sign in enumerate(alphabet)}
    value = 0
    for sign in typed:
        value = value * len(alphabet) + places[sign]
    return value


class RemoteId(BaseConverter):
    """The part of an address that is an id, however it is written: <remote:number>."""

    def to_python(self, value: str) -> int:
        """The number."""
        try:
            return number_of(value)
        except ValueError as error:
            raise ValidationError from error
