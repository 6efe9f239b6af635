"""What Bluesky's servers mean when they refuse: their error names (atproto.com/specs/xrpc), each with one meaning for us."""

from collections.abc import Mapping

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import document, part, patience, text

_LOCKED = ("AccountTakedown", "AccountSuspended", "AccountDeactivated", "RepoTakendown", "RepoSuspended", "RepoDeactivated")
_NOT_LET_IN = ("ExpiredToken", "InvalidToken", "AuthMissing", "AuthRequired", "AuthenticationRequired")
_AT_ONCE = ("InvalidSwap", "ConcurrentWrites")  # two writes met; ours was not made


def refusal(host: str, status: int, body: bytes, headers: Mapping[str, str]) -> ServiceError:
    """What an error answer means. Header names in lower case. The error's own name travels as `named`, its words as `said`."""
    told = document(body)
    named, said = text(part(told, "error"), 100), text(part(told, "message"), 300)
    if status == 429 or named == "RateLimitExceeded":
        wait = patience({"x-ratelimit-reset": headers.get("ratelimit-reset", ""), **headers})
        return ServiceError(
            "%(host)s asks us to slow down. We come back later.", kind="busy", status=status, retry_after=wait or 300, host=host
        )
    if status == 408 or status >= 500:
        return ServiceError(
            "%(host)s has trouble at the moment (code %(code)s).",
            kind="unknown",
            status=status,
            retry_after=patience(headers),
            host=host,
            code=status,
            named=named,
        )
    if named in _LOCKED:
        return ServiceError(
            "%(host)s has locked this account or it has moved. Please look at it there.",
            kind="revoked",
            status=status,
            host=host,
            named=named,
        )
    if named in _NOT_LET_IN or status == 401:
        return no_longer(host, status)
    if named in _AT_ONCE:
        return ServiceError("%(host)s was busy with another post. We try again.", kind="busy", status=status, retry_after=5, host=host)
    if status == 413 or named in ("BlobTooLarge", "PayloadTooLarge"):
        return ServiceError("%(host)s says that the picture is too large.", kind="refused", status=status, host=host)
    if said:
        return ServiceError("%(host)s did not accept this: %(said)s", kind="refused", status=status, host=host, said=said, named=named)
    return ServiceError("%(host)s did not accept this (code %(code)s).", kind="refused", status=status, host=host, code=status, named=named)


def no_longer(host: str, status: int = 401) -> ServiceError:
    """Our permission is not, or no longer, good there."""
    return ServiceError(
        "%(host)s no longer accepts our permission. Please connect the account again.", kind="revoked", status=status, host=host
    )


def is_stale(error: ServiceError) -> bool:
    """Whether a fresh session may help: the server did not let us in, and so did nothing."""
    return error.kind == "revoked" and not error.values.get("named")


def is_absent(error: ServiceError) -> bool:
    """Whether the server itself says that there is no such record; a page of 404 in front of it does not."""
    said = str(error.values.get("said", ""))
    return error.values.get("named") == "RecordNotFound" or (error.status == 400 and said.startswith("Could not locate record"))


def is_there_already(error: ServiceError) -> bool:
    """Whether a record with this key exists. The reference server answers 500 to that, others say so."""
    told = f"{error.values.get('named', '')} {error.values.get('said', '')}".lower()
    return error.kind == "unknown" or (error.kind == "refused" and "exist" in told)
