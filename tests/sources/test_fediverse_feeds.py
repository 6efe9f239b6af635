"""Accounts, channels and streams on the fediverse, as their servers write them into feeds and notes."""

import json
from datetime import date

import pytest

from creatorbot.errors import InvalidInput
from creatorbot.sources import REGISTRY, read_page
from creatorbot.sources.base import Fetched, FoundRelease, PushedSource, Reading
from tests.sources.examples import MASTODON, ONLINE, OWNCAST, PEERTUBE_HEAD, PEERTUBE_ITEM, PIXELFED, json_feed
from tests.sources.pages import atom, item, rss

PLEROMA = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"
  xmlns:activity="http://activitystrea.ms/spec/1.0/" xmlns:ostatus="http://ostatus.org/schema/1.0"><id>https://akko.example/users/aoife/feed.atom</id>
  <title>aoife's timeline</title><author><name>Aoife</name></author>{}</feed>"""
NOTE = """<entry><activity:verb>http://activitystrea.ms/schema/1.0/post</activity:verb><id>https://akko.example/objects/{0}</id><title>{1}</title>
  <content type="html">&lt;p&gt;{1}&lt;/p&gt;</content><published>2026-11-0{0}T09:00:00Z</published>{2}
  <link type="text/html" href="https://akko.example/notice/{0}" rel="alternate"/></entry>"""


def reading(body: bytes | str, address: str = "") -> Reading:
    return read_page(Fetched(address, body if isinstance(body, bytes) else body.encode()))


def only(body: bytes | str) -> FoundRelease:
    (release,) = reading(body).releases
    return release


def post(text: str, extra: str = "") -> bytes:
    """A Mastodon account's feed with one post."""
    start, end = MASTODON.index(b"<description>"), MASTODON.index(b"</description>")
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    return MASTODON[:start] + f"<description>{escaped}".encode() + MASTODON[end:].replace(b"<category>", extra.encode() + b"<category>")


