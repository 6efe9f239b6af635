"""A scripted Mastodon server for each test."""

from collections.abc import Iterator

import pytest

from tests.networks.mastodon_answers import Meeting, meeting


@pytest.fixture
def met() -> Iterator[Meeting]:
    """A server that answers by script, with one connected account."""
    with meeting() as one:
        yield one
