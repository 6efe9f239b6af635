"""oEmbed 1.0 (https://oembed.com): how other sites ask what of a link they may show inside their own pages.

We answer "rich". Mastodon asks before it reads the page's own tags and takes "link" and "photo" for the whole truth, which would
leave the price line out of its card; "rich" it refuses and reads the page (app/services/fetch_link_card_service.rb).
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qs, urlsplit

from orjson import dumps

from creatorbot.links.pages.parts import Page

WIDTH, HEIGHT = 480, 176
LONGEST_QUERY = 4096


def asked_for(query: str) -> tuple[str, str]:
    """The path of the address that is asked about, "" for none, and the format that is wanted."""
    if len(query) > LONGEST_QUERY:
        return "", "json"
    given: Mapping[str, list[str]] = parse_qs(query, max_num_fields=20) if query.count("&") < 20 else {}
    try:
        path = urlsplit(given.get("url", [""])[0]).path
    except ValueError:
        path = ""
    return path, given.get("format", ["json"])[0]


def described(page: Page, address: str, base: str, query: str) -> bytes:
    """The answer for this page. address: its path. Sizes follow maxwidth and maxheight as far as that makes sense."""
    given: Mapping[str, list[str]] = parse_qs(query, max_num_fields=20)
    width, height = _bounded(given, "maxwidth", WIDTH, 240), _bounded(given, "maxheight", HEIGHT, 120)
    frame = (
        f'<iframe src="{escape(base + address)}/embed" title="{escape(page.shown.title)}" width="{width}" height="{height}" '
        'frameborder="0" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox allow-same-origin"></iframe>'
    )
    picture = page.shown.picture
    pictured = {"thumbnail_url": base + picture[0], "thumbnail_width": picture[1], "thumbnail_height": picture[2]} if picture else {}
    told = {"title": page.shown.title, "author_name": page.shown.by, "author_url": page.shown.by_address, "provider_name": page.shown.by}
    return dumps(
        {
            "version": "1.0",
            "type": "rich",
            **{name: value for name, value in told.items() if value},
            "provider_url": base,
            "cache_age": 86400,
            "html": frame,
            "width": width,
            "height": height,
            **pictured,
        }
    )


def _bounded(given: Mapping[str, list[str]], name: str, usual: int, least: int) -> int:
    typed = given.get(name, [""])[0]
    return max(least, min(usual, int(typed))) if typed.isascii() and typed.isdigit() and len(typed) < 6 else usual
