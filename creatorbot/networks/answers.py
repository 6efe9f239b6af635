"""Reading what servers say, whichever network they belong to: tolerant of odd answers."""

import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from creatorbot.errors import ServiceError

Document = Mapping[str, object]
# What no database keeps: some servers cut a name in the middle of an emoji and hand out the half of it.
_HALVES = re.compile("[\x00\ud800-\udfff]")


def host_of(url: str) -> str:
    """The host of an address, with its port where it has one: how we name a server in sentences."""
    return urlsplit(url).netloc


def document(body: bytes) -> Document | None:
    """A JSON object, or None when it is anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def part(value: object, *names: str) -> object:
    """The value found by going down these names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: object, limit: int = 500) -> str:
    """A string, cut to the limit, of whole letters only; empty for anything else."""
    return _HALVES.sub("", value).strip()[:limit] if isinstance(value, str) else ""


def whole(value: object, otherwise: int) -> int:
    """A positive whole number, also when it came as a string; `otherwise` for missing, zero, negative or odd values."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:18])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    return otherwise


def unreadable(host: str) -> ServiceError:
    """An answer that says neither yes nor no."""
    return ServiceError("%(host)s answered with something that cannot be read.", kind="unknown", host=host)


def patience(headers: Mapping[str, str]) -> float | None:
    """How many seconds a server asks us to wait, at most a day; None when it does not say. Header names in lower case."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return min(float(asked), 86400.0)
    reset = headers.get("x-ratelimit-reset", "").strip()
    until = float(reset) if reset.isdecimal() else _moment(reset)
    wait = until - _there(headers.get("date", "")) if until else 0
    return min(wait, 86400.0) if wait > 0 else None


def _there(date: str) -> float:
    """The time by that server's own clock, which may be wrong; by ours when it does not tell."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return time.time()


def _moment(written: str) -> float | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
