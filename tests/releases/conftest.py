"""Fixtures for tests of releases."""

from collections.abc import Iterator

import pytest

from creatorbot.runtime import Runtime
from tests.releases.rows import Place, place_of


@pytest.fixture
def place(runtime: Runtime) -> Iterator[Place]:
    """An artist, and a server where they publish."""
    with place_of(runtime) as found:
        yield found
