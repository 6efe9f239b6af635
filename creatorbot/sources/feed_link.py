"""The feeds that a web page names: in its head, in the Link header, and as plain links a person would follow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from creatorbot.sources.base import Fetched
from creatorbot.sources.plain import line, web_address

_LOOKED_AT = 1_000_000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_TAG = re.compile(r"<\w+\s(?:[^<>\"']|\"[^\"]*\"|'[^']*'){1,2000}>", re.I)
_TAG_LENGTH = 3_000
_ANCHOR = re.compile(r"<a\s[^<>]{1,2000}>", re.I)
_BASE_TAG = re.compile(r"<base\s[^<>]{1,2000}>", re.I)
_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,40}\s*=\s*(?:\"[^\"]{0,500}\"|[^\",;\s]{0,500}))*)")
_HEADER_MARK = re.compile(r";\s*([\w-]{1,40})\s*=\s*(?:\"([^\"]*)\"|([^\",;\s]*))")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_MAYBE_TYPES = ("application/xml", "text/xml", "application/json")
_FEEDLIKE = re.compile(r"(?:^|[/._-])(?:rss|atom|rdf|feeds?|podcast)(?:[./_-]|$)|\.(?:rss|atom|rdf)$|/index\.xml$", re.I)
_HINT = re.compile(r"rss|atom|rdf|feed|podcast|index\.xml", re.I)
_MOST = 200


@dataclass(frozen=True)
class NamedFeed:
    """One feed a page names. title: what the page calls it, or "". where: its head, the answer's headers, or a link in its text."""

    address: str
    title: str
    where: Literal["head", "header", "text"]


def named_feeds(page: Fetched) -> tuple[NamedFeed, ...]:
    """Every feed the page names, in its own order, each once: those in its head, those in its headers, then links in its text."""
    markup = _COMMENT.sub(" ", page.body[:_LOOKED_AT].decode("utf-8", "replace"))
    base = _base(markup, page.address)
    found = [*_in_head(markup, base), *_in_header(page), *_in_text(markup, base, page.address)]
    once: dict[str, NamedFeed] = {}
    for feed in found:
        once.setdefault(feed.address, feed)
    return tuple(once.values())


def tags(markup: str, name: str, most: int) -> Iterator[str]:
    """The first tags of this name as they stand there. A page can be built to make searching it slow, so each is cut out first."""
    at = 0
    lower = markup.lower()
    for _ in range(most):
        at = lower.find(f"<{name}", at)
        if at < 0:
            return
        found = _TAG.match(markup[at : at + _TAG_LENGTH])
        if found:
            yield found.group()
        at += len(name) + 1


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong together: the same host, or one a part of the other's domain."""
    first, second = (re.sub(r"^www\.", "", urlsplit(address).hostname or "") for address in (one, other))
    return bool(first and second) and (first == second or first.endswith("." + second) or second.endswith("." + first))


def is_feedlike(address: str) -> bool:
    """Whether this address looks like that of a feed."""
    parts = urlsplit(address)
    return bool(_FEEDLIKE.search(parts.path.rstrip("/")) or re.search(r"(?:^|&)(?:format|feed|type)=(?:rss|atom)", parts.query, re.I))


def _base(markup: str, address: str) -> str:
    found = _BASE_TAG.search(markup)
    marks = _marks(found.group(), "base") if found else {}
    return web_address(marks.get("href"), address) or address


def _marks(tag: str, name: str) -> dict[str, str]:
    """The attributes of one tag, read by itself: a whole page can be built so that it takes minutes to parse."""
    node = LexborHTMLParser(tag).css_first(name)
    return {key: value or "" for key, value in node.attributes.items()} if node else {}


def _in_head(markup: str, base: str) -> Iterator[NamedFeed]:
    for tag in tags(markup, "link", _MOST):
        marks = _marks(tag, "link")
        address = web_address(marks.get("href"), base)
        if address and _is_alternate(marks, address):
            yield NamedFeed(address, line(marks.get("title"), 120), "head")


def _is_alternate(marks: dict[str, str], address: str) -> bool:
    kind = marks.get("type", "").lower().split(";")[0].strip()
    if not {"alternate", "feed"} & set(marks.get("rel", "").lower().split()):
        return False
    return kind in _FEED_TYPES or (kind in _MAYBE_TYPES and is_feedlike(address))


def _in_header(page: Fetched) -> Iterator[NamedFeed]:
    for found in list(_HEADER_LINK.finditer(page.headers.get("link", "")[:10_000]))[:20]:
        marks = {mark.group(1).lower(): mark.group(2) or mark.group(3) or "" for mark in _HEADER_MARK.finditer(found.group(2))}
        address = web_address(found.group(1), page.address)
        if address and _is_alternate(marks, address):
            yield NamedFeed(address, line(marks.get("title"), 120), "header")


def _in_text(markup: str, base: str, page_address: str) -> Iterator[NamedFeed]:
    """Links of the same site only: a page's text also links to the feeds of others, and to readers that subscribe to this one."""
    seen = 0
    for tag in _ANCHOR.finditer(markup):
        if seen >= _MOST:
            return
        if not _HINT.search(tag.group()):
            continue
        seen += 1
        marks = _marks(tag.group(), "a")
        address = web_address(marks.get("href"), base)
        if address and is_feedlike(address) and (not page_address or same_site(address, page_address)):
            yield NamedFeed(address, line(marks.get("title") or marks.get("aria-label"), 120), "text")