class TestMastodon:
    def test_a_post_has_no_title_but_a_name(self) -> None:
        found = only(MASTODON)
        assert (found.title, found.artist, found.kind) == ("Out now! #NewMusic", "Aoife", "post")
        assert (found.tags, found.guid, found.released_on) == (("NewMusic",), "https://social.example/@aoife/1", date(2026, 11, 20))

    def test_a_warning_comes_first(self) -> None:
        found = only(post("<p><strong>Content warning:</strong>flashing lights</p><hr /><p>video</p>"))
        assert (found.title, found.description) == ("Content warning: flashing lights", "Content warning: flashing lights\n\nvideo")

    def test_only_a_picture(self) -> None:
        media = """<media:content url="https://files.example/m.jpg" type="image/jpeg" medium="image">
          <media:description type="plain">A tall ship</media:description></media:content>"""
        assert only(post("", media)).title == "A tall ship"
        assert only(post("", media)).cover_url == "https://files.example/m.jpg"
        assert only(post("", media.partition("\n")[0] + "</media:content>")).title == "Untitled"

    def test_an_answer_to_somebody_is_not_a_release(self) -> None:
        answer = '<p><span class="h-card"><a href="https://x.example/@bea" class="u-url mention">@<span>bea</span></a></span> thanks</p>'
        assert reading(post(answer)).releases == ()
        assert reading(post(answer)).state == "empty"
        assert only(post(f"<p>Out now, with</p>{answer}")).kind == "post"
        assert only(post('<p><a href="https://x.example/tags/folk" class="mention hashtag" rel="tag">#folk</a> out now</p>')).kind == "post"

    @pytest.mark.parametrize(
        "generator",
        [
            "Mastodon v4.6.5",
            "Hometown 1.1",
            "Akkoma 3.13.2-0-g1",
            "Misskey",
            "Sharkey",
            "Friendica 'Yellow Archangel' 2026.01",
            "snac/2.70",
        ],
    )
    def test_other_servers_of_its_family(self, generator: str) -> None:
        found = reading(MASTODON.replace(b"Mastodon v9.1.0+glitch", generator.encode()))
        assert (found.source, found.releases[0].kind) == ("mastodon", "post")
        assert found.software == generator.split()[0].split("/")[0].lower()

    def test_pleroma_says_what_answers_something(self) -> None:
        answer = '<thr:in-reply-to ref="https://x.example/1" href="https://x.example/1"/>'
        found = reading(PLEROMA.format(NOTE.format(1, "Out now", "") + NOTE.format(2, "thanks", answer)))
        assert (found.source, found.software) == ("mastodon", "pleroma")
        assert [one.title for one in found.releases] == ["Out now"]

    def test_what_was_passed_on_is_not_a_release(self) -> None:
        shared = NOTE.format(1, "Theirs", "").replace("schema/1.0/post", "schema/1.0/share")
        assert reading(PLEROMA.format(shared)).releases == ()

    def test_misskey(self) -> None:
        channel = "<title>Aoife (@aoife@mi.example)</title><link>https://mi.example/@aoife</link><generator>Misskey</generator>"
        notes = [
            ("Post by Aoife: out now", "new_note"),
            ("Reply by Aoife: thanks", "reply_note"),
            ("Boost by Aoife: theirs", "renote_note"),
        ]
        items = [
            item(n, title=title, text=f'x &lt;span class="{mark} without_img"&gt;&lt;/span&gt;') for n, (title, mark) in enumerate(notes)
        ]
        assert [one.title for one in reading(rss(*items, channel=channel)).releases] == ["Post by Aoife: out now"]
        as_json = json_feed(
            {"id": "1", "url": "https://mi.example/notes/9abcdef012", "title": "x"}, feed_url="https://mi.example/@aoife.json"
        )
        assert (reading(as_json).source, reading(as_json).software) == ("mastodon", "misskey")

    def test_gotosocial_names_no_generator(self) -> None:
        link = "https://gts.example/@aoife/statuses/01HMXYZ9B5W3J6Q1S6Q0R1T2V3"
        channel = "<title>Posts from @aoife@gts.example</title><link>https://gts.example/@aoife</link>"
        found = reading(rss(item(1, title="Out now", link=link), channel=channel))
        assert (found.source, found.software, found.releases[0].kind) == ("mastodon", "gotosocial", "post")

    def test_a_blog_about_mastodon_is_a_blog(self) -> None:
        channel = "<title>Mastodon news</title><generator>WordPress on Mastodon</generator><description>Mastodon v4</description>"
        assert reading(rss(item(1, title="Mastodon v5"), channel=channel)).source == "feed"


class TestPixelfed:
    def test_a_picture_without_caption(self) -> None:
        found = only(PIXELFED)
        assert (found.title, found.description, found.artist) == ("No caption", "A tall & wide ship", "aoife")
        assert (found.cover_url, found.released_on) == ("https://pix.example/m.jpg", date(2026, 11, 20))
        assert (reading(PIXELFED).source, reading(PIXELFED).title) == ("pixelfed", "aoife")

    def test_a_feed_at_such_an_address_of_other_software(self) -> None:
        body = atom("<id>urn:1</id><title>x</title>", feed="<id>https://a.example/users/aoife.atom</id><title>Aoife</title>")
        assert reading(body).source == "feed"


