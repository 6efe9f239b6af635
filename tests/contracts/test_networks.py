"""The network contract against servers: one not written by us, and the practice server."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from creatorbot.networks import REGISTRY
from creatorbot.networks.misskey import Misskey
from creatorbot.rehearsal.serve import start
from creatorbot.security.http import Door
from tests.contracts.network_contract import ByBrowserContract, Counterpart
from tests.servers.misskey import family
from tests.servers.mock_mastodon import mock_mastodon


def door_to(base_url: str) -> Door:
    """A door that reaches this loopback server."""
    place = urlsplit(base_url)
    return Door().admitting(frozenset({(str(place.hostname), int(place.port or 80))}))


def press(door: Door, authorize_address: str, **pressed: str) -> str:
    """What a browser does on the authorise page: sends its fields back and is sent on."""
    asked = urlsplit(authorize_address)
    answer = door.post(authorize_address, form=dict(parse_qsl(asked.query)) | pressed)
    assert answer.status in (302, 303), answer.body
    return answer.headers["location"]


class TestMastodonMock(ByBrowserContract):
    """mastodon_mock accepts codes twice; all else as a real one."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls) -> Iterator[Counterpart]:
        with mock_mastodon() as base_url:
            door = door_to(base_url)
            yield Counterpart(
                REGISTRY["mastodon"], base_url, door, lambda address: press(door, address, username="alice"), checks_codes=False
            )


class TestPracticeServer(ByBrowserContract):
    """The practice server, as musicians meet it first."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counterpart]:
        with start(tmp_path_factory.mktemp("practice")) as practice:
            door = door_to(practice.fediverse_url)
            yield Counterpart(
                REGISTRY["mastodon"],
                practice.fediverse_url.removeprefix("http://"),
                door,
                lambda address: press(door, address, answer="yes"),
            )


class TestSharkey(ByBrowserContract):
    """One of Misskey's kin, where posts can be changed."""

    software = "sharkey"

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counterpart]:
        with family(tmp_path_factory.mktemp(cls.software), cls.software) as running:
            yield Counterpart(Misskey(), running.url.removeprefix("http://"), door_to(running.url), running.say_yes)


class TestMisskey(TestSharkey):
    """Misskey itself, where they cannot."""

    software = "misskey"


class TestFirefish(TestSharkey):
    """Refuses with other numbers."""

    software = "firefish"
