"""What plays a release: believed only where a source tells it, and only as an address that a page of ours may show or play."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_handed import page_of
from creatorbot.sources.base import Fetched, FoundRelease
from creatorbot.sources.feed_entry import Attachment
from creatorbot.sources.feed_quick import read_quickly
from creatorbot.sources.owncast import Owncast
from creatorbot.sources.players import LONGEST, embeddable, sound_among
from tests.contracts.source_contract import plays_cleanly
from tests.sources.examples import ALBUM_SHOW, SHOW, funkwhale, json_feed, podcast, track
from tests.sources.pages import atom, grid_page, item, linked, offer, release_page, rss, square, tralbum

ALBUM = "https://aoife.bandcamp.com/album/tall-ships"
LOOK = "/size=large/bgcol=ffffff/linkcol=0687f5/artwork=small/transparent=true/"
PLAYER = "https://bandcamp.com/EmbeddedPlayer/album=4001" + LOOK
HEARD = [{"id": 1, "streaming": None}, {"id": 2, "streaming": 1}]
FEED = "https://aoife.example/feed"


def video(address: str) -> str:
    return f'<meta property="og:video" content="{address}">'


def only(body: bytes, address: str = FEED) -> FoundRelease:
    (found,) = read_page(Fetched(address, body)).releases
    return found


def sound(inside: str, *, channel: str = "<title>Aoife</title>") -> str:
    return only(rss(item(1) + inside, channel=channel)).audio_url


class TestBandcamp:
    def test_a_track_that_can_be_heard_has_a_player(self) -> None:
        assert only(release_page(tralbum(trackinfo=HEARD)), ALBUM).player_url == PLAYER

    def test_so_it_has_under_the_artists_own_domain(self) -> None:
        assert only(release_page(tralbum(trackinfo=HEARD)), "https://music.aoife.example/album/tall-ships").player_url == PLAYER

    def test_a_track_has_one_of_its_own(self) -> None:
        data = tralbum(item_type="track", id=77, trackinfo=[{"id": 77, "streaming": 1}], album_url="/album/tall-ships")
        assert only(release_page(data), ALBUM).player_url == "https://bandcamp.com/EmbeddedPlayer/track=77" + LOOK

    def test_the_head_of_the_page_may_name_it(self) -> None:
        head = video("https://bandcamp.com/EmbeddedPlayer/v=2/album=4001/size=large/tracklist=false/artwork=small/")
        assert only(release_page(tralbum(), extra=head), ALBUM).player_url == PLAYER
        ld = linked(offer(4001, "a", "EUR", {"minPrice": 0.0}))
        assert only(release_page(None, ld, extra=head), ALBUM).player_url == PLAYER

    @pytest.mark.parametrize(
        "address",
        [
            "https://bandcamp.com/EmbeddedPlayer/v=2/album=4002/size=large/",
            "https://bandcamp.com/EmbeddedPlayer/v=2/track=4001/size=large/",
            "https://bandcamp.com/EmbeddedPlayer/v=2/album=4001;evil/size=large/",
            "https://bandcamp.com/EmbeddedPlayer/v=2/album=/size=large/",
            "https://evil.example/album=4001/",
            "",
        ],
    )
    def test_that_of_another_release_or_of_none_is_not_believed(self, address: str) -> None:
        assert only(release_page(tralbum(), extra=video(address)), ALBUM).player_url == ""

    @pytest.mark.parametrize(
        "silent",
        [
            {"trackinfo": [{"id": 1, "streaming": None}]},
            {"trackinfo": HEARD, "tralbum_subscriber_only": True},
            {"trackinfo": HEARD, "current": {"private": 1, "title": "Tall Ships"}},
        ],
    )
    def test_what_cannot_be_heard_has_none(self, silent: dict[str, Any]) -> None:
        assert only(release_page({**tralbum(), **silent}), ALBUM).player_url == ""

    def test_a_list_tells_none(self) -> None:
        assert only(grid_page([square("album-1", "Tall Ships", "/album/tall-ships")])).player_url == ""

    def test_a_page_handed_over_by_the_bookmark_button_tells_it(self) -> None:
        payload = {"v": 1, "address": ALBUM, "tralbum": orjson.dumps(tralbum(trackinfo=HEARD)).decode()}
        (found,) = read_page(page_of(orjson.dumps(payload))).releases
        assert found.player_url == PLAYER

    @pytest.mark.parametrize(("streams", "player"), [(True, PLAYER), (False, "")])
    def test_its_data_service_tells_it(self, streams: bool, player: str) -> None:
        answer = {"id": 4001, "type": "a", "title": "Tall Ships", "tralbum_artist": "Aoife", "tracks": [{"is_streamable": streams}]}
        assert only(orjson.dumps(answer), "https://bandcamp.com/api/mobile/22/tralbum_details").player_url == player

    def test_a_practice_shops_invented_numbers_are_nobodys_at_bandcamp(self) -> None:
        for place in ("127.0.0.1:8000", "127.0.7.1", "localhost:8000", "[::1]:8000"):
            page = f"http://{place}/album/tall-ships"
            own = video(f"http://{place}/EmbeddedPlayer/album=4001/")
            assert only(release_page(tralbum(trackinfo=HEARD), extra=own), page).player_url == ""


class TestSound:
    @pytest.mark.parametrize(
        "kind", ["audio/mpeg", "audio/x-m4a", "audio/ogg; codecs=opus", "AUDIO/FLAC", "audio/wav", "", "application/octet-stream"]
    )
    def test_a_file_beside_an_entry(self, kind: str) -> None:
        assert sound(f'<enclosure url="https://aoife.example/1.mp3" type="{kind}" length="9"/>') == "https://aoife.example/1.mp3"

    @pytest.mark.parametrize(
        "file",
        [
            'url="https://aoife.example/1.mp4" type="video/mp4"',
            'url="https://aoife.example/1.mp3" type="image/jpeg"',
            'url="https://aoife.example/1.mp3" type="application/x-bittorrent"',
            'url="https://aoife.example/1.m3u" type="audio/x-mpegurl"',
            'url="https://aoife.example/1.mid" type="audio/midi"',
            'url="https://aoife.example/1" type=""',
            'url="http://aoife.example/1.mp3" type="audio/mpeg"',
            'url="https://aoife:secret@aoife.example/1.mp3" type="audio/mpeg"',
            'url="https://intranet/1.mp3" type="audio/mpeg"',
            'url="" type="audio/mpeg"',
        ],
    )
    def test_what_browsers_do_not_play_or_may_not(self, file: str) -> None:
        assert sound(f"<enclosure {file}/>") == ""

    def test_the_first_that_can_be_played(self) -> None:
        files = "".join(
            f'<enclosure url="{address}" type="{kind}"/>'
            for address, kind in (
                ("https://aoife.example/1.mp4", "video/mp4"),
                ("http://aoife.example/1.mp3", "audio/mpeg"),
                ("/1.opus", "audio/opus"),
                ("https://aoife.example/2.mp3", "audio/mpeg"),
            )
        )
        assert sound(files) == "https://aoife.example/1.opus"

    def test_in_other_formats(self) -> None:
        entry = '<id>urn:1</id><title>x</title><link rel="enclosure" type="audio/ogg" href="https://aoife.example/1.ogg"/>'
        assert only(atom(entry)).audio_url == "https://aoife.example/1.ogg"
        attached = {"id": "1", "title": "x", "attachments": [{"url": "https://aoife.example/1.flac", "mime_type": "audio/flac"}]}
        assert only(json_feed(attached)).audio_url == "https://aoife.example/1.flac"
        content = '<media:content url="https://aoife.example/1.m4a" medium="audio"/>'
        assert sound(content) == "https://aoife.example/1.m4a"

    def test_both_ways_of_reading_xml_find_it(self) -> None:
        body = rss(item(1) + '<enclosure url="https://aoife.example/1.mp3" type="audio/mpeg"/>')
        unusual = b"<!DOCTYPE rss>" + body.partition(b"?>")[2]
        assert (read_quickly(body) is None, read_quickly(unusual) is None) == (False, True)
        assert only(unusual).audio_url == only(body).audio_url == "https://aoife.example/1.mp3"

    def test_an_album_of_tracks_plays_the_first_that_has_a_sound(self) -> None:
        day = "Fri, 06 Nov 2026 09:00:0%d GMT"
        found = only(funkwhale(track(2, day % 2), track(1, day % 1)), "https://pod.example/api/v1/channels/aoife/rss")
        assert found.audio_url == "https://pod.example/api/v1/stream/0b1f6a44-0000-4000-8000-000000000001.mp3"
        tracks = [item(n) + f'<enclosure url="{"" if n == 1 else f"/{n}.mp3"}" type="audio/mpeg"/>' for n in (1, 2, 3)]
        album, *_ = read_page(Fetched(FEED, podcast(*tracks, channel=ALBUM_SHOW))).releases
        assert album.audio_url == "https://aoife.example/2.mp3"

    def test_a_stream_is_heard_when_it_has_begun(self) -> None:
        live = (
            '<podcast:liveItem status="%s"><title>Live</title><guid>l</guid><enclosure url="/live" type="audio/mpeg"/></podcast:liveItem>'
        )
        heard = {
            status: [one.audio_url for one in read_page(Fetched(FEED, podcast(channel=SHOW + live % status))).releases]
            for status in ("live", "pending")
        }
        assert heard == {"live": ["https://aoife.example/live"], "pending": [""]}


class TestVideos:
    @pytest.mark.parametrize(
        ("link", "player"),
        [
            ("https://video.example/w/9c9de5e8", "https://video.example/videos/embed/9c9de5e8"),
            ("https://video.example/videos/watch/9c9de5e8-1?start=3s", "https://video.example/videos/embed/9c9de5e8-1"),
            ("https://video.example:8443/w/9c", "https://video.example:8443/videos/embed/9c"),
            ("http://video.example/w/9c", ""),
            ("https://video.example/w/p/9c", ""),
            ("https://video.example/blog/w", ""),
            ("https://video.example'/w/9c", ""),
        ],
    )
    def test_peertube(self, link: str, player: str) -> None:
        head = "<title>Aoife</title><generator>PeerTube - https://video.example</generator>"
        file = '<enclosure url="https://video.example/1.mp4" type="video/mp4"/>'
        found = only(rss(item(1, link=link, guid="1") + file, channel=head))
        assert (found.player_url, found.audio_url) == (player, "")

    @pytest.mark.parametrize(
        ("address", "player"),
        [
            ("https://live.example/api/status", "https://live.example/embed/video"),
            ("https://aoife.example/live/api/status", "https://aoife.example/live/embed/video"),
            ("http://live.example/api/status", ""),
        ],
    )
    def test_owncast(self, address: str, player: str) -> None:
        status = b'{"online": true, "lastConnectTime": "2026-11-20T19:00:00Z", "versionNumber": "0.2.3"}'
        assert only(status, address).player_url == player

    def test_an_owncast_note_tells_it_too(self) -> None:
        note = b'{"type":"STREAM_STARTED","eventData":{"name":"Aoife","serverURL":"https://live.example"}}'
        reading = Owncast().pushed({}, note)
        assert reading is not None
        assert [one.player_url for one in reading.releases] == ["https://live.example/embed/video"]


class TestAddresses:
    @pytest.mark.parametrize(
        ("told", "kept"),
        [
            ("https://bücher.example/ä b.mp3", "https://xn--bcher-kva.example/%C3%A4%20b.mp3"),
            ("HTTPS://Aoife.EXAMPLE/A.mp3", "https://aoife.example/A.mp3"),
            ("//cdn.aoife.example/1.mp3", "https://cdn.aoife.example/1.mp3"),
            ("https://aoife.example:8443/a;b,c?d='e'", "https://aoife.example:8443/a;b,c?d=%27e%27"),
        ],
    )
    def test_are_written_as_browsers_write_them(self, told: str, kept: str) -> None:
        assert embeddable(told, FEED) == kept

    @pytest.mark.parametrize(
        "told",
        [
            *("http://aoife.example/", "javascript:alert(1)", "data:audio/wav,x", "ftp://aoife.example/1.mp3", "", None, 7),
            *("https://localhost/", "https://nas/", "https://nas.local/", "https://10.0.0.1/", "https://[::1]/", "https://1.2.3.4/"),
            *(
                "https://a.example;script-src",
                "https://a.example,b.example/",
                "https://a.example'/",
                'https://a.example"/',
                "https://*.b.c/",
            ),
            *("https://aoife@a.example/", "https://a.example:0/", "https://a.example:65536/", "https://a.example:x/", "https://.example/"),
            *("https://a.example\\@b.example/", "https://a..example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/"),
            "https://a.example/" + "x" * LONGEST,
            "https://a.example/" + "ä" * (LONGEST // 4),
        ],
    )
    def test_that_are_not_shown(self, told: object) -> None:
        assert embeddable(told) == ""

    @pytest.mark.parametrize("page", ["http://127.0.0.1:8000/feed.xml", "https://localhost/feed", "http://aoife.example/feed", ""])
    def test_a_page_that_may_not_be_shown_has_nothing_of_its_own_to_show(self, page: str) -> None:
        assert embeddable("/1.wav", page) == ""

    @given(st.one_of(st.text(max_size=60), st.from_regex(re.compile(r"https?://[^/]{1,40}(/.{0,40})?"), fullmatch=True)))
    def test_any_address_is_clean_or_none_and_stays_as_it_is(self, told: str) -> None:
        found = embeddable(told, FEED)
        plays_cleanly(found)
        assert embeddable(found) == found
        if found:
            assert urlsplit(found).scheme == "https"

    @given(st.lists(st.builds(Attachment, st.text(max_size=30), st.sampled_from(["audio", "video", "image", ""]), st.text(max_size=20))))
    def test_any_files(self, files: list[Attachment]) -> None:
        plays_cleanly(sound_among(files, FEED))
