"""What an entry of a feed is: told only by real marks of the software that wrote it, never by its words."""

import re
from urllib.parse import urlsplit

from creatorbot.sources.base import Kind
from creatorbot.sources.feed_document import Entry, FeedDocument

_PIXELFED_FEED = re.compile(r"/users/[\w.-]+\.atom$")
_MIRLO_FEED = re.compile(r"/v1/artists/[^/]+/feed\b")
_FUNKWHALE_FEED = re.compile(r"/api/v\d/channels/[^/]+/rss\b|/federation/actors/")
_POSTING = ("mastodon", "pleroma", "akkoma", "misskey", "sharkey", "gotosocial", "pixelfed", "friendica", "snac")


def software_of(feed: FeedDocument) -> str:
    """Which program wrote this feed: "mastodon", "pixelfed", "peertube", "funkwhale", "faircamp", "mirlo", or ""."""
    made_by = feed.generator.strip().lower()
    for name in ("peertube", "faircamp", "funkwhale", "castopod", *_POSTING):
        if made_by.startswith(name):
            return name
    addresses = [address for _, _, address in feed.links]
    if any(_FUNKWHALE_FEED.search(address) for address in addresses):
        return "funkwhale"
    if any(_MIRLO_FEED.search(address) for address in addresses):
        return "mirlo"
    return "pixelfed" if _PIXELFED_FEED.search(feed.id) and "pixelfed" in feed.title.lower() else ""


def kind_of(entry: Entry, feed: FeedDocument, software: str) -> Kind:
    """The kind of this entry, "unknown" without a mark."""
    if software in _POSTING:
        return "post"
    if software == "peertube":
        return "video"
    if software == "faircamp":
        return "album"
    path = urlsplit(entry.link).path if _is_address(entry.link) else ""
    if software == "mirlo":
        return "album" if "/release/" in path else "post" if "/posts/" in path else "unknown"
    if software == "funkwhale":
        return "episode" if feed.has_category else "track"
    return _by_files(entry, feed) or _by_shop(entry, path) or "unknown"


def _by_files(entry: Entry, feed: FeedDocument) -> Kind | None:
    media = {file.medium for file in entry.enclosures}
    if "yt_videoid" in entry.names:
        return "video"
    if feed.medium == "music" and "audio" in media:
        return "track"
    if {"itunes_episode", "itunes_episodetype"} & entry.names or "audio" in media:
        return "episode"
    return "video" if "video" in media else None


def _by_shop(entry: Entry, path: str) -> Kind | None:
    """Bridges turn Bandcamp pages into feeds; the address says what it is."""
    if _is_address(entry.link) and (urlsplit(entry.link).hostname or "").endswith(".bandcamp.com"):
        return "album" if path.startswith("/album/") else "track" if path.startswith("/track/") else None
    return None


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
