"""Feeds of music and fediverse software, and the nasty files of a feed library: what a person reads in them, and no crash."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import orjson
import pytest

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, Reading
from creatorbot.sources.feed_quick import read_quickly
from creatorbot.sources.feed_thorough import read_thoroughly
from tests.contracts.source_contract import best, in_order, survives

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded feeds are not beside this checkout")


def recorded(name: str) -> Reading:
    return read_page(Fetched("", (DATA / name).read_bytes()))


# Read off the files by eye: what wrote it, the kind of its entries, and title and day of each.
SEEN: dict[str, tuple[str, str, list[tuple[str, str | None]]]] = {
    "faircamp_build1.atom.xml": ("faircamp", "album", [("Tall Ships", None), ("Old Demos", None)]),
    "faircamp_build2_rebuild_nothing_new.atom.xml": ("faircamp", "album", [("Tall Ships", None), ("Old Demos", None)]),
    "faircamp_generic.rss.xml": ("faircamp", "album", [("Tall Ships", None), ("Old Demos", None)]),
    "funkwhale_channel.rss.xml": ("funkwhale", "album", [("Leaving of Liverpool, Wellerman, Drunken Sailor", "2026-11-06")]),
    "funkwhale_import_2.xml": ("podcast", "episode", [("Episode 33", "2020-03-11")]),
    "funkwhale_import_3.xml": ("podcast", "episode", [("Episode 33", "2020-03-11")]),
    "funkwhale_import_4.xml": (
        "podcast",
        "episode",
        [("Episode 33", "2020-03-11"), ("Episode 32", "2020-03-11"), ("Ignored, missing enĉlosure", "2020-03-11")],
    ),
    "granary_feed_with_authors.rss.xml": ("feed", "unknown", [("foo", None), ("bar", None)]),
    "granary_feed_with_note.rss.xml": (
        "feed",
        "unknown",
        [("something i have to say. and just long enough that it has to be ellipsized.", "2012-12-04")],
    ),
    "mastodon_account.rss.xml": (
        "mastodon",
        "post",
        [("New single out now! aoife.example/r/wellerman #NewMusic", "2026-11-20"), ("Content warning: flashing lights", "2026-11-18")],
    ),
    "peertube_channel.atom.xml": (
        "peertube",
        "video",
        [
            ("Leaving of Liverpool (live)", "2026-10-03"),
            ("Old VHS gig, 1994 (re-upload)", "1994-06-11"),
            ("Wellerman — remix 🎵", "2026-11-20"),
        ],
    ),
    "granary_attachments.feed.json": ("jsonfeed", "episode", [("Untitled", None)]),
    "granary_invalid_content_fields.feed.json": ("jsonfeed", "unknown", [("Untitled", None)]),
    "peertube_channel.feed.json": (
        "peertube",
        "video",
        [
            ("Leaving of Liverpool (live)", "2026-10-03"),
            ("Old VHS gig, 1994 (re-upload)", "1994-06-11"),
            ("Wellerman — remix 🎵", "2026-11-20"),
        ],
    ),
    "peertube_channel.rss.xml": (
        "peertube",
        "video",
        [
            ("Leaving of Liverpool (live)", "2026-10-03"),
            ("Old VHS gig, 1994 (re-upload)", "1994-06-11"),
            ("Wellerman — remix 🎵", "2026-11-20"),
        ],
    ),
    "pixelfed_user.atom.xml": ("pixelfed", "post", [("No caption", "2026-11-20")]),
    "podcast-example.xml": (
        "podcast",
        "episode",
        [("Episode 3 - The Future", "2020-10-09"), ("Episode 2 - The Present", "2020-10-08"), ("Episode 1 - The Past", "2020-10-07")],
    ),
    "reader_empty.rss": ("feed", "unknown", [("Untitled", None)]),
    "reader_full.atom": (
        "feed",
        "unknown",
        [("Atom-Powered Robots Run Amok", "2003-12-13"), ("Atom-Powered Robots Run Amok Again", None), *[("Untitled", None)] * 3],
    ),
    "reader_full.rss": (
        "feed",
        "unknown",
        [("Example entry", "2009-09-06"), ("Example entry, again", "2009-09-06"), *[("Untitled", None)] * 3],
    ),
    "reader_relative.rss": ("feed", "unknown", [("one two three", None)]),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_feed_says_what_a_person_reads_in_it(name: str) -> None:
    source, kind, entries = SEEN[name]
    reading = recorded(name)
    assert reading.source == source
    assert [(one.title, one.released_on) for one in reading.releases] == [
        (title, date.fromisoformat(day) if day else None) for title, day in entries
    ]
    assert {one.kind for one in reading.releases} == {kind}
    assert {one.price.model for one in reading.releases} == {"unknown"}


def test_mirlo_mixes_releases_and_posts_and_announces_the_future() -> None:
    releases = recorded("mirlo_artist.rss.xml").releases
    assert [(one.title, one.kind, str(one.released_on), one.artist) for one in releases] == [
        ("Tall Ships", "album", "2026-12-04", "Aoife"),
        ("Tour diary", "post", "2026-11-01", "Aoife"),
        ("A release", "album", "2025-01-01", None),
    ]


def test_sound_and_film_in_one_feed() -> None:
    assert [one.kind for one in recorded("granary_feed_with_audio_video.rss.xml").releases] == ["episode", "video"]


def test_entities_escaped_twice_are_repaired() -> None:
    reading = recorded("faircamp_generic.rss.xml")
    assert (reading.title, reading.releases[0].description) == ("Aoife & the Tall Ships", "Ten shanties & a hymn")


def test_a_rebuilt_site_says_the_same_as_before() -> None:
    assert recorded("faircamp_build1.atom.xml") == recorded("faircamp_build2_rebuild_nothing_new.atom.xml")


def test_details() -> None:
    funkwhale = recorded("funkwhale_channel.rss.xml").releases[0]
    assert [part[-1] for part in funkwhale.parts] == ["1", "2", "3"]
    assert (funkwhale.tracks, funkwhale.artist) == (3, "Aoife & the Tall Ships")
    assert (funkwhale.guid, funkwhale.url) == ("0b1f6a44-0000-4000-8000-000000000001", "https://pod.example.org/library/tracks/101")
    assert (funkwhale.licence, funkwhale.tags, funkwhale.cover_url) == (None, ("Shanty", "Folk"), "https://pod.example.org/media/cover.jpg")
    peertube = recorded("peertube_channel.rss.xml").releases[0]
    assert (peertube.licence, peertube.artist) == (None, "Aoife & the Tall Ships")
    assert peertube.cover_url == "https://video.example.org/lazy-static/previews/9c9de5e8.jpg"
    assert recorded("mastodon_account.rss.xml").releases[0].cover_url == "https://files.social.example/m.jpg"
    assert recorded("pixelfed_user.atom.xml").releases[0].cover_url == "https://pixelfed.example/storage/m.jpg"
    assert [one.artist for one in recorded("granary_feed_with_authors.rss.xml").releases] == [None, "Ms Alice"]
    relative = read_page(Fetched("https://aoife.example/sub/feed.rss", (DATA / "reader_relative.rss").read_bytes())).releases[0]
    assert relative.url == "https://aoife.example/sub/blog/post/1"


@pytest.mark.parametrize("name", ["funkwhale_import_0.xml", "funkwhale_import_1.xml", "funkwhale_import_5.xml"])
def test_feeds_without_entries(name: str) -> None:
    reading = recorded(name)
    assert (reading.state, reading.releases, len(reading.notes)) == ("empty", (), 1)


def test_what_is_no_feed_is_refused() -> None:
    with pytest.raises(InvalidInput):
        recorded("podcastns_docs_schema_podcast-example.xml")


def test_three_formats_of_one_channel_say_the_same() -> None:
    as_rss, as_atom, as_json = (recorded(f"peertube_channel.{ending}").releases for ending in ("rss.xml", "atom.xml", "feed.json"))
    for one, other, third in zip(as_rss, as_atom, as_json, strict=True):
        assert (one.guid, one.title, one.artist) == (other.guid, other.title, other.artist) == (third.guid, third.title, third.artist)


def test_what_is_for_adults_says_so() -> None:
    assert [one.tags for one in recorded("peertube_channel.rss.xml").releases] == [("Music",), ("Music",), ("Music", "NSFW")]


def test_the_pace_a_feed_asks_for() -> None:
    assert recorded("funkwhale_import_4.xml").pace_s == 1_800
    assert recorded("reader_full.rss").pace_s == 86_400
    assert recorded("mirlo_artist.rss.xml").pace_s == 0


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.*")) if DATA.is_dir() else [])
def test_it_keeps_the_contract_whole_and_cut(name: str) -> None:
    body = (DATA / name).read_bytes()
    for end in (len(body), len(body) * 3 // 4, len(body) // 2, 300, 30):
        survives(Fetched("https://aoife.example/feed", body[:end]))
    if name != "podcastns_docs_schema_podcast-example.xml":
        assert best(Fetched("", body)) == recorded(name).source


@pytest.mark.parametrize(
    "name", sorted(path.name for folder in (DATA, DATA / "nasty") for path in folder.glob("*.*")) if DATA.is_dir() else []
)
def test_the_short_way_sees_what_feedparser_sees(name: str) -> None:
    body = next(path for path in (DATA / name, DATA / "nasty" / name) if path.is_file()).read_bytes()
    quick = read_quickly(body)
    assert quick is None or quick == read_thoroughly(body, Fetched("", body), 500)


@pytest.mark.parametrize("name", sorted(path.name for path in (DATA / "nasty").glob("*")) if DATA.is_dir() else [])
def test_nasty_files_are_read(name: str) -> None:
    reading = recorded(f"nasty/{name}")
    assert reading.source in ("feed", "podcast")
    in_order(reading)
    survives(Fetched("https://aoife.example/feed", (DATA / "nasty" / name).read_bytes()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("encoding__bozo_http_i18n.xml", "Iñtërnâtiônàlizætiøn"),
        ("encoding__http_i18n.xml", "Iñtërnâtiônàlizætiøn"),
        ("encoding__euc-kr.xml", "년"),
        ("encoding__euc-kr-item.xml", "년"),
        ("encoding__bozo_double-encoded-html.xml", "…"),
        ("illformed__always_strip_doctype.xml", "found"),
        ("wellformed__xml__escaped_apos.xml", "it's correct"),
        ("wellformed__sanitize__entry_content_style.xml", "never trust your upstream platypus"),
        ("wellformed__rss__item_description_and_summary.xml", "Example description"),
    ],
)
def test_nasty_files_give_the_right_text(name: str, text: str) -> None:
    reading = recorded(f"nasty/{name}")
    assert text in (reading.title, *(one.title for one in reading.releases))


def test_ids_and_links_in_the_nasty_files() -> None:
    seen = {
        "item_guid": ("http://guid.example.com/", "http://guid.example.com/"),
        "item_guid_guidislink": ("http://guid.example.com/", "http://guid.example.com/"),
        "item_guid_isPermaLink_conflict_link": ("http://guid.example.com/", "http://link.example.com/"),
    }
    for name, (guid, url) in seen.items():
        assert [(one.guid, one.url) for one in recorded(f"nasty/wellformed__rss__{name}.xml").releases] == [(guid, url)]


def test_licences_in_the_nasty_files() -> None:
    for name in ("item_cc_license", "item_creativeCommons_license"):
        assert [one.licence for one in recorded(f"nasty/wellformed__rss__{name}.xml").releases] == ["CC-BY-NC-1.0"]


def test_the_command_prints_exactly_this() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "creatorbot", "inspect", str(DATA / "faircamp_generic.rss.xml"), "--json"], capture_output=True, check=True
    )
    first = orjson.loads(done.stdout)["releases"][0]
    assert orjson.loads(done.stdout).keys() == {"source", "releases", "notes"}
    assert first == {
        "title": "Tall Ships",
        "artist": "Aoife",
        "url": "https://aoife.example/tall-ships/",
        "kind": "album",
        "part_of": None,
        "guid": "https://aoife.example/tall-ships/",
        "released_on": None,
        "price": {"model": "unknown", "amount": None, "suggested": None, "currency": None},
        "licence": None,
        "cover_url": None,
        "player_url": None,
        "audio_url": None,
        "tags": [],
    }
