"""Is this a feed? Told by its first element, in any encoding that writes ASCII letters somehow."""

import re

_COMMENTS = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?!html)[^>\[]*(?:\[.*?\])?\s*>", re.S | re.I)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|channel|newlocation)[\s>/]", re.I)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_LOOKED_AT = 16_384


def is_feed(body: bytes) -> bool:
    """Whether the first element is that of RSS, Atom or RDF. UTF-16 and UTF-32 are told by dropping their zero bytes."""
    start = _COMMENTS.sub(b" ", body[:_LOOKED_AT].replace(b"\0", b""))
    root, page = _ROOT.search(start), _PAGE.search(start)
    return bool(root) and (page is None or root.start() < page.start())  # type: ignore[union-attr]


def is_page(body: bytes) -> bool:
    """Whether this is an HTML page."""
    return not is_feed(body) and bool(_PAGE.search(body[:_LOOKED_AT].replace(b"\0", b"")))
