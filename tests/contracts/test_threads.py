"""The network contract against a small Threads in a process of its own."""

from collections.abc import Iterator

import pytest

from creatorbot.networks.threads import Threads
from tests.contracts.network_contract import ByFieldsContract, Counterpart
from tests.contracts.test_networks import door_to
from tests.servers.threads import threads
from tests.servers.threads.state import KEY


class TestThreads(ByFieldsContract):
    """One account."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counterpart]:
        with threads(tmp_path_factory.mktemp("threads")) as there:
            yield Counterpart(Threads(there.url, lambda _seconds: None), "", door_to(there.url), fields={"key": KEY})
