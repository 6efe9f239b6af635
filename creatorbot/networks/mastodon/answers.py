"""What a server's refusal means, and its good answers: one meaning for each way to fail."""

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import Document, document, host_of, part, patience, text, unreadable
from creatorbot.security.http import Answer
from creatorbot.wording import N_

LOCKED = N_("%(host)s has locked this account or it has moved. Please look at it there.")
_LOCKED_OUT = ("login is currently disabled", "account is suspended", "account has been suspended")
_TOO_NARROW = ("outside the authorized scopes", "insufficient permissions", "insufficient scope", "missing scope", "required scope")


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
        return ServiceError(LOCKED, kind="revoked", status=status, host=host)
    if status == 401 or (status == 403 and any(words in lowered for words in _TOO_NARROW)):
        return ServiceError(
            "%(host)s no longer accepts our permission. Please connect the account again.", kind="revoked", status=status, host=host
        )
    if status == 413:
        return ServiceError("%(host)s says that the picture is too large.", kind="refused", status=status, host=host)
    if said:
        return ServiceError("%(host)s did not accept this: %(said)s", kind="refused", status=status, host=host, said=text(said, 300))
    return ServiceError("%(host)s did not accept this (code %(code)s).", kind="refused", status=status, host=host, code=status)


def words_of(told: Document | None) -> str:
    """A refusal in the server's own words, wherever its kind keeps them; "" for none."""
    wrong = part(told, "errors")
    first = next(iter(wrong.values()), None) if isinstance(wrong, dict) else None
    listed = first[0] if isinstance(first, list) and first else first
    names = (part(told, "error_description"), part(told, "error"), listed, part(told, "message"))
    return next((found for found in map(text, names) if found), "")


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
        raise refusal(host, answer.status, words_of(found), patience(answer.headers))
    if found is None or "error" in found:
        raise unreadable(host)
    return found
