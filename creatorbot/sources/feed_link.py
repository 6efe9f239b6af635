"""The feed that a web page names in its head."""

import re

from selectolax.lexbor import LexborHTMLParser

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_root import is_feed
from creatorbot.sources.plain import web_address

_LINK_TAG = re.compile(r"<link\s[^<>]{1,2000}>", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


def feed_address(page: Fetched) -> str | None:
    """The address of the first feed this HTML page names; None for none, and for a page that is a feed itself."""
    if is_feed(page.body):
        return None
    head = page.body[:500_000].decode("utf-8", "replace")
    for tag in _LINK_TAG.findall(head)[:200]:
        node = LexborHTMLParser(tag).css_first("link")
        marks = node.attributes if node else {}
        if "alternate" in (marks.get("rel") or "").lower().split() and (marks.get("type") or "").lower().strip() in _FEED_TYPES:
            return web_address(marks.get("href"), page.address)
    return None
