"""Podcasts: RSS with Apple's and the Podcast Index's elements. A feed of the medium "music" is an album whose entries are its tracks."""

from dataclasses import replace

from creatorbot.sources.base import Fetched, FoundRelease, Kind
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.joined import joined
from creatorbot.sources.plain import line, line_of_markup, prose, web_address
from creatorbot.wording import N_


class Podcast(Feed):
    """A podcast, or an album published as one."""

    name = "podcast"
    label = N_("Podcast")

    def recognise(self, page: Fetched) -> float:
        """How sure we are: a feed that uses, not only announces, the podcasts' elements."""
        head = head_of(page)
        return (
            0.5
            if head.form == "feed" and any(mark in part for mark in ("<itunes:", "<podcast:") for part in (head.top, head.inside))
            else 0.0
        )

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """Tracks in a feed of music, films in one of films, else what its files say."""
        if entry.marks & {"live", "pending"}:
            return "stream"
        if feed.medium == "music" and entry.enclosures:
            return "track"
        if feed.medium in ("video", "film") and entry.enclosures:
            return "video"
        return super().kind(entry, feed)

    def gathered(self, found: list[tuple[Entry, FoundRelease]], feed: FeedDocument, base: str) -> tuple[FoundRelease, ...]:
        """Of a feed of music one album, beside whatever else is in it."""
        tracks = [one for one in found if one[1].kind == "track"]
        if feed.medium != "music" or not tracks:
            return super().gathered(found, feed, base)
        return (_album(tracks, feed, base), *(release for _, release in found if release.kind != "track"))


def _album(tracks: list[tuple[Entry, FoundRelease]], feed: FeedDocument, base: str) -> FoundRelease:
    album = joined(tracks)
    named, artist = line_of_markup(feed.title), line_of_markup(feed.artist)
    url = web_address(feed.link, base) or album.url
    return replace(
        album,
        title=named or album.title,
        url=url,
        guid=line(feed.number, 200) or line(feed.id, 2_000) or url or album.guid,
        artist=artist or album.artist,
        kind="album",
        cover_url=web_address(feed.image, base) or album.cover_url,
        description=prose(feed.about) or album.description,
        isrc=None,
        parts=tuple(release.guid for _, release in tracks),
        tracks=len(tracks),
    )
