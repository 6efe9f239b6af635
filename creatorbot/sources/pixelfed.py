"""Accounts on Pixelfed: pictures with a caption, or "No caption"."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

from creatorbot.sources.base import Fetched, FoundRelease
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.mastodon import Mastodon
from creatorbot.sources.plain import line

_FEED = re.compile(r"/users/[\w.-]+\.atom(?:[?#]|$)")
_POST = re.compile(r"/p/[\w.-]+/\d+/?$")
_ON_PIXELFED = re.compile(r"<title[^>]{0,40}>[^<]{1,200} on Pixelfed\s*<", re.I)
_ALT = re.compile(r"<img\s[^<>]*?\balt\s*=\s*(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})')", re.I)


class Pixelfed(Mastodon):
    """An account's pictures."""

    name = "pixelfed"
    label = "Pixelfed"

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by the generator, or by the address of the feed together with those of its posts or its title."""
        head = head_of(page)
        if head.form != "feed":
            return 0.0
        if head.generator.startswith("pixelfed"):
            return 0.92
        posts = any(_POST.search(address) for address in head.entries)
        return 0.92 if any(map(_FEED.search, head.addresses)) and (posts or _ON_PIXELFED.search(head.top)) else 0.0

    def day(self, entry: Entry, feed: FeedDocument) -> date | None:
        """It knows `updated` only, and means the publication."""
        at = entry.published or entry.updated
        return at.date() if at else None

    def release(self, entry: Entry, feed: FeedDocument, base: str) -> FoundRelease:
        """A picture without words is described by its alt text."""
        found = super().release(entry, feed, base)
        alt = _ALT.search(entry.text[:20_000])
        if found.description or not alt:
            return found
        return replace(found, description=line(unescape(alt.group(1) or alt.group(2)), 2_000))

    def called(self, feed: FeedDocument) -> str:
        """The account's name, without the words that Pixelfed adds."""
        return super().called(feed).removesuffix(" on Pixelfed")

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
