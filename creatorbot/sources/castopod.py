"""Castopod: podcasts on the fediverse."""

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.head import head_of
from creatorbot.sources.podcast import Podcast


class Castopod(Podcast):
    """A show on a Castopod server."""

    name = "castopod"
    label = "Castopod"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that Castopod wrote this feed."""
        return 0.9 if head_of(page).generator.startswith("castopod") else 0.0

    def software(self, feed: FeedDocument) -> str:
        """Always the same."""
        return self.name
