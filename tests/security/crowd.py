"""What the tests of many pages at once stand on: a server that answers by script, and a world of names."""

from collections.abc import Iterator

import pytest

from creatorbot.errors import CreatorbotError
from creatorbot.security.http import Door
from creatorbot.security.many import Ask, Came, Many
from tests.servers.scripted import Scripted, scripted
from tests.servers.world import PUBLIC, World

OTHER = "93.184.216.35"


@pytest.fixture(name="server")
def a_server() -> Iterator[Scripted]:
    """A server that answers by script."""
    with scripted() as running:
        yield running


@pytest.fixture(name="world")
def a_world(server: Scripted) -> World:
    """shop.example is public; the other names are not what they seem."""
    return World(
        server,
        {
            "shop.example": [[PUBLIC]],
            "other.example": [[OTHER]],
            "xn--hher-5qa.example": [[PUBLIC]],
            "inside.example": [["10.0.0.5"]],
            "metadata.example": [["169.254.169.254"]],
            "mapped.example": [["::ffff:127.0.0.1"]],
            "mixed.example": [["127.0.0.1", PUBLIC, "192.168.0.1"]],
            "rebinding.example": [[PUBLIC], ["127.0.0.1"]],
            "empty.example": [[]],
        },
    )


def fetched(door: Door, *urls: str, gap_s: float = 0, **asked: object) -> list[Came[str]]:
    """What came of these, in the order it came."""
    with Many[str](gap_s=gap_s) as many:
        for url in urls:
            many.add(Ask(url, door, url, **asked))  # type: ignore[arg-type]
        return list(many.came())


def refused(door: Door, url: str, **asked: object) -> CreatorbotError:
    """Why there is no answer."""
    [came] = fetched(door, url, **asked)
    assert came.answer is None
    assert came.error is not None
    return came.error


def body(door: Door, url: str) -> bytes:
    """The answer's body."""
    [came] = fetched(door, url)
    assert came.answer is not None, came.error
    return came.answer.body
