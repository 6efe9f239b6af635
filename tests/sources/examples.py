"""One small page or more of each kind of source, written by hand after what the software writes. The contract runs over all of them."""

import json
from dataclasses import dataclass

from creatorbot.sources.base import Fetched
from tests.sources.pages import CHALLENGE, RDF, STUB, atom, grid_page, item, linked, offer, release_page, rss, square, tralbum


@dataclass(frozen=True)
class Example:
    """A page and the kinds of the releases on it. again: the same page made anew, saying nothing new."""

    page: Fetched
    kinds: tuple[str, ...]
    again: bytes | None = None


def page(body: bytes | str, address: str = "", **headers: str) -> Fetched:
    """A page as it was fetched."""
    return Fetched(
        address,
        body.encode() if isinstance(body, str) else body,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def faircamp(build: str, *names: str) -> bytes:
    """A Faircamp site's Atom feed as of one build."""
    entries = [
        f"""<author><name>Aoife</name></author><id>https://aoife.example/{name}/</id>
        <link href="https://aoife.example/{name}/" rel="alternate"/>
        <title>Aoife – {name.title()}</title><updated>{build}.123456789+00:00</updated>"""
        for name in names
    ]
    head = f"""<author><name>Aoife</name></author><generator uri="https://simonrepp.com/faircamp" version="2.0.0-pre1">
        Faircamp 2.0</generator><id>https://aoife.example/</id><link href="https://aoife.example/feed.atom" rel="self"/>
        <title>Aoife</title><updated>{build}.123456789+00:00</updated>"""
    return atom(*entries, feed=head)


FAIRCAMP_RSS = rss(
    "<description>Ten &amp;amp;amp; more</description>"
    + item(1, title="Aoife, Bea – Tall &amp;amp; Ships", link="https://aoife.example/tall/"),
    item(2, title="Aoife – Demos – 2019", link="https://aoife.example/demos/"),
    channel="""<atom:link href="https://aoife.example/feed.rss" rel="self" type="application/rss+xml"/>
      <description>Faircamp 1.5</description>
      <generator>Faircamp 1.5</generator><title>Aoife</title><link>https://aoife.example/</link>""",
)


def track(number: int, when: str, *, title: str = "", extra: str = "") -> str:
    """One entry of a Funkwhale channel."""
    guid = f"0b1f6a44-0000-4000-8000-{number:012d}"
    return f"""<title>{title or f"Song {number}"}</title><guid isPermaLink="false">{guid}</guid><pubDate>{when}</pubDate>
      <itunes:episode>{number}</itunes:episode><itunes:season>1</itunes:season><link>https://pod.example/library/tracks/{number}</link>
      <enclosure url="https://pod.example/api/v1/stream/{guid}.mp3" type="audio/mpeg" length="9"/>
      <itunes:keywords>Shanty</itunes:keywords>{extra}"""


def funkwhale(*tracks: str, category: str = "") -> bytes:
    """A Funkwhale channel's feed."""
    return rss(
        *tracks,
        channel=f"""<title>Aoife &amp; the Tall Ships</title><copyright>All rights reserved</copyright>
          <itunes:author>aoife</itunes:author>{category}
          <link>https://pod.example/channels/aoife</link><atom:link href="https://pod.example/api/v1/channels/aoife/rss" rel="self"/>
          <itunes:image href="https://pod.example/cover.jpg"/>""",
    )


PEERTUBE_HEAD = """<title>Aoife</title><link>https://video.example/c/aoife</link><generator>PeerTube - https://video.example</generator>
  <copyright>All rights reserved, unless otherwise specified in the terms specified at https://video.example/about</copyright>
  <atom:link href="https://video.example/feeds/videos.xml?videoChannelName=aoife" rel="self"/>"""
PEERTUBE_ITEM = (
    item(1, title="Old gig (re-upload)", link="https://video.example/w/1", date="Sat, 11 Jun 1994 00:00:00 GMT", text="&lt;3 the sea")
    + '<media:thumbnail url="https://video.example/1.jpg"/><media:rating>adult</media:rating>'
)


def json_feed(*items: dict[str, object], **head: object) -> bytes:
    """A JSON Feed of these items."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Aoife", **head, "items": list(items)}).encode()


JSON_ITEM: dict[str, object] = {
    "id": "urn:1",
    "url": "https://aoife.example/r/1",
    "title": "Tall Ships <3",
    "content_html": '<p>Ten shanties</p><img src="/c.jpg">',
    "date_published": "2026-11-06T23:30:00-02:00",
    "authors": [{"name": "Aoife"}],
    "tags": ["Folk"],
    "attachments": [{"url": "https://aoife.example/1.mp3", "mime_type": "audio/mpeg"}],
}
PODCAST_NS = '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" '


def podcast(*items: str, channel: str) -> bytes:
    """A feed that uses the Podcast Index's elements too."""
    return rss(*items, channel=channel).replace(b'<rss version="2.0" ', PODCAST_NS.encode())


EPISODE = (
    item(1, guid="ep-1", date="Fri, 06 Nov 2026 09:00:00 GMT")
    + '<enclosure url="https://aoife.example/1.mp3" type="audio/mpeg" length="9"/>'
)
SHOW = "<title>The Sea</title><link>https://aoife.example/show</link><itunes:author>Aoife</itunes:author>"
ALBUM_SHOW = SHOW + "<podcast:medium>music</podcast:medium><podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>"
MASTODON = rss(
    """<guid isPermaLink="true">https://social.example/@aoife/1</guid><link>https://social.example/@aoife/1</link>
    <pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate>
    <description>&lt;p&gt;Out now! &lt;a class="mention hashtag" rel="tag"&gt;#NewMusic&lt;/a&gt;&lt;/p&gt;</description>
    <category>NewMusic</category>""",
    channel="<title>Aoife</title><link>https://social.example/@aoife</link><generator>Mastodon v9.1.0+glitch</generator>",
)
PIXELFED = atom(
    """<id>https://pix.example/p/aoife/7</id><title>No caption</title><updated>2026-11-20T08:00:00.000Z</updated>
    <author><name>aoife</name></author>
    <content type="html"><![CDATA[<img src="https://pix.example/m.jpg" alt="A tall &amp; wide ship">]]></content>
    <link rel="alternate" href="https://pix.example/p/aoife/7"/>""",
    feed="<id>https://pix.example/users/aoife.atom</id><title>aoife on Pixelfed</title>",
)
MIRLO = rss(
    item(1, title="Tall Ships by Aoife", link="https://mirlo.example/aoife/release/tall-ships", date="Fri, 04 Dec 2026 00:00:00 GMT"),
    item(2, title="Diary by Aoife", link="https://mirlo.example/aoife/posts/7"),
    channel="""<title>Aoife Feed</title><link>https://mirlo.example/aoife</link><generator>RSS for Node</generator>
      <atom:link rel="self" href="https://api.mirlo.example/v1/artists/aoife/feed?format=rss"/>""",
)
BANDWAGON = rss(
    item(1, title="Tall Ships", link="https://bandwagon.example/67a0a2808121f77ed3466871", date="Fri, 06 Nov 2026 09:00:00 +0000"),
    channel="<title>bandwagon.example - Aoife</title><link>https://bandwagon.example/@aoife</link><description></description>",
)
BRIDGE = atom(
    """<title type="html">Aoife - Tall Ships (Deluxe) (Salt Records)</title><published>2026-11-06T00:00:00+00:00</published>
    <updated>2026-11-06T00:00:00+00:00</updated><id>urn:sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709</id>
    <link rel="alternate" type="text/html" href="https://salt-records.bandcamp.com/album/tall-ships?from=bridge"/><author><name>Aoife</name></author>
    <content type="html">&lt;img src="https://f4.bcbits.com/img/a1_16.jpg"/&gt;</content>
    <link rel="enclosure" type="image/jpeg" href="https://f4.bcbits.com/img/a1_16.jpg"/><category term="folk"/>""",
    feed="""<title type="text">Salt Records - Bandcamp Label</title><link rel="alternate" type="text/html" href="https://salt-records.bandcamp.com"/>
      <id>https://bridge.example/?action=display&amp;bridge=BandcampBridge&amp;context=By+label&amp;format=Atom</id><author><name>RSS-Bridge</name></author>""",
)
ONLINE = {"lastConnectTime": "2026-11-20T19:00:00.5Z", "lastDisconnectTime": None, "versionNumber": "0.2.3", "streamTitle": "Shanty Friday"}
OWNCAST = json.dumps({"online": True, "viewerCount": 12, **ONLINE}).encode()
OWNCAST_LATER = json.dumps({"online": True, "viewerCount": 40, **ONLINE}).encode()
CASTOPOD = rss(
    EPISODE + "<itunes:episodeType>full</itunes:episodeType>",
    channel=SHOW + "<generator>Castopod - https://castopod.org/</generator><itunes:category text='Music'/>",
)
BANDCAMP = release_page(tralbum(), linked(offer(4001, "a", "EUR", {"minPrice": 7.0})))
DAY = "Fri, 06 Nov 2026 09:00:0%d +0000"

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "bandcamp": (
        Example(page(BANDCAMP, "https://aoife.bandcamp.com/album/tall-ships"), ("album",)),
        Example(page(grid_page([square("album-1", "Tall Ships", "/album/tall-ships")]), "https://aoife.bandcamp.com/music"), ("album",)),
        Example(page(CHALLENGE), ()),
        Example(page(STUB), ()),
    ),
    "bandwagon": (
        Example(page(BANDWAGON), ("album",)),
        Example(page(rss(item(1, link="https://a.example/tall-ships")), "https://a.example/@aoife/feed?format=rss"), ("album",)),
    ),
    "bridge": (
        Example(page(BRIDGE), ("album",)),
        Example(page(rss(item(1, title="Tall Ships", link="https://aoife.bandcamp.com/track/wellerman"))), ("track",)),
    ),
    "castopod": (Example(page(CASTOPOD), ("episode",)),),
    "faircamp": (
        Example(
            page(faircamp("2026-10-01T09:00:00", "ships", "demos")), ("album", "album"), faircamp("2026-11-01T09:00:00", "ships", "demos")
        ),
        Example(page(FAIRCAMP_RSS), ("album", "album")),
    ),
    "feed": (
        Example(page(rss(item(1), item(2, date="Fri, 06 Nov 2026 09:00:00 GMT"))), ("unknown", "unknown")),
        Example(
            page(atom("<id>x</id><title>Tall Ships</title><link href='https://aoife.example/r/1'/>"), "https://aoife.example/feed"),
            ("unknown",),
        ),
        Example(page(RDF), ("unknown",)),
    ),
    "funkwhale": (
        Example(
            page(funkwhale(track(3, DAY % 3), track(1, DAY % 1), track(2, DAY % 2))),
            ("album",),
            funkwhale(*(track(n, DAY % n) for n in (1, 2, 3))),
        ),
        Example(page(funkwhale(track(1, DAY % 1), category='<itunes:category text="Music"/>')), ("episode",)),
    ),
    "jsonfeed": (Example(page(json_feed(JSON_ITEM), "https://aoife.example/feed.json"), ("episode",)),),
    "mastodon": (Example(page(MASTODON), ("post",)),),
    "mirlo": (Example(page(MIRLO), ("album", "post")),),
    "owncast": (
        Example(page(OWNCAST, "https://live.example/api/status"), ("stream",), OWNCAST_LATER),
        Example(page(json.dumps({"online": False, "viewerCount": 0})), ()),
    ),
    "peertube": (
        Example(page(rss(PEERTUBE_ITEM, channel=PEERTUBE_HEAD)), ("video",)),
        Example(
            page(
                json_feed({"id": "1", "date_modified": "1994-06-11T00:00:00Z"}, feed_url="https://v.example/feeds/videos.json?accountId=3")
            ),
            ("video",),
        ),
    ),
    "pixelfed": (Example(page(PIXELFED), ("post",)),),
    "podcast": (
        Example(page(rss(EPISODE, channel=SHOW)), ("episode",)),
        Example(page(podcast(EPISODE, channel=ALBUM_SHOW)), ("album",)),
    ),
}
