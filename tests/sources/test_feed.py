"""Feeds of every kind become releases: ids, dates, licences and kinds only where the feed really says them."""

from datetime import date
from itertools import pairwise

import pytest

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from tests.sources.pages import RDF, atom, item, rss

ADDRESS = "https://aoife.example/feed.xml"


def reading(body: bytes, address: str = ADDRESS) -> Reading:
    return read_page(Fetched(address, body))


def only(body: bytes) -> FoundRelease:
    (release,) = reading(body).releases
    return release


def test_rss_1_0() -> None:
    release = only(RDF)
    assert (release.title, release.artist, release.url, release.guid) == ("Song 1", "Aoife", *["https://aoife.example/r/1"] * 2)
    assert (release.licence, release.released_on, release.tags) == ("CC-BY-SA-3.0-DE", date(2026, 11, 7), ("folk",))


def test_an_entry_with_nothing_but_text() -> None:
    release = only(rss("<description>&lt;p&gt;Out now: &lt;b&gt;Tall Ships&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Ten songs&lt;/p&gt;</description>"))
    assert (release.title, release.url, release.description) == ("Out now: Tall Ships", None, "Out now: Tall Ships\nTen songs")
    assert release.guid.startswith("text-")
    assert only(rss("<guid>x</guid>")).title == "Untitled"


def test_a_long_text_gives_a_short_title() -> None:
    title = only(rss(f"<description>{'sailing away ' * 30}</description>")).title
    assert title.endswith("away…")
    assert len(title) <= 80


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Aoife &amp;amp; the Tall Ships", "Aoife & the Tall Ships"),
        ("Tall &lt;b&gt;Ships&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;", "Tall Ships"),
        ("I &lt;3 Ships", "I <3 Ships"),
        ("<![CDATA[Rock & Roll]]>", "Rock & Roll"),
        ("Ships \u202egnp.exe\u202c", "Ships gnp.exe"),
        ("&lt;&lt;b&gt;b&gt;x", "< b>x"),
        ("  many \n  spaces ", "many spaces"),
    ],
)
def test_titles_are_plain_text(written: str, shown: str) -> None:
    assert only(rss(item(1, title=written))).title == shown


def test_a_feed_cut_in_the_middle_keeps_its_whole_entries() -> None:
    whole = rss(item(1), item(2), item(3))
    cut = reading(whole[: whole.index(b"Song 3") + 3])
    assert [one.title for one in cut.releases] == ["Song 1", "Song 2"]
    assert "cut off" in str(cut.notes[0])
    assert reading(whole).notes == ()


def test_a_web_page_is_no_feed() -> None:
    with pytest.raises(InvalidInput, match="neither a feed nor a Bandcamp page"):
        reading(b"<!DOCTYPE html><html><body><item>no</item></body></html>")
    for body in (b"", b"   ", b"{}", b"\x00\xff\xfe", b"<xml/>", b"plain words"):
        with pytest.raises(InvalidInput):
            reading(body)


def test_dates_are_days_of_publication_in_utc() -> None:
    assert only(rss(item(1, date="Fri, 06 Nov 2026 23:30:00 -0200"))).released_on == date(2026, 11, 7)
    assert only(rss(item(1))).released_on is None
    assert only(rss(item(1, date="some day"))).released_on is None
    stamped = "<id>x</id><title>x</title><updated>2026-11-01T00:00:00Z</updated>"
    assert only(atom(stamped)).released_on is None
    assert only(atom(stamped + "<published>2026-10-01T00:00:00Z</published>")).released_on == date(2026, 10, 1)
    faircamp = atom(stamped.replace("00Z", "00.123456789+00:00"), feed="<title>Aoife</title><generator>Faircamp 1.5</generator>")
    assert (only(faircamp).released_on, only(faircamp).kind) == (None, "album")


@pytest.mark.parametrize(
    ("channel", "inside", "kind"),
    [
        ("<generator>Mastodon v4.6.5</generator>", "", "post"),
        ("<generator>PeerTube - https://video.example</generator>", "", "video"),
        ('<atom:link rel="self" href="https://pod.example/api/v1/channels/aoife/rss"/>', "", "track"),
        ('<atom:link rel="self" href="https://pod.example/api/v1/channels/aoife/rss"/><itunes:category text="Music"/>', "", "episode"),
        ("", '<enclosure url="https://a.example/1.mp3" type="audio/mpeg"/>', "episode"),
        ("", '<enclosure url="https://a.example/1.mp4" type="video/mp4"/>', "video"),
        ("", "<itunes:episode>3</itunes:episode>", "episode"),
        ("", '<enclosure url="https://a.example/1.jpg" type="image/jpeg"/>', "unknown"),
        ("<generator>WordPress</generator>", "<category>album</category>", "unknown"),
    ],
)
def test_kinds_need_a_real_mark(channel: str, inside: str, kind: str) -> None:
    assert only(rss(item(1) + inside, channel=f"<title>Aoife</title>{channel}")).kind == kind


