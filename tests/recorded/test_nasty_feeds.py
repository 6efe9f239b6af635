"""The nasty files of a feed library, the whole way: served as they ask to be served, watched, looked at again, changed, found once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from creatorbot.errors import InvalidInput
from creatorbot.releases.poll import add_source
from creatorbot.runtime import Runtime
from tests.releases.strangers import BAD, Strangers, strangers
from tests.servers.scripted import Reply, answer

NASTY = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds" / "nasty"
pytestmark = pytest.mark.skipif(not NASTY.is_dir(), reason="the recorded feeds are not beside this checkout")
NAMES = sorted(path.name for path in NASTY.glob("*.xml")) if NASTY.is_dir() else []


@pytest.fixture
def two(runtime: Runtime) -> Iterator[Strangers]:
    """Two sources, both known."""
    with strangers(runtime) as found:
        yield found.begin()


def served(name: str) -> Reply:
    """The file with the headers that it asks for in its own comment."""
    body = (NASTY / name).read_bytes()
    asked = re.findall(r"^Header:\s*([\w-]+):\s*([^\n]*?)\s*$", body.replace(b"\0", b"").decode("latin-1"), re.M | re.I)
    headers = {key: value for key, value in asked if key.lower() in ("content-type", "content-location") and value.isascii()}
    return answer(200, body, {"Content-Type": "application/xml", **headers})


@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_feed_in_the_place_of_a_good_one_costs_nothing(two: Strangers, name: str) -> None:
    suffering = two.suffer(served(name))
    first = two.titles(two.bad)
    assert first[0] == "Song 1"
    assert suffering.state in ("ok", "empty") or suffering.sentence.endswith(".")
    two.suffer(served(name))
    assert two.titles(two.bad) == first
    two.heal()


@pytest.mark.parametrize("name", NAMES)
def test_a_nasty_feed_is_watched_or_refused_with_a_sentence(runtime: Runtime, name: str) -> None:
    with strangers(runtime) as found:
        found.place.server.on("GET", "/feed.xml", served(name))
        sentence = ""
        try:
            add_source(found.place.runtime, found.place.artist_id, BAD)
        except InvalidInput as refused:
            sentence = str(refused)
        releases = found.place.releases()
        assert sentence.endswith(".") if sentence else found.source(1).state in ("ok", "empty")
        assert not (sentence and releases)
        for release in releases:
            assert release.title.strip()
            assert release.title.isprintable() or "\u200d" in release.title or "\u200c" in release.title
            assert release.url == "" or release.url.startswith(("http://", "https://"))
        assert {release.state for release in releases} <= {"listed", "waits"}
