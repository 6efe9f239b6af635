"""What a network may offer beyond the Network port: what came back for a post, and taking it down. Each is optional.

An adapter that has the methods of `Engaging` or `Deleting` is asked; without them the pages say that it cannot be known or done
there. Like all of the port they raise only ServiceError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from creatorbot.networks.base import Account
from creatorbot.security.http import Door


@dataclass(frozen=True)
class Counts:
    """What came back for one post, as its own server counts it; None for what that server does not tell."""

    boosts: int | None = None
    favourites: int | None = None
    replies: int | None = None
    quotes: int | None = None


@dataclass(frozen=True)
class Somebody:
    """A person on the network. handle: @name@server. url: their page, or "" where none is told."""

    handle: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer to a post. words: plain text, cut to a few lines. url: where to read it, or ""."""

    remote_id: str
    who: Somebody
    words: str
    url: str
    at: datetime | None = None


@runtime_checkable
class Engaging(Protocol):
    """A network that tells what came back for our own posts."""

    def engagement(self, account: Account, remote_ids: Sequence[str], door: Door) -> Mapping[str, Counts]:
        """The counts of these posts, all of the one account, by remote id: in as few calls as the server allows.

        One that is missing in the answer is not there (any more). At most 100 are asked for at once.
        """

    def boosters(self, account: Account, remote_id: str, door: Door) -> Sequence[Somebody]:
        """Who boosted it, the latest first, one call's worth (40 to 100). () where that is not told."""

    def replies(self, account: Account, remote_id: str, door: Door) -> Sequence[Reply]:
        """Public answers to it by others, oldest first, at most 100. () where that is not told."""


@runtime_checkable
class Deleting(Protocol):
    """A network where our own post can be taken down again."""

    def delete(self, account: Account, remote_id: str, door: Door) -> None:
        """Ask the server to take it down. Done, too, when it is not there any more; so it may be repeated after any failure.

        Whether it is really gone the caller asks with `get`. ServiceError kind "busy" at the server's limit (Mastodon: 30 in half an hour).
        """
