"""Mirlo: releases and posts of an artist in one feed, each titled "Name by Artist". A release's day may lie ahead."""

import re

from creatorbot.sources.base import Fetched, Kind
from creatorbot.sources.feed import Feed, path_of
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.plain import line_of_markup

_FEED = re.compile(r"/v1/(?:artists/[^/\s]+/feed|trackGroups|posts|artists|labels/[^/\s]+/feed)/?\?(?:[^#]*&)?format=rss\b", re.I)
_FEED_PATH = re.compile(r"/v1/artists/[^/\s?]+/feed\b")
_RELEASE, _POST = re.compile(r"^/[^/]+/release/[^/]+/?$"), re.compile(r"^/[^/]+/posts/[^/]+/?$")
_ARTIST = re.compile(r"^/[^/]+/?$")
_NOBODY = ("undefined", "null", "")


class Mirlo(Feed):
    """An artist on a Mirlo server."""

    name = "mirlo"
    label = "Mirlo"

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by the addresses of its feeds and of its releases; the generator it names is a library's."""
        head = head_of(page)
        if head.form != "feed":
            return 0.0
        return 0.9 if any(_FEED.search(address) or _FEED_PATH.search(address) for address in head.addresses) else 0.0

    def keeps(self, entry: Entry, feed: FeedDocument) -> bool:
        """A list of artists, which the same feeds can carry, is no list of releases."""
        return not _ARTIST.match(path_of(entry.link))

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """Told by the address."""
        path = path_of(entry.link)
        return "album" if _RELEASE.match(path) else "post" if _POST.match(path) else "unknown"

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """The artist's name is cut off the title; "undefined" is nobody."""
        owner = line_of_markup(feed.title).removesuffix(" Feed").strip()
        if owner and title.endswith(f" by {owner}"):
            return title.removesuffix(f" by {owner}").strip(), owner
        name, by, artist = title.rpartition(" by ")
        if not by:
            return title, ""
        return name.strip(), "" if artist in _NOBODY else artist

    def called(self, feed: FeedDocument) -> str:
        """The artist's name, without the word that Mirlo adds."""
        return super().called(feed).removesuffix(" Feed")

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
