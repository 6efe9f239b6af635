"""A small Bluesky, and an account connected to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from creatorbot.networks.base import Account, Card, Draft, Picture
from creatorbot.networks.bluesky import Bluesky
from creatorbot.networks.bluesky.names import Directories
from creatorbot.security.http import Door
from tests.contracts.network_contract import cover
from tests.servers.bluesky import DID, HANDLE, PASSWORD
from tests.servers.bluesky_process import Running, bluesky

LINK = "https://aoife.example/l/aBcD1234"
COVER = Picture(cover(), "image/jpeg", "A tall ship at sunset", 64, 64)


@dataclass
class Met:
    """The network, its counterpart, and the account."""

    network: Bluesky
    there: Running
    door: Door
    account: Account

    def again(self) -> "Met":
        """The same after a restart of ours: nothing is remembered but what is stored."""
        return Met(Bluesky(Directories(self.there.url, self.there.url)), self.there, self.door, self.account)


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    """One connected account."""
    with bluesky(tmp_path / "bluesky") as there:
        door = Door().admitting(frozenset({("127.0.0.1", there.port)}))
        network = Bluesky(Directories(there.url, there.url))
        facts = network.discover(network.server_address(HANDLE, door), door)
        grant = network.log_in(facts, {"handle": HANDLE, "password": PASSWORD}, door)
        yield Met(network, there, door, Account(facts.base_url, facts.software, facts.version, grant.token, DID, facts.limits))


def draft(link: str = LINK, **more: object) -> Draft:
    """A post with a link of its own, and a card."""
    given: dict[str, object] = {"card": Card(link, "Tall Ships, by Aoife Marsh", "Pay what you want", COVER), "language": "en", **more}
    return Draft(f"Tall Ships är här 🚢 — out now.\n\n{link}\n\n#NewMusic #Folk", link.partition("example")[2], **given)  # type: ignore[arg-type]
