"""The first bytes of a page: what it is and who wrote it, told cheaply, before anything is taken apart."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_json import is_json
from creatorbot.sources.feed_root import FEED_ELEMENTS, first_element

_LOOKED_AT = 16_384
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.I)
_GENERATOR = re.compile(r"<(?:\w{1,20}:)?generator\b[^>]{0,500}>\s{0,200}(?:<!\[CDATA\[)?([^<]{1,300})", re.I)
_LINK = re.compile(r"<(?:\w{1,20}:)?(?:link|id|guid)\b([^>]{0,1000})>(?:\s{0,200}(?:<!\[CDATA\[)?\s{0,50}([^<\s]{1,1000}))?", re.I)
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"']{1,1000})", re.I)
_REL = re.compile(r"\brel\s*=\s*[\"']([^\"']{1,100})", re.I)
_JSON_FEED = re.compile(r"\"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org\\?/version\\?/\d")
_JSON_ADDRESS = re.compile(r"\"(?:feed_url|home_page_url|url)\"\s*:\s*\"([^\"]{1,1000})\"")


@dataclass(frozen=True)
class Head:
    """form: "feed" (RSS, Atom, RDF), "jsonfeed", "json" (any other), or "". top: all before the first entry, as it is written.

    generator: in lower case. addresses: of the page and those that its top names. entries: addresses of the first entries.
    inside: the beginning of the first entries.
    """

    form: str
    top: str = ""
    generator: str = ""
    addresses: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    inside: str = ""

    @property
    def is_feed(self) -> bool:
        """Whether this is a feed in any format."""
        return self.form in ("feed", "jsonfeed")


def head_of(page: Fetched) -> Head:
    """What the first 16 kB say. Never raises."""
    return _head(page.body[:_LOOKED_AT], page.address)


@lru_cache(maxsize=16)
def _head(body: bytes, address: str) -> Head:
    text = body.replace(b"\0", b"").decode("latin-1")
    own = (address,) if address else ()
    if is_json(body):
        return _json_head(text, own)
    if first_element(body) not in FEED_ELEMENTS:
        return Head("", addresses=own)
    first = _ENTRY.search(text)
    top, inside = (text[: first.start()], text[first.start() :]) if first else (text, "")
    generator = _GENERATOR.search(top)
    return Head(
        form="feed",
        top=top,
        generator=unescape(generator.group(1)).strip().lower() if generator else "",
        addresses=(*own, *_links(top)),
        entries=_links(inside, only_pages=True),
        inside=inside,
    )


def _json_head(text: str, own: tuple[str, ...]) -> Head:
    if not _JSON_FEED.search(text):
        return Head("json", top=text, addresses=own)
    top, _, inside = text.partition('"items"')
    return Head("jsonfeed", top, "", (*own, *_json_links(top)), _json_links(inside), inside)


def _links(text: str, *, only_pages: bool = False) -> tuple[str, ...]:
    found = []
    for marks, inside in _LINK.findall(text)[:60]:
        href, rel = _HREF.search(marks), _REL.search(marks)
        if not (only_pages and rel and rel.group(1).lower() != "alternate"):
            found.append(unescape(href.group(1) if href else inside))
    return tuple(filter(None, found))


def _json_links(text: str) -> tuple[str, ...]:
    return tuple(address.replace("\\/", "/") for address in _JSON_ADDRESS.findall(text)[:60])
