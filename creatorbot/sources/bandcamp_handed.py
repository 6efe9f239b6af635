"""A Bandcamp page that a person hands over: by the bookmark button on their own page, or by pasting the page's source.

The bookmark button (web/static/bookmarklet.js) sends one JSON object; what it found is written down again as a small page, so that
there is one reader for pages, however they came. Names: v, address, tralbum, band, currency, linked, licence, image, button, heading,
page, items (all text, as they stand in the page), stub (true or false), tags, members (lists of text), squares (a list of objects with
id, href, title, artist, image). Only `address` must be there.
"""

from html import escape
from urllib.parse import urlsplit, urlunsplit

from creatorbot.errors import InvalidInput
from creatorbot.sources.bandcamp_data import data_of
from creatorbot.sources.bandcamp_page import front_to_music, is_bandcamp, is_challenge, release_address, take_apart
from creatorbot.sources.base import Fetched
from creatorbot.sources.loose import Document, document, documents, parsed, string, strings
from creatorbot.sources.plain import web_address
from creatorbot.wording import N_

MOST_BYTES = 3_000_000
_MOST_SQUARES = 2_000
_MOST_MEMBERS = 500
_NOT_BANDCAMP = N_("This is not a Bandcamp page. Open your own page on Bandcamp and press the bookmark button there, or paste its source.")
_TOO_LARGE = N_("This page is too large to be read.")
_CHALLENGE = N_("This is the page on which Bandcamp asks whether you are human. Wait until your own page is there, then try again.")
_WHERE = N_("We cannot tell which page this is. Paste its address instead.")
_HEAD = (("tralbum", "data-tralbum"), ("band", "data-band"), ("currency", "data-band-currency"))


def page_of(payload: bytes) -> Fetched:
    """The page that was handed over, ready for the Bandcamp reader: what the bookmark button sends, a page's source, or data of its app.

    Raises InvalidInput with a sentence for everything that is no Bandcamp page, and for what is too large.
    """
    if len(payload) > MOST_BYTES:
        raise InvalidInput(_TOO_LARGE, field="page")
    start = payload.lstrip(b"\xef\xbb\xbf \t\r\n")
    page = _from_button(start) if start[:1] == b"{" else Fetched("", start)
    if is_challenge(page.body):
        raise InvalidInput(_CHALLENGE, field="page")
    if not is_bandcamp(page.body) and not data_of(page):
        raise InvalidInput(_NOT_BANDCAMP, field="page")
    address = page.address or _address_in(page)
    if not address:
        raise InvalidInput(_WHERE, field="page")
    return Fetched(address, page.body, 200, {"content-type": "text/html; charset=utf-8"})


def _from_button(payload: bytes) -> Fetched:
    told = document(parsed(payload.decode("utf-8", errors="replace")))
    if not told:
        raise InvalidInput(_NOT_BANDCAMP, field="page")
    if data_of(Fetched("", payload)):
        return Fetched("", payload)
    address = web_address(told.get("address"))
    if address is None:
        raise InvalidInput(_WHERE, field="page")
    if not any(told.get(name) for name in ("tralbum", "band", "linked", "squares", "members", "stub", "items")):
        raise InvalidInput(_NOT_BANDCAMP, field="page")
    return Fetched(_settled(address), _written(told).encode("utf-8", errors="replace"))


def _address_in(page: Fetched) -> str:
    answer = data_of(page)
    told = release_address(answer.get("bandcamp_url"), "") if answer else take_apart(page).address
    return _settled(told) if told else ""


def _settled(address: str) -> str:
    """Without what links hang on an address, and an artist's front page as the list of releases it shows."""
    return front_to_music(urlunsplit(urlsplit(address)._replace(query="", fragment="")))


def _written(told: Document) -> str:
    """The page again, as small as our reader needs it. Everything a stranger wrote is escaped."""
    attributes = " ".join(f'{name}="{escape(string(told.get(key)))}"' for key, name in _HEAD if told.get(key))
    marks = [
        '<meta charset="utf-8"><meta name="generator" content="Bandcamp">',
        f'<meta property="og:image" content="{escape(string(told.get("image")))}">' if told.get("image") else "",
        f'<meta name="bc-page-properties" content="{escape(string(told.get("page")))}">' if told.get("page") else "",
        f"<script {attributes}></script>" if attributes else "",
        f'<script type="application/ld+json">{_inert(string(told.get("linked")))}</script>' if told.get("linked") else "",
    ]
    body = [
        f'<h2 class="trackTitle">{escape(string(told.get("heading")))}</h2>',
        f'<h4 class="compound-button">{escape(string(told.get("button")))}</h4>',
        _licence(string(told.get("licence"))),
        "".join(f'<div class="tralbum-tags"><a class="tag">{escape(tag)}</a></div>' for tag in strings(told.get("tags"), 100)),
        _grid(told),
        '<div class="stub-page-content"></div>' if told.get("stub") is True else "",
    ]
    return f"<!DOCTYPE html><html><head>{''.join(marks)}</head><body>{''.join(body)}</body></html>"


def _inert(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c")


def _licence(told: str) -> str:
    if not told:
        return ""
    inside = '<span class="cc-icons commercial"></span>' if told == "commercial" else f'<a class="cc-icons" href="{escape(told)}"></a>'
    return f'<div id="license">{inside}</div>'


def _grid(told: Document) -> str:
    squares = documents(told.get("squares"), _MOST_SQUARES)
    members = strings(told.get("members"), _MOST_MEMBERS)
    parts = []
    if squares or told.get("items"):
        items = f' data-client-items="{escape(string(told.get("items")))}"' if told.get("items") else ""
        parts.append(f'<ol id="music-grid" class="music-grid"{items}>{"".join(map(_square, squares))}</ol>')
    if members:
        rows = "".join(f'<li><a href="{escape(address)}"></a></li>' for address in members)
        parts.append(f'<ol class="artists-grid">{rows}</ol>')
    return "".join(parts)


def _square(square: Document) -> str:
    text = {name: escape(string(square.get(name))) for name in ("id", "href", "title", "artist", "image")}
    artist = f'<span class="artist-override">{text["artist"]}</span>' if text["artist"] else ""
    return (
        f'<li data-item-id="{text["id"]}"><a href="{text["href"]}"><div class="art"><img src="{text["image"]}"></div>'
        f'<p class="title">{text["title"]} {artist}</p></a></li>'
    )
