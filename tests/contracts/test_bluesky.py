"""The network contract against a small Bluesky in a process of its own."""

from collections.abc import Iterator

import pytest

from creatorbot.networks.bluesky import Bluesky
from creatorbot.networks.bluesky.names import Directories
from tests.contracts.network_contract import ByFieldsContract, Counterpart
from tests.contracts.test_networks import door_to
from tests.servers.bluesky import HANDLE, PASSWORD
from tests.servers.bluesky_process import bluesky


class TestBluesky(ByFieldsContract):
    """One account on one server."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counterpart]:
        with bluesky(tmp_path_factory.mktemp("bluesky")) as there:
            network = Bluesky(Directories(there.url, there.url))
            yield Counterpart(network, HANDLE, door_to(there.url), fields={"password": PASSWORD})
