"""Record keys. Pure. The same attempt key always gives the same record key, so a repeat cannot make a second post."""

import re
from datetime import UTC, datetime
from hashlib import blake2b

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")  # the first letter holds the sign bit, which is never set
_WITH_TIME = re.compile(r"([0-9a-f]{12,14})-")
_EARLIEST, _LATEST = datetime(2023, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_YEAR = 365 * 86_400 * 1_000_000  # microseconds


def record_key(key: str) -> str:
    """The record key for this attempt key: a timestamp identifier (atproto.com/specs/tid), 13 letters.

    A key that begins with its moment (microseconds since 1970 in hex, then a dash) gives an identifier of that moment, so that posts
    lie in their repository in the order in which they were made. Any other gives one in the year 2023.
    """
    drawn = int.from_bytes(blake2b(key.encode(), digest_size=8).digest())
    began = _WITH_TIME.match(key)
    moment = int(began[1], 16) if began else 0
    if not _micros(_EARLIEST) <= moment < _micros(_LATEST):
        moment = _micros(_EARLIEST) + (drawn >> 10) % _YEAR
    return _written(moment << 10 | drawn & 1023)


def moment_of(record: str) -> datetime | None:
    """When a record key says it was made; None for one that is no timestamp, or of a time that cannot be."""
    if not _TID.fullmatch(record):
        return None
    number = 0
    for letter in record:
        number = number << 5 | _LETTERS.index(letter)
    micros = number >> 10
    if not _micros(_EARLIEST) - _YEAR <= micros < _micros(_LATEST):
        return None
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def _written(number: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(12, -1, -1))


def _micros(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000
