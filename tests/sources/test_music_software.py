"""What the software that musicians publish with writes, and what a person would read in it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from tests.sources.examples import (
    ALBUM_SHOW,
    BANDWAGON,
    BRIDGE,
    CASTOPOD,
    DAY,
    EPISODE,
    FAIRCAMP_RSS,
    MIRLO,
    SHOW,
    faircamp,
    funkwhale,
    podcast,
    track,
)
from tests.sources.pages import atom, item, rss


def reading(body: bytes, address: str = "") -> Reading:
    return read_page(Fetched(address, body))


def only(body: bytes, address: str = "") -> FoundRelease:
    (release,) = reading(body, address).releases
    return release


def number(guid: str) -> int:
    return int(guid[-12:])


class TestFunkwhale:
    def test_the_tracks_of_one_day_are_one_release(self) -> None:
        day = only(funkwhale(*(track(n, DAY % n, title=f"Song {'ABCDE'[n - 1]}") for n in (3, 1, 2))))
        assert (day.title, day.kind, day.tracks, day.artist) == ("Song A, Song B, Song C", "album", 3, "Aoife & the Tall Ships")
        assert number(day.guid) == 1
        assert list(map(number, day.parts)) == [1, 2, 3]
        assert (day.url, day.released_on) == ("https://pod.example/library/tracks/1", date(2026, 11, 6))
        assert (day.cover_url, day.licence, day.tags) == ("https://pod.example/cover.jpg", None, ("Shanty",))
        assert day.description == "1. Song A\n2. Song B\n3. Song C"

    def test_many_tracks_have_a_short_name(self) -> None:
        assert only(funkwhale(*(track(n, DAY % n) for n in range(1, 8)))).title == "Song 1, Song 2, Song 3 + 4"

    def test_a_day_is_a_day_in_utc(self) -> None:
        late, early = "Fri, 06 Nov 2026 23:59:59 +0000", "Fri, 06 Nov 2026 23:59:59 -0100"
        found = reading(funkwhale(track(1, late), track(2, early))).releases
        assert [(one.kind, one.tracks, str(one.released_on), one.parts) for one in found] == [
            ("track", 1, "2026-11-06", ()),
            ("track", 1, "2026-11-07", ()),
        ]

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True), st.randoms())
    def test_it_stays_the_same_while_the_day_grows(self, seconds: list[int], chance: object) -> None:
        grown = sorted(seconds)
        for count in range(1, len(grown) + 1):
            some = [track(n + 1, DAY % n) for n in grown[:count]]
            chance.shuffle(some)  # type: ignore[attr-defined]
            day = only(funkwhale(*some))
            assert number(day.guid) == grown[0] + 1
            assert (day.kind, day.tracks) == ("album" if count > 1 else "track", count)
            assert {number(part) for part in day.parts} == ({n + 1 for n in grown[:count]} if count > 1 else set())

    def test_tracks_without_a_date_stand_alone(self) -> None:
        assert [one.title for one in reading(funkwhale(track(1, ""), track(2, ""))).releases] == ["Song 1", "Song 2"]

    def test_episodes_are_not_joined(self) -> None:
        show = reading(funkwhale(track(1, DAY % 1), track(2, DAY % 2), category='<itunes:category text="Arts"/>')).releases
        assert [(one.kind, one.artist) for one in show] == [("episode", "aoife")] * 2

    def test_it_is_known_behind_a_proxy_that_changes_the_feeds_address(self) -> None:
        body = funkwhale(track(1, DAY % 1)).replace(b"/api/v1/channels/aoife/rss", b"/feed")
        assert reading(body).source == "funkwhale"


class TestFaircamp:
    def test_artist_and_name_are_told_apart(self) -> None:
        first, second = reading(FAIRCAMP_RSS).releases
        assert (first.artist, first.title, first.kind, first.released_on) == ("Aoife, Bea", "Tall & Ships", "album", None)
        assert (second.artist, second.title) == ("Aoife", "Demos – 2019")

    def test_a_build_is_no_news(self) -> None:
        earlier, later = faircamp("2026-10-01T09:00:00", "ships"), faircamp("2026-11-01T09:00:00", "demos", "ships")
        assert reading(earlier).releases == reading(later).releases[1:]

    def test_another_version_is_known_too(self) -> None:
        body = FAIRCAMP_RSS.replace(b"<generator>Faircamp 1.5</generator>", b"<generator>faircamp/3.0.0-beta</generator>")
        assert reading(body).source == "faircamp"
        assert reading(body).software == "faircamp"

    def test_its_podcast_lists_releases(self) -> None:
        body = FAIRCAMP_RSS.replace(b"</item>", b'<enclosure url="https://aoife.example/1.mp3" type="audio/mpeg"/></item>')
        assert [one.kind for one in reading(body).releases] == ["album", "album"]


class TestMirlo:
    def test_releases_and_posts_and_a_day_ahead(self) -> None:
        found = reading(MIRLO)
        assert found.title == "Aoife"
        assert [(one.title, one.artist, one.kind) for one in found.releases] == [
            ("Tall Ships", "Aoife", "album"),
            ("Diary", "Aoife", "post"),
        ]
        assert found.releases[0].released_on == date(2026, 12, 4)
        assert found.releases[0].availability == "out"

    @pytest.mark.parametrize(
        ("written", "name", "title", "artist"),
        [
            ("Stand by Me by Aoife", "Aoife", "Stand by Me", "Aoife"),
            ("Cake by Death by Chocolate", "Death by Chocolate", "Cake", "Death by Chocolate"),
            ("A release by undefined", "Aoife", "A release", None),
            ("Nothing more", "Aoife", "Nothing more", None),
            ("Split by Bea", "Aoife", "Split", "Bea"),
        ],
    )
    def test_names(self, written: str, name: str, title: str, artist: str | None) -> None:
        body = MIRLO.replace(b"Tall Ships by Aoife", written.encode()).replace(b"Aoife Feed", f"{name} Feed".encode())
        release = reading(body).releases[0]
        assert (release.title, release.artist) == (title, artist)

    def test_a_list_of_artists_holds_no_release(self) -> None:
        assert reading(MIRLO.replace(b"/aoife/posts/7", b"/bea")).releases[-1].kind == "album"


class TestBandwagon:
    def test_an_artists_albums(self) -> None:
        found = reading(BANDWAGON)
        assert (found.source, found.software, found.title) == ("bandwagon", "bandwagon", "Aoife")
        assert (found.releases[0].title, found.releases[0].artist, found.releases[0].kind) == ("Tall Ships", "Aoife", "album")

    def test_a_blog_under_the_same_kind_of_address_is_a_blog(self) -> None:
        posts = rss(item(1, link="https://blog.example/2026/11/06/tall-ships"))
        assert reading(posts, "https://blog.example/@aoife/feed?format=rss").source == "feed"


class TestBridge:
    def test_titles_are_cleaned_and_the_link_is_the_id(self) -> None:
        release = only(BRIDGE)
        assert (release.title, release.artist, release.kind) == ("Tall Ships (Deluxe)", "Aoife", "album")
        assert release.guid == release.url == "https://salt-records.bandcamp.com/album/tall-ships"
        assert (release.cover_url, release.tags) == ("https://f4.bcbits.com/img/a1_16.jpg", ("folk",))
        assert reading(BRIDGE).software == "rss-bridge"

    def test_what_is_in_brackets_belongs_to_the_title_unless_it_is_the_label(self) -> None:
        link = "https://aoife.bandcamp.com/album/tall-ships"
        for written, title in (("Aoife - Ships (Live)", "Ships (Live)"), ("Aoife - Ships (aoife)", "Ships"), ("Ships", "Ships")):
            assert only(rss(item(1, title=written, link=link) + "<author>Aoife</author>")).title == title

    def test_two_bridges_of_one_page_give_one_id(self) -> None:
        link = "https://salt-records.bandcamp.com/album/tall-ships"
        other = rss(item(1, title="Tall Ships", link=link, guid="rsshub-77"), channel="<title>Aoife</title><generator>RSSHub</generator>")
        assert only(other).guid == only(BRIDGE).guid
        assert (reading(other).source, reading(other).software) == ("bridge", "rsshub")

    def test_a_blog_that_once_links_to_bandcamp_is_a_blog(self) -> None:
        blog = rss(item(1), item(2, link="https://aoife.bandcamp.com/album/tall-ships"))
        assert reading(blog).source == "feed"


class TestPodcast:
    def test_a_feed_of_music_is_an_album(self) -> None:
        second = EPISODE.replace("ep-1", "ep-2").replace("Song 1", "Song 2") + '<itunes:image href="https://aoife.example/2.jpg"/>'
        feed = podcast(EPISODE, second, channel=ALBUM_SHOW + "<podcast:license>cc-by-sa-4.0</podcast:license>")
        album = only(feed)
        assert (album.title, album.artist, album.kind, album.tracks) == ("The Sea", "Aoife", "album", 2)
        assert album.guid == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
        assert album.parts == ("ep-1", "ep-2")
        assert (album.url, album.licence) == ("https://aoife.example/show", "CC-BY-SA-4.0")

    def test_an_album_that_grows_stays_the_same(self) -> None:
        more = EPISODE.replace("ep-1", "ep-2").replace("09:00:00", "08:00:00")
        assert only(podcast(EPISODE, channel=ALBUM_SHOW)).guid == only(podcast(more, EPISODE, channel=ALBUM_SHOW)).guid

    def test_money_in_a_feed_is_no_price(self) -> None:
        value = (
            '<podcast:value type="lightning" method="keysend" suggested="5"><podcast:valueRecipient name="x" split="1"/></podcast:value>'
        )
        assert only(podcast(EPISODE + value, channel=SHOW + value)).price.model == "unknown"

    def test_a_show_that_moved_says_where(self) -> None:
        def moved(to: str, address: str = "https://old.example/feed") -> str:
            return reading(rss(EPISODE, channel=f"{SHOW}<itunes:new-feed-url>{to}</itunes:new-feed-url>"), address).followed_by

        assert moved("https://new.example/feed") == "https://new.example/feed"
        assert moved("http://old.example/feed/") == ""
        assert moved("javascript:alert(1)") == ""

    def test_live_items_are_streams_and_do_not_rename_the_show(self) -> None:
        live = (
            '<podcast:liveItem status="%s" start="2026-11-06T19:00:00Z"><title>Shanty Friday</title><guid>live-1</guid>'
            '<enclosure url="https://aoife.example/live.m3u8" type="application/x-mpegURL" length="1"/></podcast:liveItem>'
        )
        found = reading(podcast(EPISODE, channel=SHOW + live % "live"))
        assert found.title == "The Sea"
        assert [(one.title, one.kind, one.availability) for one in found.releases] == [
            ("Shanty Friday", "stream", "out"),
            ("Song 1", "episode", "out"),
        ]
        assert reading(podcast(EPISODE, channel=SHOW + live % "pending")).releases[0].availability == "coming"
        assert len(reading(podcast(EPISODE, channel=SHOW + live % "ended")).releases) == 1
        cut = podcast(EPISODE, channel=SHOW + live % "live")[:-20]
        assert reading(cut).title == "The Sea"

    def test_castopod(self) -> None:
        assert (reading(CASTOPOD).source, reading(CASTOPOD).software) == ("castopod", "castopod")
        assert reading(CASTOPOD.replace(b"Castopod - https", b"Castopod v2.0-next - https")).source == "castopod"

    def test_trade_numbers_come_along(self) -> None:
        release = only(atom("<id>isrc:SE3AB2410001</id><title>x</title>"))
        assert (release.isrc, release.upc) == ("SE3AB2410001", None)
        assert only(rss(item(1) + "<dc:identifier>urn:upc:4006381333931</dc:identifier>")).upc == "4006381333931"
        assert only(rss(item(1) + "<dc:identifier>upc:4006381333932</dc:identifier>")).upc is None


def test_what_no_address_tells_is_told_by_the_page_itself() -> None:
    for body in (MIRLO, BRIDGE, FAIRCAMP_RSS, CASTOPOD):
        named = reading(body, "https://cache.example/1.xml")
        assert replace(named, topic="", hub="") == reading(body)
