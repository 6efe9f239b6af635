"""mastodon_mock, a Mastodon server that was not written by us, on a free loopback port."""

from collections.abc import Iterator
from contextlib import contextmanager

from mastodon_mock.config import SeedAccount, SeedConfig
from mastodon_mock.testing.server import MockServer


@contextmanager
def mock_mastodon() -> Iterator[str]:
    """Its base address, while it runs. Local accounts: alice and bob."""
    seed = SeedConfig(
        accounts=[
            SeedAccount(username="alice", display_name="Alice", access_token="alice_token"),
            SeedAccount(username="bob", display_name="Bob", access_token="bob_token"),
        ]
    )
    server = MockServer(seed=seed)
    server.start()
    try:
        yield server.base_url.rstrip("/")
    finally:
        server.stop()