class TestPeerTube:
    def test_an_old_video_put_up_now(self) -> None:
        found = only(rss(PEERTUBE_ITEM, channel=PEERTUBE_HEAD))
        assert (found.title, found.kind, found.released_on) == ("Old gig (re-upload)", "video", date(1994, 6, 11))
        assert (found.licence, found.cover_url, found.tags) == (None, "https://video.example/1.jpg", ("NSFW",))

    def test_comments_are_not_videos(self) -> None:
        comment = item(1, link="https://video.example/w/1;threadId=9")
        assert reading(rss(comment, channel=PEERTUBE_HEAD.replace("videos.xml", "video-comments.xml"))).releases == ()

    def test_as_json(self) -> None:
        entry = {"id": "https://v.example/w/1", "url": "https://v.example/w/1", "title": "Gig", "date_modified": "1994-06-11T00:00:00.000Z"}
        found = reading(json_feed(entry, feed_url="https://v.example/feeds/videos.json?videoChannelName=a", author={"name": "Aoife"}))
        assert found.source == found.software == "peertube"
        assert (found.releases[0].released_on, found.releases[0].artist, found.releases[0].kind) == (date(1994, 6, 11), "Aoife", "video")

    def test_the_same_in_every_format(self) -> None:
        entry = "<title>Gig</title><id>https://v.example/w/1</id><link href='https://v.example/w/1'/><updated>1994-06-11T00:00:00.000Z</updated>"
        feed = "<id>https://v.example/c/a</id><title>A</title><generator>PeerTube - https://v.example</generator><author><name>Aoife</name></author>"
        as_rss = item(1, title="Gig", link="https://v.example/w/1", date="Sat, 11 Jun 1994 00:00:00 GMT") + "<dc:creator>Aoife</dc:creator>"
        assert only(atom(entry, feed=feed)) == only(rss(as_rss, channel=PEERTUBE_HEAD))


class TestOwncast:
    def pushed(self, kind: str, **told: object) -> Reading | None:
        source = REGISTRY["owncast"]
        assert isinstance(source, PushedSource)
        data = {"id": "zG2xO", "name": "Aoife live", "streamTitle": "Shanty Friday", "summary": "Every <b>Friday</b>"}
        data |= {"timestamp": "2026-11-20T19:00:00.000000006Z"}
        return source.pushed({"content-type": "application/json"}, json.dumps({"type": kind, "eventData": {**data, **told}}).encode())

    def test_a_stream_while_it_is_live(self) -> None:
        found = reading(OWNCAST, "https://live.example/owncast/api/status")
        (stream,) = found.releases
        assert (stream.title, stream.kind, stream.url) == ("Shanty Friday", "stream", "https://live.example/owncast/")
        assert (stream.guid, stream.released_on) == ("live-2026-11-20T19:00:00Z", date(2026, 11, 20))

    def test_nothing_while_it_is_not(self) -> None:
        silent = reading(json.dumps({**ONLINE, "online": False}))
        assert (silent.state, silent.releases, len(silent.notes)) == ("empty", (), 1)

    def test_a_note_and_the_status_name_a_stream_alike(self) -> None:
        started = self.pushed("STREAM_STARTED")
        assert started is not None
        assert (started.releases[0].guid, started.releases[0].artist) == (only(OWNCAST).guid, "Aoife live")
        assert started.releases[0].description == "Every Friday"

    def test_other_notes(self) -> None:
        renamed, stopped = self.pushed("STREAM_TITLE_UPDATED", streamTitle="Encore"), self.pushed("STREAM_STOPPED")
        assert renamed is not None
        assert stopped is not None
        assert (renamed.releases[0].title, stopped.releases, stopped.state) == ("Encore", (), "empty")
        for kind in ("CHAT", "USER_JOINED", "FEDIVERSE_ENGAGEMENT_FOLLOW", "NEVER_SEEN"):
            assert self.pushed(kind) is None

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"type": "STREAM_STARTED"}', b'{"eventData": {}}', b"<xml/>"])
    def test_what_is_no_note_is_refused(self, body: bytes) -> None:
        source = REGISTRY["owncast"]
        assert isinstance(source, PushedSource)
        with pytest.raises(InvalidInput):
            source.pushed({}, body)

    def test_a_stream_without_names(self) -> None:
        found = only(json.dumps({"online": True, "lastConnectTime": None, "viewerCount": 1}))
        assert (found.title, found.guid) == ("Live stream", "live-now")

    def test_other_answers_with_the_same_word_are_not_owncasts(self) -> None:
        for body in (b'{"online": true}', b'{"online": "yes", "viewerCount": 1}', b'{"viewerCount": 1}'):
            with pytest.raises(InvalidInput):
                reading(body)
