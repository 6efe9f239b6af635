"""What a network may offer beyond the Network port: what it tells everybody about an account, and boosting a post of another account.

Both are optional. An adapter that has the methods of `Public` or `Boosting` is asked; without them the pages say that it cannot be known
or done there. Like all of the port they raise only ServiceError.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from creatorbot.networks.base import Account
from creatorbot.security.http import Door


@dataclass(frozen=True)
class Seen:
    """What a server tells everybody about an account. hidden: it tells strangers nothing, which says nothing about the account.

    moved_to, moved_url: where it has gone, as @name@server and as the address of its page; "" unless moved.
    """

    state: Literal["here", "moved", "suspended", "gone", "hidden"]
    moved_to: str = ""
    moved_url: str = ""


@runtime_checkable
class Public(Protocol):
    """A network whose servers tell everybody whether an account is there, has moved, or was suspended."""

    def seen(self, account: Account, door: Door) -> Seen:
        """What it looks like from outside: one call, without the account's permission. "gone" is one answer, not yet a proof."""


@dataclass(frozen=True)
class Boosted:
    """A boost that exists. already: it was there before we asked."""

    remote_id: str
    already: bool = False


@runtime_checkable
class Boosting(Protocol):
    """A network where one account can pass on another's public post, also one that lives on another server."""

    def boost(self, account: Account, url: str, door: Door) -> Boosted:
        """Let the account boost the post at this address. Boosting twice is one boost, so it may be repeated after any failure.

        ServiceError status 404: that server cannot find the post (yet); other refusals will not change by themselves.
        """
