"""What follows from a try that failed. Pure: the class of the failure decides, and nothing else is looked at."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError, ServiceKind
from creatorbot.wording import N_

REVOKED = N_("The server says our permission is gone")
NARROW = N_("The server says our permission does not reach to posting")
# What an account may be, when it is asked after a refusal, that proves the permission is gone.
PROVEN = ("revoked", "locked", "refused", "moved")
MOST_BUSY = timedelta(hours=1)
# A server that keeps a repeated key from being used again may say so with these: it tells nothing about the first try.
_ABOUT_THE_KEY = (400, 409, 422)


@dataclass(frozen=True)
class Failure:
    """A try that failed. status: HTTP status, 0 for none. repeated: its key had been sent before, with a try that is unresolved.

    health: the account's state when it was asked after a "revoked"; None when it was not asked.
    """

    kind: ServiceKind
    status: int = 0
    retry_after: float | None = None
    health: str | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Follows:
    """state: the post's, from now on. why: for its history; sentence: for the artist, with %(handle)s and %(reason)s (gettext ids).

    outcome: what the try counts as. wait: until it goes on by itself, None when it does not. account: its new state, "" to leave it,
    "narrow" for one that has to be connected again because its permission does not reach to posting.
    counts: whether it is one more try that did not reach the server.
    """

    state: Literal["unknown", "held", "failed", "due"]
    why: str
    sentence: str
    outcome: str
    wait: timedelta | None = None
    account: Literal["", "reconnect", "narrow", "unreachable"] = ""
    counts: bool = False


def failure_of(error: ServiceError, *, health: str | None = None, repeated: bool = False) -> Failure:
    """The failure as far as it matters."""
    return Failure(error.kind, error.status or 0, error.retry_after, health, repeated)


def follows(failure: Failure, tries: int, waits: Waits) -> Follows:
    """What happens next. tries: how many before this one did not reach the server."""
    if failure.kind == "unknown" or (failure.kind == "refused" and failure.repeated and failure.status in _ABOUT_THE_KEY):
        return _unknown(waits)
    if failure.kind == "revoked" and (failure.health is None or failure.health in PROVEN):
        said = N_("%(handle)s needs to be connected again. The post waits; nothing was sent.")
        return Follows("held", REVOKED, said, "revoked", account="reconnect")
    if failure.kind == "revoked" and failure.health == "ok" and failure.status == 403:
        said = N_("%(handle)s lets us see it, but not post there. Connect it again; the post waits, and nothing was sent.")
        return Follows("held", NARROW, said, "revoked", account="narrow")
    if failure.kind == "refused" or (failure.kind == "revoked" and failure.health == "ok"):
        said = N_("The server refused this post: %(reason)s Nothing was posted.")
        return Follows("failed", N_("The server refused it"), said, failure.kind)
    if failure.kind == "busy":
        said = N_("The server asked us to slow down. It goes out by itself a little later.")
        return Follows("due", N_("The server asked us to wait"), said, "busy", _busy(failure.retry_after, waits))
    if failure.kind == "revoked":
        # Refused, and then it could not be asked whether the permission still stands: nothing was posted, nothing is proven.
        said = N_("The server did not accept our permission, and could not be asked about it. Nothing was sent; we try again.")
        return Follows("due", N_("The server could not be reached"), said, "revoked", waits.retry(tries + 1), counts=True)
    said = N_("The server cannot be reached at the moment. Nothing was sent; we keep trying.")
    return Follows(
        "due", N_("The server could not be reached"), said, "unreached", waits.retry(tries + 1), account="unreachable", counts=True
    )


def _unknown(waits: Waits) -> Follows:
    said = N_(
        "No clear answer came back, so it may or may not be out. We look on the server before we try again; it will not appear twice."
    )
    return Follows("unknown", N_("No clear answer came back"), said, "unknown", waits.first_look)


def _busy(asked_s: float | None, waits: Waits) -> timedelta:
    """As long as it asks, but an hour at most; never at once, and a while where it does not say."""
    asked = timedelta(seconds=asked_s) if asked_s else waits.retry(2)
    return max(min(asked, MOST_BUSY), waits.retry(1))
