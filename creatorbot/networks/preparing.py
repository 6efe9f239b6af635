"""What a network may offer beyond the Network port: a key of its own for a post, given out before the post is made. Optional."""

from typing import Protocol, runtime_checkable

from creatorbot.networks.base import Account, Draft
from creatorbot.security.http import Door


@runtime_checkable
class Preparing(Protocol):
    """A network where a post is made in two steps, the first of which nobody sees.

    Such a network takes no key of ours, but what the first step gives is one: written down before `publish` is called with it, it makes
    a repeat harmless, however often. `publish` with any other key does both steps, and is protected by looking only.
    """

    def prepare(self, draft: Draft, account: Account, *, key: str, door: Door) -> str:
        """The first step: the key to publish this draft with. key: the try's; one that came from here before is given back as it is.

        Nothing is out after it, whatever happens; so its ServiceErrors are never of kind "unknown".
        """
