"""Is this a feed? Told by its first element, in any encoding that writes ASCII letters somehow."""

import re

_PROLOG = re.compile(rb"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^>\[]{0,2000}+(?:\[[^\]]*+\]\s{0,200}+)?>", re.S | re.I)
_FIRST = re.compile(rb"<(?:[\w.-]{1,40}:)?([a-z][\w.-]{0,40})", re.I)
FEED_ELEMENTS = frozenset((b"rss", b"feed", b"rdf", b"channel", b"newlocation"))
_LOOKED_AT = 16_384


def is_feed(body: bytes) -> bool:
    """Whether the first element is that of RSS, Atom or RDF. UTF-16 and UTF-32 are told by dropping their zero bytes."""
    return first_element(body) in FEED_ELEMENTS


def is_page(body: bytes) -> bool:
    """Whether this is an HTML page."""
    return first_element(body) in (b"html", b"head", b"body", b"title", b"meta") or b"<!doctype html" in body[:200].lower()


def first_element(body: bytes) -> bytes:
    """The name of the first element in lower case without its prefix; empty when there is none."""
    start = _PROLOG.sub(b" ", body[:_LOOKED_AT].replace(b"\0", b""))
    found = _FIRST.search(start)
    return found.group(1).lower() if found else b""
