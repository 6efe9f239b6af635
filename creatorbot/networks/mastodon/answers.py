"""Reading what servers say: tolerant of odd answers, and one meaning for each way to fail."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from creatorbot.errors import ServiceError
from creatorbot.security.http import Answer

Document = Mapping[str, object]
_LOCKED_OUT = ("login is currently disabled", "account is suspended", "account has been suspended")
_TOO_NARROW = ("outside the authorized scopes", "insufficient permissions", "insufficient scope", "missing scope", "required scope")


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
    """A string, cut to the limit; empty for anything else."""
    return value.strip()[:limit] if isinstance(value, str) else ""


def whole(value: object, otherwise: int) -> int:
    """A positive whole number, also when it came as a string; `otherwise` for missing, zero, negative or odd values."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:18])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    return otherwise


def refusal(host: str, status: int, said: str = "", retry_after: float | None = None) -> ServiceError:
    """What an error answer means. said: the server's own words, if any."""
    lowered = said.lower()
    if status == 429:
        return ServiceError(
            "%(host)s asks us to slow down. We come back later.", kind="busy", status=status, retry_after=retry_after or 300, host=host
        )
    if status == 408 or status >= 500:
        return ServiceError(
            "%(host)s has trouble at the moment (code %(code)s).",
            kind="unknown",
            status=status,
            retry_after=retry_after,
            host=host,
            code=status,
        )
    if status == 403 and any(words in lowered for words in _LOCKED_OUT):
        return ServiceError(
            "%(host)s has locked this account or it has moved. Please look at it there.", kind="revoked", status=status, host=host
        )
    if status == 401 or (status == 403 and any(words in lowered for words in _TOO_NARROW)):
        return ServiceError(
            "%(host)s no longer accepts our permission. Please connect the account again.", kind="revoked", status=status, host=host
        )
    if status == 413:
        return ServiceError("%(host)s says that the picture is too large.", kind="refused", status=status, host=host)
    if said:
        return ServiceError("%(host)s did not accept this: %(said)s", kind="refused", status=status, host=host, said=text(said, 300))
    return ServiceError("%(host)s did not accept this (code %(code)s).", kind="refused", status=status, host=host, code=status)


def unreadable(host: str) -> ServiceError:
    """An answer that says neither yes nor no."""
    return ServiceError("%(host)s answered with something that cannot be read.", kind="unknown", host=host)


def expect(answer: Answer) -> Document:
    """The JSON object of a good answer. Raises ServiceError for every other."""
    host, found = host_of(answer.address), document(answer.body)
    if 300 <= answer.status < 400:
        raise ServiceError(
            "%(host)s sends us on to another address instead of answering. Nothing was done.",
            kind="refused",
            status=answer.status,
            host=host,
        )
    if answer.status >= 400:
        said = text(part(found, "error_description")) or text(part(found, "error"))
        raise refusal(host, answer.status, said, patience(answer.headers))
    if found is None or "error" in found:
        raise unreadable(host)
    return found


def patience(headers: Mapping[str, str]) -> float | None:
    """How many seconds a server asks us to wait, at most a day; None when it does not say. Header names in lower case."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return min(float(asked), 86400.0)
    reset = headers.get("x-ratelimit-reset", "").strip()
    until = float(reset) if reset.isdecimal() else _moment(reset)
    wait = until - time.time() if until else 0
    return min(wait, 86400.0) if wait > 0 else None


def _moment(written: str) -> float | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
