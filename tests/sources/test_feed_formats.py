"""Formats: JSON Feed, what a feed says about being looked at, and the two ways of reading XML, which must agree."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from creatorbot.sources.feed_entry import Entry
from creatorbot.sources.feed_quick import read_quickly
from creatorbot.sources.feed_thorough import read_thoroughly
from tests.sources.examples import EXAMPLES, JSON_ITEM, json_feed
from tests.sources.pages import atom, item, rss

ADDRESS = "https://aoife.example/feed"


def reading(body: bytes, address: str = ADDRESS, **headers: str) -> Reading:
    return read_page(Fetched(address, body, headers=headers))


def only(body: bytes, address: str = ADDRESS) -> FoundRelease:
    (release,) = reading(body, address).releases
    return release


class TestJsonFeed:
    def test_an_item(self) -> None:
        found = only(json_feed(JSON_ITEM))
        assert (found.title, found.artist, found.kind, found.guid) == ("Tall Ships <3", "Aoife", "episode", "urn:1")
        assert (found.url, found.cover_url) == ("https://aoife.example/r/1", "https://aoife.example/c.jpg")
        assert (found.released_on, found.tags, found.description) == (date(2026, 11, 7), ("Folk",), "Ten shanties")

    @pytest.mark.parametrize(
        ("item", "guid"),
        [({"id": 7}, "7"), ({"id": True, "url": "/r/2"}, "https://aoife.example/r/2"), ({"id": ["x"], "title": "y"}, "text-")],
    )
    def test_ids_that_are_no_text(self, item: dict[str, object], guid: str) -> None:
        assert only(json_feed(item)).guid.startswith(guid)

    def test_plain_text_keeps_its_signs_and_lines(self) -> None:
        found = only(json_feed({"id": "1", "content_text": "I <3 ships\n<b>bold</b> & more"}))
        assert (found.title, found.description) == ("I <3 ships", "I <3 ships\n<b>bold</b> & more")

    def test_the_first_version_and_its_single_author(self) -> None:
        body = json_feed({"id": "1", "author": {"name": "Bea"}}, version="https://jsonfeed.org/version/1")
        assert only(body).artist == "Bea"
        escaped = json_feed(JSON_ITEM).replace(b"/", b"\\/")
        assert reading(escaped).source == "jsonfeed"

    def test_its_version_may_come_last(self) -> None:
        body = b'{"items": [{"id": "1", "title": "' + b"x" * 20_000 + b'"}], "version": "https://jsonfeed.org/version/1.1"}'
        assert reading(body).source == "jsonfeed"

    @pytest.mark.parametrize(
        "body", [b"{", b'{"version": "https://jsonfeed.org/version/1"}', b'{"a": 1}', b"[" * 100_000, b'{"a":' * 100_000]
    )
    def test_other_json_is_refused(self, body: bytes) -> None:
        with pytest.raises(InvalidInput):
            reading(body)

    def test_a_hub_is_named_in_it(self) -> None:
        hubs = [{"type": "rssCloud", "url": "https://no.example/"}, {"type": "WebSub", "url": "https://hub.example/"}]
        found = reading(json_feed(JSON_ITEM, hubs=hubs, feed_url="https://aoife.example/feed.json"))
        assert (found.hub, found.topic) == ("https://hub.example/", "https://aoife.example/feed.json")

    def test_an_empty_one(self) -> None:
        assert (reading(json_feed()).state, reading(json_feed()).title) == ("empty", "Aoife")


class TestHints:
    HUB = '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://aoife.example/rss"/>'

    def test_a_hub_in_the_feed(self) -> None:
        found = reading(rss(item(1), channel=f"<title>A</title>{self.HUB}"))
        assert (found.hub, found.topic) == ("https://hub.example/", "https://aoife.example/rss")
        as_atom = reading(atom("<id>1</id><title>x</title>", feed='<title>A</title><link rel="hub" href="https://hub.example/"/>'))
        assert (as_atom.hub, as_atom.topic) == ("https://hub.example/", ADDRESS)

    @pytest.mark.parametrize(
        "header",
        [
            '<https://other.example/hub>; rel="hub", <https://aoife.example/topic>; rel="self"',
            "<https://other.example/hub>;rel=hub,</topic>;rel=self",
            '<https://x.example/>; rel="preload"; as=style, <https://other.example/hub>; title="a,b"; rel="hub x", </topic>; rel="self"',
        ],
    )
    def test_headers_come_before_the_feed(self, header: str) -> None:
        found = reading(rss(item(1), channel=f"<title>A</title>{self.HUB}"), link=header)
        assert (found.hub, found.topic) == ("https://other.example/hub", "https://aoife.example/topic")

    def test_no_hub_no_topic(self) -> None:
        body = rss(item(1), channel=f"<title>A</title>{self.HUB.partition('/>')[2]}")
        for header in ("", '<javascript:alert(1)>; rel="hub"', "<;rel=hub", '<https://a.example/>; rel="hubs"'):
            assert reading(body, link=header).topic == ""

    @pytest.mark.parametrize(
        ("told", "seconds"),
        [
            ("<ttl>60</ttl>", 3_600),
            ("<ttl>1</ttl>", 300),
            ("<ttl>999999</ttl>", 86_400),
            ("<ttl>soon</ttl>", 0),
            ("<ttl>0</ttl>", 0),
            ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1_800),
            ("<sy:updatePeriod> daily </sy:updatePeriod>", 86_400),
            ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3_600),
            ("<sy:updatePeriod>now</sy:updatePeriod>", 0),
            ("", 0),
        ],
    )
    def test_the_pace_a_feed_asks_for(self, told: str, seconds: int) -> None:
        space = b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
        body = rss(item(1), channel=f"<title>A</title>{told}").replace(b"<rss ", space)
        assert reading(body).pace_s == seconds

    def test_the_program_that_wrote_it(self) -> None:
        for generator, name in (
            ("https://wordpress.org/?v=6.9", "wordpress"),
            ("Hugo -- gohugo.io", "hugo"),
            ("Ghost 5.0", "ghost"),
            ("", ""),
        ):
            assert reading(rss(item(1), channel=f"<title>A</title><generator>{generator}</generator>")).software == name


# Pieces of which entries are put together: what each means is the same in any order, with or without the others.
PIECES = [
    "<title>Tall Ships</title>",
    "<title>Tall &lt;b&gt;Ships&lt;/b&gt; &amp;amp; more</title>",
    "<media:title>Another</media:title>",
    "<description>&lt;p&gt;Ten &lt;img src='/c.jpg'&gt;&lt;/p&gt;</description>",
    "<description/>",
    "<content:encoded><![CDATA[<p>All of it</p>]]></content:encoded>",
    "<itunes:summary>In short</itunes:summary>",
    "<link>https://aoife.example/r/1?a=1&amp;b=2</link>",
    '<atom:link rel="enclosure" href="/1.ogg" type="Audio/Ogg"/>',
    '<atom:link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>',
    "<guid>https://aoife.example/g/1</guid>",
    '<guid isPermaLink="false"> urn:1 </guid>',
    "<pubDate>Fri, 06 Nov 2026 23:30:00 -0200</pubDate>",
    "<pubDate>6 Nov 2026 9:30 EST</pubDate>",
    "<pubDate>2026-11-06T23:30:00.5-02:00</pubDate>",
    "<pubDate>some day</pubDate>",
    "<pubDate>Fri, 31 Feb 2026 00:00:00 GMT</pubDate>",
    "<dc:date>2026-11-06</dc:date>",
    "<dc:creator>Aoife</dc:creator>",
    "<author>a@aoife.example (Aoife Byrne)</author>",
    "<author>a@aoife.example</author>",
    "<author>a@aoife.example, b@bea.example</author>",
    "<itunes:author>Bea</itunes:author>",
    "<category>Folk</category>",
    '<category domain="x">folk, sea</category>',
    "<itunes:keywords>Sea, Shanty</itunes:keywords>",
    '<enclosure url="https://aoife.example/1.mp3" type="audio/mpeg" length="1"/>',
    '<media:content url="/m.jpg" medium="image"><media:thumbnail url="/t.jpg"/></media:content>',
    '<media:group><media:content url="/v.mp4" type="video/mp4"/><media:rating>adult</media:rating></media:group>',
    '<media:thumbnail url="/thumb.jpg"/>',
    '<itunes:image href="https://aoife.example/i.jpg"/>',
    "<itunes:episode>3</itunes:episode>",
    "<itunes:season>2</itunes:season>",
    "<source url='https://x.example/'>Elsewhere</source>",
    "<unknown:thing xmlns:unknown='urn:x'>?</unknown:thing>",
    "<!-- nothing -->",
    "<title>Ã¼ber</title>",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9, unique_by=lambda piece: piece.split(">")[0].split(" ")[0]))
def test_both_ways_of_reading_see_the_same(pieces: list[str]) -> None:
    body = rss("".join(pieces), item(2)).replace(b"<rss ", b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')
    quick, thorough = read_quickly(body), read_thoroughly(body, Fetched("", body), 500)
    assert thorough is not None
    if quick is not None:
        for field in dataclasses.fields(Entry):
            assert [getattr(one, field.name) for one in quick.entries] == [getattr(one, field.name) for one in thorough.entries], field.name
        assert quick == thorough


@pytest.mark.parametrize("body", [example.page.body for some in EXAMPLES.values() for example in some if b"<?xml" in example.page.body[:9]])
def test_both_ways_see_the_same_in_the_examples(body: bytes) -> None:
    quick, thorough = read_quickly(body), read_thoroughly(body, Fetched("", body), 500)
    assert quick is None or quick == thorough


def test_ordinary_feeds_go_the_short_way() -> None:
    for body in (rss(item(1)), atom("<id>1</id><title>x</title><updated>2026-11-01T00:00:00Z</updated>"), b"\xef\xbb\xbf" + rss(item(1))):
        assert read_quickly(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1)).replace(b"UTF-8", b"ISO-8859-1"),
        b"<!DOCTYPE rss>" + rss(item(1)),
        rss(item(1, title="Tall <b>Ships</b>")),
        rss(item(1, title="&#145;Ships&#146;")),
        rss(item(1))[:-3],
        rss(item(1)).replace(b"2.0", b"0.91"),
        atom('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x</div></title>'),
        atom("<title>x</title>").replace(b"<feed ", b'<feed xml:base="https://a.example/" '),
        b"<rss version='2.0'><channel>" + b"<media:content xmlns:media='http://search.yahoo.com/mrss/'>" * 5_000,
    ],
)
def test_unusual_feeds_are_left_to_feedparser(body: bytes) -> None:
    assert read_quickly(body) is None


@pytest.mark.parametrize("name", [b"utf\xe3", b"ut\0f", b"", b"no such", b"base64", b"idna", b"punycode", b"undefined", b"x" * 5_000])
def test_an_encoding_that_is_none(name: bytes) -> None:
    body = rss(item(1, title="Tall Ships")).replace(b"UTF-8", name)
    for headers in ({}, {"content-type": "text/xml; charset=undefined"}, {"content-type": "text/xml; charset=hex"}):
        try:
            found = read_page(Fetched(ADDRESS, body, headers=headers))
        except InvalidInput:
            continue
        assert [one.title for one in found.releases] == ["Tall Ships"]


def test_a_charset_in_the_header_is_left_to_feedparser() -> None:
    assert read_quickly(rss(item(1)), "text/xml; charset=iso-8859-1") is None
    assert read_quickly(rss(item(1)), "application/rss+xml; charset=UTF-8") is not None
