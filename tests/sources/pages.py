"""Small pages and feeds written by hand after the formats' descriptions, for tests of sources and of polling."""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

ALBUM: dict[str, Any] = {
    "item_type": "album",
    "id": 4001,
    "url": "https://aoife.bandcamp.com/album/tall-ships",
    "artist": "Aoife",
    "art_id": 220866688,
    "album_is_preorder": False,
    "album_release_date": "06 Nov 2026 00:00:00 GMT",
    "album_url": None,
    "defaultPrice": 9.0,
    "trackinfo": [{"id": 1}, {"id": 2}],
    "current": {
        "title": "Tall Ships",
        "about": "Ten shanties.\r\nSung at sea.",
        "minimum_price": 0.0,
        "set_price": 9.0,
        "is_set_price": None,
        "download_pref": 2,
        "require_email": None,
        "release_date": "06 Nov 2026 00:00:00 GMT",
        "license_type": None,
    },
}


def attribute(value: object) -> str:
    """JSON as it stands in an attribute."""
    return html.escape(json.dumps(value))


def tralbum(**changed: Any) -> dict[str, Any]:
    """The page's own data; names of `current` go there."""
    current = {**ALBUM["current"], **{name: value for name, value in changed.items() if name in ALBUM["current"]}}
    return {**ALBUM, **{name: value for name, value in changed.items() if name not in ALBUM["current"]}, "current": current}


def offer(item_id: int, kind: str, currency: str, price: Mapping[str, float] | None) -> dict[str, Any]:
    """One entry of albumRelease. price: {"price": 5.0}, {"minPrice": 7.0}, or None for no offer."""
    entry: dict[str, Any] = {
        "@type": ["MusicRelease", "Product"],
        "additionalProperty": [
            {"@type": "PropertyValue", "name": "item_id", "value": item_id},
            {"@type": "PropertyValue", "name": "item_type", "value": kind},
        ],
    }
    if price is not None:
        entry["offers"] = {
            "@type": "Offer",
            "priceCurrency": currency,
            "price": next(iter(price.values())),
            "priceSpecification": dict(price),
        }
    return entry


def linked(*offers: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The ld+json of an album page."""
    return {
        "@type": "MusicAlbum",
        "name": "Tall Ships",
        "albumRelease": list(offers),
        "keywords": ["Folk", "shanty", "folk", "Galway"],
        "datePublished": "06 Nov 2026 00:00:00 GMT",
        "byArtist": {"@type": "MusicGroup", "name": "Aoife"},
        **changed,
    }


def release_page(data: object = None, ld: object = None, *, licence: str = "", currency: str = "EUR", extra: str = "") -> bytes:
    """A Bandcamp release page. licence: the inside of its licence box."""
    own = f'data-tralbum="{attribute(data)}"' if data is not None else ""
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    return f"""<!DOCTYPE html><html><head><title>Tall Ships | Aoife</title><meta name="generator" content="Bandcamp">{script}
      <script {own} data-band="{attribute({"id": 7, "name": "Aoife"})}" data-band-currency="{attribute(currency)}"></script></head>
      <body><div id="license">{licence}</div>{extra}</body></html>""".encode()


def square(guid: str, title: str, href: str, *, override: str = "", style: str = "", lazy: bool = False) -> str:
    """One visible square of a grid."""
    image = (
        '<img class="lazy" src="/img/0.gif" data-original="https://f4.bcbits.com/img/a0220866688_2.jpg">'
        if lazy
        else '<img src="https://f4.bcbits.com/img/a1847291627_2.jpg">'
    )
    artist = f'<br><span class="artist-override">{override}</span>' if override else ""
    return (
        f'<li data-item-id="{guid}" class="music-grid-item" style="{style}"><a href="{href}"><div class="art">{image}</div>'
        f'<p class="title">\n {title}\n {artist}</p></a></li>'
    )


def grid_page(squares: Sequence[str], later: object = None, name: str = "Aoife") -> bytes:
    """A Bandcamp artist page. later: what its script would add, the seventeenth release and on."""
    more = f'data-client-items="{attribute(later)}"' if later is not None else ""
    return f"""<!DOCTYPE html><html><head><title>Music | Aoife</title>
      <script data-band="{attribute({"id": 7, "name": name, "local_url": "https://aoife.bandcamp.com"})}"
        data-tralbum="{attribute({"url": "https://aoife.bandcamp.com/music"})}"></script></head><body>
      <ol id="music-grid" class="editable-grid music-grid columns-3 public" {more}>{"".join(squares)}</ol></body></html>""".encode()


CHALLENGE = b"""<!DOCTYPE html><html><head><link href="/_fs-ch-1T1/assets/styles.css" rel="stylesheet"><title>Client Challenge</title>
</head><body><noscript><div>JavaScript is disabled in your browser.</div></noscript></body></html>"""
STUB = b"""<!DOCTYPE html><html><head><script data-band="{&quot;id&quot;:3,&quot;name&quot;:&quot;Bea&quot;}"></script></head>
<body><div class="stub-page-content fan"><h1>Bea</h1></div></body></html>"""
LABEL = b"""<!DOCTYPE html><html><head>
<script data-band="{&quot;name&quot;:&quot;Salt Records&quot;,&quot;is_label&quot;:true}"></script></head><body>
<ol class='editable-grid artists-grid columns-3'><li class="artists-grid-item"><a href="https://aoife.bandcamp.com">
<div class="artists-grid-name">Aoife</div></a></li></ol></body></html>"""


def rss(*items: str, channel: str = "<title>Aoife</title><link>https://aoife.example/</link>") -> bytes:
    """An RSS 2.0 feed of these items' insides."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
      xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{channel}{body}</channel></rss>""".encode()


def item(number: int, *, title: str | None = None, link: str | None = None, guid: str | None = None, date: str = "", text: str = "") -> str:
    """The inside of one RSS item, release <number>."""
    link = f"https://aoife.example/r/{number}" if link is None else link
    parts = [
        ("title", f"Song {number}" if title is None else title),
        ("link", link),
        ("guid", link if guid is None else guid),
        ("pubDate", date),
        ("description", text),
    ]
    return "".join(f"<{name}>{value}</{name}>" for name, value in parts if value)


def atom(*entries: str, feed: str = "<title>Aoife</title><id>urn:feed</id>") -> bytes:
    """An Atom feed of these entries' insides."""
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{feed}{body}</feed>'.encode()


RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://web.resource.org/cc/">
 <channel rdf:about="https://aoife.example/"><title>Aoife</title><link>https://aoife.example/</link><description>Songs</description>
  <items><rdf:Seq><rdf:li rdf:resource="https://aoife.example/r/1"/></rdf:Seq></items></channel>
 <item rdf:about="https://aoife.example/r/1"><title>Song 1</title><link>https://aoife.example/r/1</link>
  <dc:date>2026-11-06T23:30:00-02:00</dc:date><dc:creator>Aoife</dc:creator><dc:subject>folk</dc:subject>
  <cc:license rdf:resource="https://creativecommons.org/licenses/by-sa/3.0/de/"/></item>
</rdf:RDF>"""
