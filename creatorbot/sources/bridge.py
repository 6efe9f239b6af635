"""Feeds that a bridge (RSS-Bridge, RSSHub, Open RSS …) makes of a Bandcamp page, which offers none itself."""

import re
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from creatorbot.sources.base import Fetched, FoundRelease, Kind
from creatorbot.sources.feed import Feed, host_of, path_of
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.plain import line_of_markup
from creatorbot.wording import N_

_RELEASE = re.compile(r"^/(album|track)/[^/]+/?$")
_BRIDGE = re.compile(r"[?&]bridge=Bandcamp|/bandcamp(?:/|\b.*\bbandcamp\.com)|openrss\.org/[\w.-]*bandcamp\.com", re.I)
_WITH_LABEL = re.compile(r"^(.+\S)\s+\(([^()]{1,120})\)$")
_LETTERS = re.compile(r"[\W_]+")


class Bridge(Feed):
    """A Bandcamp page by way of a bridge."""

    name = "bridge"
    label = N_("Bandcamp through a bridge")

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by the bridge's address, or by entries that lead to albums and tracks on Bandcamp."""
        head = head_of(page)
        if not head.is_feed:
            return 0.0
        entries = [address for address in head.entries if address.startswith("http")][:6]
        ours = bool(entries) and _is_release(entries[0]) and sum(map(_is_release, entries)) * 2 >= len(entries)
        if any(map(_BRIDGE.search, head.addresses)) and (ours or not entries):
            return 0.95
        return 0.8 if ours else 0.0

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """Told by the address."""
        found = _RELEASE.match(path_of(entry.link)) if _is_release(entry.link) else None
        if found is None:
            return super().kind(entry, feed)
        return "album" if found.group(1) == "album" else "track"

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """Bridges write "Artist - Title (Label)". The label is cut off only where it is one, for "(Deluxe)" belongs to the title."""
        artist = line_of_markup(entry.artist)
        if artist and title.casefold().startswith(f"{artist} - ".casefold()):
            title = title[len(artist) + 3 :].strip()
        elif not artist and " - " in title:
            artist, _, title = (part.strip() for part in title.partition(" - "))
        found = _WITH_LABEL.match(title)
        if found and _letters(found.group(2)) in _labels(entry, feed):
            title = found.group(1)
        return title, artist

    def guid(self, entry: Entry, url: str | None) -> str:
        """The release's own address: bridges make ids of their own, each another."""
        return url.rstrip("/") if url and _is_release(url) else super().guid(entry, url)

    def release(self, entry: Entry, feed: FeedDocument, base: str) -> FoundRelease:
        """What leads to Bandcamp leads there without the bridge's additions."""
        return super().release(replace(entry, link=_bare(entry.link)) if _is_release(entry.link) else entry, feed, base)

    def software(self, feed: FeedDocument) -> str:
        """The bridge, as far as it says its name."""
        made_by = f"{feed.generator} {feed.id} {feed.linked('self')}".lower()
        if "bridge=bandcamp" in made_by or "rss-bridge" in made_by:
            return "rss-bridge"
        return super().software(feed)


def _is_release(address: str) -> bool:
    return host_of(address).endswith(".bandcamp.com") and bool(_RELEASE.match(path_of(address)))


def _bare(address: str) -> str:
    return urlunsplit(urlsplit(address)._replace(query="", fragment=""))


def _letters(name: str) -> str:
    return _LETTERS.sub("", name).casefold()


def _labels(entry: Entry, feed: FeedDocument) -> set[str]:
    """By what a label would be known: its place on Bandcamp, and the names the feed has for itself."""
    own = host_of(feed.link).removesuffix(".bandcamp.com"), host_of(entry.link).removesuffix(".bandcamp.com")
    names = re.split(r"\s[-–|:]\s", line_of_markup(feed.title))
    return {_letters(name) for name in (*own, *names)} - {""}
