"""Funkwhale channels: one entry for each track, no word about albums. What was put up on one UTC day is one release."""

import re
from collections import defaultdict
from datetime import date

from creatorbot.sources import licences
from creatorbot.sources.base import Fetched, FoundRelease, Kind
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import Head, head_of
from creatorbot.sources.joined import joined
from creatorbot.sources.plain import line_of_markup

_FEED = re.compile(r"/api/v\d{1,2}/channels/[^/\s]+/rss/?(?:[?#]|$)")
_ACTOR = re.compile(r"/federation/actors/[^/\s]+/?$")
_TRACK = re.compile(r"/library/tracks/\d+/?$")
_STREAM = re.compile(r"/api/v\d{1,2}/(?:stream|listen)/")


class Funkwhale(Feed):
    """A channel of music, or of a podcast."""

    name = "funkwhale"
    label = "Funkwhale"

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by its feeds' address, its actors', or by the addresses of tracks and streams together."""
        head = head_of(page)
        if head.form != "feed":
            return 0.0
        if head.generator.startswith("funkwhale") or any(_FEED.search(address) for address in head.addresses):
            return 0.9
        return 0.85 if _by_addresses(head) else 0.0

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """Podcasts must name a category, music has none."""
        return "episode" if feed.has_category else "track"

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """A channel bears its artist's name; its author is only an account."""
        artist = line_of_markup(feed.artist) or line_of_markup(feed.title) if feed.has_category else line_of_markup(feed.title)
        return title, artist or line_of_markup(entry.artist)

    def licence(self, entry: Entry, feed: FeedDocument) -> str | None:
        """Funkwhale writes "All rights reserved" into every feed whose artist said nothing, and licences of tracks into none."""
        found = super().licence(entry, feed)
        return None if found == licences.ALL_RIGHTS_RESERVED else found

    def gathered(self, found: list[tuple[Entry, FoundRelease]], feed: FeedDocument, base: str) -> tuple[FoundRelease, ...]:
        """One release for each day of tracks, in the feed's order; episodes stay as they are."""
        days: dict[date | int, list[tuple[Entry, FoundRelease]]] = defaultdict(list)
        for number, (entry, release) in enumerate(found):
            day = release.released_on if release.kind == "track" else None
            days[day or number].append((entry, release))
        return tuple(joined(day) if day[0][1].kind == "track" else day[0][1] for day in days.values())

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name


def _by_addresses(head: Head) -> bool:
    actor = any(_ACTOR.search(address) for address in head.addresses)
    tracks = any(_TRACK.search(address) for address in head.entries)
    streams = bool(_STREAM.search(head.inside))
    return actor + tracks + streams >= 2
