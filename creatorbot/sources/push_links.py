"""Where a page offers to push its news (WebSub): named in its headers or in the feed itself."""

import re

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.plain import web_address

_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,40}\s*=\s*(?:\"[^\"]{0,500}\"|[^\s;,\"]{1,500}))*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.I)


def hub_and_topic(page: Fetched, feed: FeedDocument) -> tuple[str, str]:
    """The hub's address and the name under which it knows this feed; two empty texts when no hub is named. Headers come first."""
    headers = _in_headers(page.headers.get("link", ""), page.address)
    hub = headers.get("hub") or web_address(feed.linked("hub"), page.address)
    if not hub:
        return "", ""
    topic = headers.get("self") or web_address(feed.linked("self"), page.address) or web_address(page.address)
    return (hub, topic) if topic else ("", "")


def _in_headers(header: str, base: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for target, rest in _LINK.findall(header[:10_000]):
        rels = [word for told in _REL.findall(rest) for word in "".join(told).lower().split()]
        address = web_address(target, base) if {"hub", "self"} & set(rels) else None
        if address:
            found |= {rel: address for rel in rels if rel in ("hub", "self") and rel not in found}
    return found
