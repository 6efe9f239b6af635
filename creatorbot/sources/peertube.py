"""PeerTube: videos of a channel or an account, as RSS, Atom, JSON Feed or podcast."""

import re
from dataclasses import replace
from datetime import date

from creatorbot.sources.base import Fetched, FoundRelease, Kind
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.plain import unique
from creatorbot.sources.players import embeddable

_FEED = re.compile(r"/feeds/(?:podcast/)?(?:videos|video-comments|subscriptions)\.(?:xml|rss2?|atom1?|json1?)\b")
_WATCHED = re.compile(r"(https://[^/\s]{1,300})/(?:w|videos/watch)/([\w-]{1,64})/?(?:[?#;]|$)", re.ASCII)
_COMMENT = re.compile(r"[;?&]threadId=\d")


class PeerTube(Feed):
    """A channel. A video's day is that of its first publication anywhere, maybe decades ago: a fact, no sign of age here."""

    name = "peertube"
    label = "PeerTube"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that PeerTube wrote this feed."""
        head = head_of(page)
        if head.is_feed and head.generator.startswith("peertube"):
            return 0.9
        return 0.85 if head.is_feed and any(_FEED.search(address) for address in head.addresses) else 0.0

    def keeps(self, entry: Entry, feed: FeedDocument) -> bool:
        """Comments are other people's."""
        return not _COMMENT.search(entry.link) and not _COMMENT.search(entry.id)

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """A video, or a stream where the feed says that it is live."""
        return "stream" if entry.marks & {"live", "pending"} else "video"

    def player(self, url: str | None, feed: FeedDocument) -> str:
        """Each video can be shown elsewhere under its own number; its feed in RSS says so too (`media:embed`), the others do not."""
        found = _WATCHED.match(url or "")
        return embeddable(f"{found[1]}/videos/embed/{found[2]}") if found else ""

    def day(self, entry: Entry, feed: FeedDocument) -> date | None:
        """Its Atom and JSON feeds know `updated` only, and mean the publication."""
        at = entry.published or entry.updated
        return at.date() if at else None

    def release(self, entry: Entry, feed: FeedDocument, base: str) -> FoundRelease:
        """What is only for adults says so in its tags, and with them in a post."""
        found = super().release(entry, feed, base)
        if "adult" not in entry.marks:
            return found
        return replace(found, tags=unique([*found.tags, "NSFW"]))

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
