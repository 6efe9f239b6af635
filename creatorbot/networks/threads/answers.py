"""What Meta's servers mean when they refuse: codes of the Graph interface (developers.facebook.com/docs/threads), each with one meaning."""

from collections.abc import Mapping

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import document, part, patience, text

HOST = "Threads"
_SLOW_DOWN = (4, 9, 17, 32, 613)  # of the app, of its posts, of the account; 80000 and above: of one kind of call
_TROUBLE = (1, 2)
_NOT_ALLOWED = (3, 10)  # and 200 to 299
_LOCKED = (459, 464)  # subcodes of 190: they want to see the person themselves
_QUARTER_OF_AN_HOUR = 900.0


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> ServiceError:
    """What an error answer means. Header names in lower case. Meta's own numbers travel as `code` and `subcode`."""
    error = part(document(body), "error")
    code, subcode = _number(part(error, "code")), _number(part(error, "error_subcode"))
    said = text(part(error, "error_user_msg"), 300) or text(part(error, "message"), 300)
    if status == 429 or code in _SLOW_DOWN or code >= 80_000:
        wait = patience(headers) or _QUARTER_OF_AN_HOUR
        return ServiceError("%(host)s asks us to slow down. We come back later.", kind="busy", status=status, retry_after=wait, host=HOST)
    if code == 190 or (status == 401 and not code):
        return no_longer(status, locked=subcode in _LOCKED)
    if status == 408 or status >= 500 or status < 400 or code in _TROUBLE or part(error, "is_transient") is True:
        return ServiceError(
            "%(host)s has trouble at the moment (code %(code)s).",
            kind="unknown",
            status=status,
            retry_after=patience(headers),
            host=HOST,
            code=status,
        )
    if code in _NOT_ALLOWED or 200 <= code < 300:
        return ServiceError(
            "Your key for %(host)s does not reach that far: a permission is missing. Make a new one with every permission in it, and "
            "connect once more.",
            kind="refused",
            status=status,
            host=HOST,
            code=code,
        )
    if said:
        return ServiceError(
            "%(host)s did not accept this: %(said)s", kind="refused", status=status, host=HOST, said=said, code=code, subcode=subcode
        )
    return ServiceError(
        "%(host)s did not accept this (code %(code)s).", kind="refused", status=status, host=HOST, code=code or status, subcode=subcode
    )


def no_longer(status: int = 401, *, locked: bool = False) -> ServiceError:
    """The key is not, or no longer, good there. locked: the person has to show up first."""
    if locked:
        return ServiceError(
            "%(host)s wants you to log in there yourself before anything else.", kind="revoked", status=status, host=HOST, locked=True
        )
    return ServiceError(
        "%(host)s no longer accepts our permission. Please connect the account again.", kind="revoked", status=status, host=HOST
    )


def is_absent(error: ServiceError) -> bool:
    """Whether Meta says that there is nothing of that number: 24, or 100 with its subcode 33."""
    code, subcode = error.values.get("code"), error.values.get("subcode")
    return error.kind == "refused" and (code == 24 or (code == 100 and subcode == 33))


def is_not_allowed(error: ServiceError) -> bool:
    """Whether the key lacks a permission for this."""
    code = error.values.get("code")
    return error.kind == "refused" and isinstance(code, int) and (code in _NOT_ALLOWED or 200 <= code < 300)


def not_begun(error: ServiceError) -> ServiceError:
    """A failure before the post was published: nothing can have come of it."""
    if error.kind != "unknown":
        return error
    return ServiceError(
        "%(host)s has trouble at the moment, so nothing was posted. We try again.",
        kind="busy",
        status=error.status,
        retry_after=error.retry_after or 60,
        host=HOST,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
