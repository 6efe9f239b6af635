"""Where posts go: one adapter per kind of network, all behind the Network port. To add one: a file here, and a line below."""

from creatorbot.errors import NotFound
from creatorbot.networks.base import Network
from creatorbot.networks.bluesky import Bluesky
from creatorbot.networks.mastodon import Mastodon
from creatorbot.networks.misskey import Misskey
from creatorbot.networks.threads import Threads

REGISTRY: dict[str, Network] = {
    "mastodon": Mastodon(),
    "bluesky": Bluesky(),
    "misskey": Misskey(),
    "threads": Threads(),
}


def network_of(name: str) -> Network:
    """The network of this name. Raises NotFound."""
    found = REGISTRY.get(name)
    if found is None:
        raise NotFound("There is no network of that name here.")
    return found


def meant_for(software: str) -> Network | None:
    """The network that servers running this software belong to; None when no network names it. software: as NodeInfo has it."""
    return next((network for network in REGISTRY.values() if software.lower() in network.connecting.software), None)
