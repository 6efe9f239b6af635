"""Bandwagon (bandwagon.fm, and other servers of Emissary): albums of an artist. Its feeds name no software; its addresses do."""

import re

from creatorbot.sources.base import Fetched, Kind
from creatorbot.sources.feed import Feed, host_of
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of

_FEED = re.compile(r"/(?:@[^/\s?]+|[0-9a-f]{24})/feed/?\?(?:[^#]*&)?format=(?:rss|atom|json)\b")
_OWNER = re.compile(r"^https?://[^/\s]+/(?:@[^/\s?]+|[0-9a-f]{24})/?$")
_BELOW = re.compile(r"^https?://[^/\s]+/[^/\s?]+/?$")
_STREAM = re.compile(r"^https?://[^/\s]+/[0-9a-f]{24}/?$")


class Bandwagon(Feed):
    """An artist on a Bandwagon server."""

    name = "bandwagon"
    label = "Bandwagon"

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by the feed's address, or an owner's page with entries under the ids of its database."""
        head = head_of(page)
        if not head.is_feed or head.generator:
            return 0.0
        entries = [address for address in head.entries if address.startswith("http")][:6]
        if any(_FEED.search(address) for address in head.addresses):
            return 0.9 if all(map(_BELOW.match, entries)) else 0.0
        streams = bool(entries) and all(map(_STREAM.match, entries))
        return 0.85 if streams and any(_OWNER.match(address) for address in head.addresses) else 0.0

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """An artist's page there holds albums; their tracks lie below them."""
        return "album"

    def called(self, feed: FeedDocument) -> str:
        """The artist's name, without the server's that newer versions put before it."""
        name, host = super().called(feed), host_of(feed.link)
        return name.removeprefix(f"{host} - ") if host else name

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """The feed is the artist's."""
        told, artist = super().named(title, entry, feed)
        return told, artist or self.called(feed)

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