def test_mirlo_tells_releases_from_posts() -> None:
    channel = '<title>Aoife Feed</title><atom:link rel="self" href="https://api.mirlo.example/v1/artists/aoife/feed?format=rss"/>'
    release, post = reading(
        rss(
            item(1, title="Tall Ships by Aoife", link="https://mirlo.example/aoife/release/tall-ships"),
            item(2, title="Diary by undefined", link="https://mirlo.example/aoife/posts/7"),
            channel=channel,
        )
    ).releases
    assert (release.kind, release.artist, post.kind, post.artist) == ("album", "Aoife", "post", None)


def test_a_bridge_of_bandcamp_says_what_it_is_by_address() -> None:
    assert only(rss(item(1, link="https://aoife.bandcamp.com/track/wellerman"))).kind == "track"
    assert only(rss(item(1, link="https://aoife.bandcamp.com/album/tall-ships"))).kind == "album"


@pytest.mark.parametrize(
    ("inside", "licence"),
    [
        ('<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"/>', "CC-BY-SA-4.0"),
        ("<rights>© 2026 Aoife, CC BY-NC-ND 3.0</rights>", "CC-BY-NC-ND-3.0"),
        ("<rights>© 2026 Aoife. All rights reserved.</rights>", "all-rights-reserved"),
        ("<rights>All rights reserved, unless otherwise specified by the rightholder.</rights>", None),
        ("<summary>Out under https://creativecommons.org/licenses/by/4.0/deed.en — enjoy</summary>", "CC-BY-4.0"),
        ("<summary>Shanties, CC-BY-SA</summary>", None),
        ('<link rel="license" href="https://aoife.example/terms"/>', None),
    ],
)
def test_licences_in_feeds(inside: str, licence: str | None) -> None:
    assert only(atom(f"<id>x</id><title>x</title>{inside}")).licence == licence


def test_funkwhales_default_copyright_says_nothing() -> None:
    channel = '<atom:link rel="self" href="https://pod.example/api/v1/channels/aoife/rss"/><copyright>All rights reserved</copyright>'
    assert only(rss(item(1), channel=channel)).licence is None


def test_covers_and_files() -> None:
    assert only(rss(item(1) + '<media:thumbnail url="/covers/1.jpg"/>')).cover_url == "https://aoife.example/covers/1.jpg"
    assert only(rss(item(1) + '<enclosure url="https://a.example/c.png" type="image/png"/>')).cover_url == "https://a.example/c.png"
    inside = item(1, text='&lt;p&gt;&lt;img alt="" src="https://a.example/i.jpg"&gt;')
    assert only(rss(inside)).cover_url == "https://a.example/i.jpg"
    assert only(rss(item(1) + '<media:thumbnail url="javascript:alert(1)"/>')).cover_url is None


def test_addresses_are_web_addresses() -> None:
    assert only(rss(item(1, link="/r/1"))).url == "https://aoife.example/r/1"
    for bad in ("javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http://a:b@c.example/"):
        assert only(rss(item(1, link=bad))).url is None


def test_tags_without_signs_and_repeats() -> None:
    assert only(rss(item(1) + "<category>#Folk</category><category>folk</category><itunes:keywords>Sea,Shanty</itunes:keywords>")).tags == (
        "Folk",
        "Sea",
        "Shanty",
    )


def test_an_author_is_a_name_never_an_e_mail_address() -> None:
    assert only(rss(item(1) + "<author>aoife@aoife.example</author>")).artist is None
    assert only(rss(item(1) + "<author>aoife@aoife.example (Aoife Byrne)</author>")).artist == "Aoife Byrne"


def test_an_empty_feed() -> None:
    empty = reading(rss())
    assert (empty.state, empty.releases, len(empty.notes)) == ("empty", (), 1)


def test_of_a_long_feed_the_first_entries() -> None:
    long = reading(rss(*(item(number) for number in range(2_000))))
    assert (len(long.releases), long.releases[499].title, len(long.notes)) == (500, "Song 499", 1)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item><title>x</title>" + b"<a>" * 100_000,
        b"<rss " + b" ".join(b'a%d="1"' % number for number in range(50_000)) + b"></rss>",
        b"<rss><channel><item><title>x</title>" + b"<a>" * 30_000,
        b"<rss version='2.0'><channel><item><title>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</title></item></channel></rss>",
        b'<div data-tralbum="{}">' + b"<div>" * 100_000,
    ],
)
def test_pages_built_to_be_heavy_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="too large"):
        reading(body)


def test_a_bomb_of_entities_is_not_lit() -> None:
    names = "abcdefgh"
    lines = '<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [{lines}]><rss><channel><item><title>x&h;</title></item></channel></rss>'.encode()
    assert len(only(bomb).title) < 100
