"""Which of the recorded pages and feeds say what plays a release, compared with what stands in them."""

import re
from html import unescape
from pathlib import Path

import orjson
import pytest

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease
from creatorbot.sources.loose import document
from tests.contracts.source_contract import plays_cleanly
from tests.sources.pages import release_page

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded pages are not beside this checkout")
PAGES = sorted((DATA / "bandcamp" / "html").glob("*.html"))
FEEDS = sorted(path for path in (*(DATA / "feeds").glob("*.*"), *(DATA / "feeds" / "nasty").glob("*.*")))
LOOK = "/size=large/bgcol=ffffff/linkcol=0687f5/artwork=small/transparent=true/"


def found(path: Path) -> tuple[FoundRelease, ...]:
    try:
        return read_page(Fetched("", path.read_bytes())).releases
    except InvalidInput:
        return ()


def named(page: str) -> str:
    """The album or track that the page's head names for other sites to play."""
    told = re.search(r'<meta property="og:video"\s+content="[^"]*/((?:album|track)=\d+)/', page)
    return told[1] if told else ""


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_bandcamp_page_plays_what_its_head_names_and_nothing_else(path: Path) -> None:
    page = path.read_text(encoding="utf-8", errors="replace")
    told = [one.player_url for one in found(path) if one.player_url]
    assert told == ([f"https://bandcamp.com/EmbeddedPlayer/{named(page)}{LOOK}"] if named(page) else [])


def test_its_data_say_the_same_as_its_head() -> None:
    """Without its head: the page's own data say which tracks can be heard."""
    compared = 0
    for path in PAGES:
        page = path.read_text(encoding="utf-8", errors="replace")
        data = re.search(r'data-tralbum="([^"]*)"', page)
        if data and (told := orjson.loads(unescape(data[1]))).get("item_type"):
            (release,) = read_page(Fetched("", release_page(told))).releases
            assert bool(release.player_url) == bool(named(page)), path.stem
            assert named(page) in release.player_url
            compared += 1
    assert compared == 15


def test_how_many_play() -> None:
    releases = [one for path in PAGES for one in found(path)]
    pages = [one for one in releases if one.price.model != "unknown"]
    assert (len(pages), sum(bool(one.player_url) for one in pages)) == (15, 14)
    answers = [one for path in sorted((DATA / "bandcamp" / "api").glob("tralbum_details*")) for one in found(path)]
    assert (len(answers), sum(bool(one.player_url) for one in answers)) == (11, 11)


def test_feeds_that_play() -> None:
    plays = {
        path.name: [one.player_url or one.audio_url for one in found(path)]
        for path in FEEDS
        if any(one.player_url or one.audio_url for one in found(path))
    }
    videos = [f"https://video.example.org/videos/embed/{number}" for number in ("9c9de5e8", "0aa11bb2", "77aa2c31")]
    assert plays == {
        "funkwhale_channel.rss.xml": ["https://pod.example.org/api/v1/stream/0b1f6a44-0000-4000-8000-000000000001.mp3"],
        "funkwhale_import_2.xml": ["https://file.domain/audio.mp3"],
        "funkwhale_import_3.xml": ["https://file.domain/audio.mp3"],
        "funkwhale_import_4.xml": ["https://file.domain/audio.mp3", "https://file.domain/audio2.mp3", ""],
        "podcast-example.xml": [f"https://example.com/file-0{number}.mp3" for number in (3, 2, 1)],
        **{f"peertube_channel.{ending}": videos for ending in ("rss.xml", "atom.xml", "feed.json")},
    }


def test_peertube_itself_names_the_same_players() -> None:
    feed = DATA / "feeds" / "peertube_channel.rss.xml"
    assert [one.player_url for one in found(feed)] == re.findall(r'<media:embed url="([^"]+)"', feed.read_text(encoding="utf-8"))


def test_all_of_them_are_clean() -> None:
    linked = [release_page(None, document(orjson.loads(path.read_bytes()))) for path in (DATA / "bandcamp" / "ldjson").glob("*.json")]
    read = [read_page(Fetched("", body)).releases for body in linked] + [found(path) for path in (*PAGES, *FEEDS)]
    for release in (one for some in read for one in some):
        plays_cleanly(release.player_url)
        plays_cleanly(release.audio_url)
