"""JSON Feeds of any software: https://www.jsonfeed.org/version/1.1/."""

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.wording import N_


class JsonFeed(Feed):
    """A feed written as JSON."""

    name = "jsonfeed"
    label = N_("Feed (newer format)")

    def recognise(self, page: Fetched) -> float:
        """How sure we are that this is a JSON Feed. Its version may stand at its end."""
        head = head_of(page)
        return 0.3 if head.form == "jsonfeed" or (head.form == "json" and b"jsonfeed.org" in page.body) else 0.0

    def software(self, feed: FeedDocument) -> str:
        """Unknown: the format has no place for it."""
        return ""
