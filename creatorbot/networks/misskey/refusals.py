"""What an error answer of the family means. They all carry {"error": {"code", "message", "id", "info"}}; its code decides, not the status,
which differs between versions."""

from collections.abc import Mapping

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, patience, text, whole
from creatorbot.wording import N_

_NO_PERMISSION = ("AUTHENTICATION_FAILED", "CREDENTIAL_REQUIRED", "PERMISSION_DENIED")
SUSPENDED = ("YOUR_ACCOUNT_SUSPENDED", "ACCOUNT_SUSPENDED")
_MOVED = ("YOUR_ACCOUNT_MOVED", "ACCOUNT_LOCKED")
ABSENT = "NO_SUCH_NOTE"
UNKNOWN_CALL = "UNKNOWN_API_ENDPOINT"
_SENTENCES = {
    "NO_FREE_SPACE": N_("There is no room left for pictures in your account on %(host)s. Remove some there, or post without the picture."),
    "MAX_FILE_SIZE_EXCEEDED": N_("%(host)s says that the picture is too large."),
    "INAPPROPRIATE": N_("%(host)s takes this picture for one that its rules forbid."),
    "CONTAINS_PROHIBITED_WORDS": N_("%(host)s forbids a word in this text."),
    "CONTAINS_TOO_MANY_MENTIONS": N_("%(host)s says that too many people are named in this text."),
    "ROLE_PERMISSION_DENIED": N_("%(host)s does not let this account do that. Its administrators can tell you why."),
}


def code_of(error: ServiceError) -> str:
    """The family's own code for what went wrong; "" where none came."""
    return text(error.values.get("error_code"))


def refusal(host: str, status: int, found: object, headers: Mapping[str, str]) -> ServiceError:
    """The meaning. found: the answer's document, if it was one; headers: lower-case names."""
    code = text(part(found, "error", "code"), 100)
    said = text(part(found, "error", "info", "reason"), 300) or text(part(found, "error", "message"), 300)
    if status == 429 or code == "RATE_LIMIT_EXCEEDED":
        wait = patience(headers) or float(whole(part(found, "error", "info", "resetSec"), 300))
        return ServiceError(
            "%(host)s asks us to slow down. We come back later.", kind="busy", status=429, retry_after=min(wait, 86400.0), host=host
        )
    if status < 400 or status == 408 or status >= 500:
        return ServiceError("%(host)s has trouble at the moment (code %(code)s).", kind="unknown", status=status, host=host, code=status)
    if code in SUSPENDED:
        return ServiceError(
            "%(host)s has locked this account. Please look at it there.", kind="revoked", status=status, host=host, error_code=code
        )
    if code in _MOVED:
        return ServiceError(
            "This account has moved away from %(host)s. Please connect the new one.",
            kind="revoked",
            status=status,
            host=host,
            error_code=code,
        )
    if code in _NO_PERMISSION or (status == 401 and not code):
        return ServiceError(
            "%(host)s no longer accepts our permission. Please connect the account again.",
            kind="revoked",
            status=status,
            host=host,
            error_code=code,
        )
    return _refused(host, status, code, said)


def _refused(host: str, status: int, code: str, said: str) -> ServiceError:
    if status == 413:
        code = "MAX_FILE_SIZE_EXCEEDED"
    if code in _SENTENCES:
        return ServiceError(_SENTENCES[code], kind="refused", status=status, host=host, error_code=code)
    if said:
        return ServiceError("%(host)s did not accept this: %(said)s", kind="refused", status=status, host=host, said=said, error_code=code)
    return ServiceError(
        "%(host)s did not accept this (code %(code)s).", kind="refused", status=status, host=host, code=status, error_code=code
    )
