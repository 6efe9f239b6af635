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

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded feeds are not beside this checkout")


def recorded(name: str) -> Reading:
    return read_page(Fetched("", (DATA / name).read_bytes()))


# Read off the files by eye: kind, and title and day of each entry.
SEEN: dict[str, tuple[str, list[tuple[str, str | None]]]] = {
    "faircamp_build1.atom.xml": ("album", [("Aoife – Tall Ships", None), ("Aoife – Old Demos", None)]),
    "faircamp_build2_rebuild_nothing_new.atom.xml": ("album", [("Aoife – Tall Ships", None), ("Aoife – Old Demos", None)]),
    "faircamp_generic.rss.xml": ("album", [("Aoife – Tall Ships", None), ("Aoife – Old Demos", None)]),
    "funkwhale_channel.rss.xml": (
        "track",
        [("Leaving of Liverpool", "2026-11-06"), ("Wellerman", "2026-11-06"), ("Drunken Sailor", "2026-11-06")],
    ),
    "funkwhale_import_2.xml": ("episode", [("Episode 33", "2020-03-11")]),
    "funkwhale_import_3.xml": ("episode", [("Episode 33", "2020-03-11")]),
    "funkwhale_import_4.xml": (
        "episode",
        [("Episode 33", "2020-03-11"), ("Episode 32", "2020-03-11"), ("Ignored, missing enĉlosure", "2020-03-11")],
    ),
    "granary_feed_with_authors.rss.xml": ("unknown", [("foo", None), ("bar", None)]),
    "granary_feed_with_note.rss.xml": (
        "unknown",
        [("something i have to say. and just long enough that it has to be ellipsized.", "2012-12-04")],
    ),
    "mastodon_account.rss.xml": (
        "post",
        [("New single out now! aoife.example/r/wellerman #NewMusic", "2026-11-20"), ("Content warning:flashing lights", "2026-11-18")],
    ),
    "peertube_channel.atom.xml": (
        "video",
        [
            ("Leaving of Liverpool (live)", "2026-10-03"),
            ("Old VHS gig, 1994 (re-upload)", "1994-06-11"),
            ("Wellerman — remix 🎵", "2026-11-20"),
        ],
    ),
    "peertube_channel.rss.xml": (
        "video",
        [
            ("Leaving of Liverpool (live)", "2026-10-03"),
            ("Old VHS gig, 1994 (re-upload)", "1994-06-11"),
            ("Wellerman — remix 🎵", "2026-11-20"),
        ],
    ),
    "pixelfed_user.atom.xml": ("post", [("No caption", "2026-11-20")]),
    "podcast-example.xml": (
        "episode",
        [("Episode 3 - The Future", "2020-10-09"), ("Episode 2 - The Present", "2020-10-08"), ("Episode 1 - The Past", "2020-10-07")],
    ),
    "reader_empty.rss": ("unknown", [("Untitled", None)]),
    "reader_full.atom": (
        "unknown",
        [("Atom-Powered Robots Run Amok", "2003-12-13"), ("Atom-Powered Robots Run Amok Again", None), *[("Untitled", None)] * 3],
    ),
    "reader_full.rss": ("unknown", [("Example entry", "2009-09-06"), ("Example entry, again", "2009-09-06"), *[("Untitled", None)] * 3]),
    "reader_relative.rss": ("unknown", [("one two three", None)]),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_feed_says_what_a_person_reads_in_it(name: str) -> None:
    kind, entries = SEEN[name]
    reading = recorded(name)
    assert reading.source == "feed"
    assert [(one.title, one.released_on) for one in reading.releases] == [
        (title, date.fromisoformat(day) if day else None) for title, day in entries
    ]
    assert {one.kind for one in reading.releases} == {kind}
    assert {one.price.model for one in reading.releases} == {"unknown"}


def test_mirlo_mixes_releases_and_posts_and_announces_the_future() -> None:
    releases = recorded("mirlo_artist.rss.xml").releases
    assert [(one.title, one.kind, str(one.released_on), one.artist) for one in releases] == [
        ("Tall Ships by Aoife", "album", "2026-12-04", "Aoife"),
        ("Tour diary by Aoife", "post", "2026-11-01", "Aoife"),
        ("A release by undefined", "album", "2025-01-01", None),
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


@pytest.mark.parametrize("name", ["podcastns_docs_schema_podcast-example.xml", "peertube_channel.feed.json"])
def test_what_is_no_rss_and_no_atom_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        recorded(name)


@pytest.mark.parametrize("name", sorted(path.name for path in (DATA / "nasty").glob("*")) if DATA.is_dir() else [])
def test_nasty_files_are_read(name: str) -> None:
    reading = recorded(f"nasty/{name}")
    assert reading.source == "feed"


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
        "title": "Aoife – Tall Ships",
        "artist": None,
        "url": "https://aoife.example/tall-ships/",
        "kind": "album",
        "part_of": None,
        "guid": "https://aoife.example/tall-ships/",
        "released_on": None,
        "price": {"model": "unknown", "amount": None, "suggested": None, "currency": None},
        "licence": None,
        "cover_url": None,
        "tags": [],
    }
