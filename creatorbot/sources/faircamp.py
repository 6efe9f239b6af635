"""Faircamp sites: releases titled "Artist – Name". It knows no days: its Atom feed dates every entry with the hour of the last build."""

from datetime import date

from creatorbot.sources.base import Fetched, Kind
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.plain import line_of_markup

_DASH = " – "


class Faircamp(Feed):
    """A site built by Faircamp. Its podcast feed too lists releases, each with its first track only."""

    name = "faircamp"
    label = "Faircamp"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that Faircamp wrote this feed."""
        head = head_of(page)
        return 0.9 if head.generator.startswith("faircamp") or "simonrepp.com/faircamp" in head.top else 0.0

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """A release."""
        return "album"

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """The artists stand before the dash; a dash within a name is told apart by the names the feed knows."""
        for artist in (line_of_markup(entry.artist), line_of_markup(feed.artist), line_of_markup(feed.title)):
            if artist and title.startswith(artist + _DASH):
                return title.removeprefix(artist + _DASH).strip(), artist
        artist, dash, name = title.partition(_DASH)
        return (name.strip(), artist.strip()) if dash and name.strip() else (title, line_of_markup(entry.artist))

    def day(self, entry: Entry, feed: FeedDocument) -> date | None:
        """Only what says when it was published; `updated` is the last build."""
        return entry.published.date() if entry.published else None

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
