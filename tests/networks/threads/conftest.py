"""A small Threads, and an account connected to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from creatorbot.networks.base import Account, Draft
from creatorbot.networks.threads import Threads
from creatorbot.security.http import Door
from tests.servers.threads import Running, threads
from tests.servers.threads.state import KEY, USER_ID

LINK = "https://aoife.example/l/aBcD1234"


@dataclass
class Met:
    """The network, its counterpart, and the account. waited: the seconds the adapter wanted to wait."""

    there: Running
    door: Door
    account: Account
    waited: list[float] = field(default_factory=list)

    @property
    def network(self) -> Threads:
        """Ours, which remembers nothing."""
        return Threads(self.there.url, self.waited.append)


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    """One connected account."""
    with threads(tmp_path / "threads") as there:
        door = Door().admitting(frozenset({("127.0.0.1", there.port)}))
        network = Threads(there.url)
        facts = network.discover(network.server_address("", door), door)
        grant = network.log_in(facts, {"key": KEY}, door)
        yield Met(there, door, Account(facts.base_url, facts.software, facts.version, grant.token, USER_ID, facts.limits))


def draft(link: str = LINK, **more: object) -> Draft:
    """A post with a link of its own."""
    words = f"Tall Ships är här — out now, from https://label.example\n\n{link}\n\n#NewMusic #Folk"
    return Draft(words, link.partition("example")[2], language="en", **more)  # type: ignore[arg-type]
