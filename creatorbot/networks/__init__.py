"""Where posts go: one adapter per kind of network, all behind the Network port. To add one: a file here, and a line below."""

from creatorbot.networks.base import Network
from creatorbot.networks.mastodon import Mastodon

REGISTRY: dict[str, Network] = {
    "mastodon": Mastodon(),
}
