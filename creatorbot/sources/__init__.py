"""Where releases are discovered: one file a kind of page, each turning bytes into plain data. Nothing here fetches or stores."""

from creatorbot.errors import InvalidInput
from creatorbot.sources.bandcamp import Bandcamp
from creatorbot.sources.bandwagon import Bandwagon
from creatorbot.sources.base import Fetched, Reading, Source
from creatorbot.sources.bridge import Bridge
from creatorbot.sources.castopod import Castopod
from creatorbot.sources.faircamp import Faircamp
from creatorbot.sources.feed import Feed
from creatorbot.sources.funkwhale import Funkwhale
from creatorbot.sources.jsonfeed import JsonFeed
from creatorbot.sources.mastodon import Mastodon
from creatorbot.sources.mirlo import Mirlo
from creatorbot.sources.owncast import Owncast
from creatorbot.sources.peertube import PeerTube
from creatorbot.sources.pixelfed import Pixelfed
from creatorbot.sources.podcast import Podcast

REGISTRY: dict[str, Source] = {
    "bandcamp": Bandcamp(),
    "bandwagon": Bandwagon(),
    "bridge": Bridge(),
    "castopod": Castopod(),
    "faircamp": Faircamp(),
    "feed": Feed(),
    "funkwhale": Funkwhale(),
    "jsonfeed": JsonFeed(),
    "mastodon": Mastodon(),
    "mirlo": Mirlo(),
    "owncast": Owncast(),
    "peertube": PeerTube(),
    "pixelfed": Pixelfed(),
    "podcast": Podcast(),
}


def read_page(page: Fetched) -> Reading:
    """What this page says, read by the source that knows it best. Raises InvalidInput with a sentence when none can."""
    if not page.body.strip():
        raise InvalidInput("The page is empty: there is nothing to read in it.", field="address")
    score, name = max((source.recognise(page), name) for name, source in REGISTRY.items())
    if score <= 0:
        raise InvalidInput(
            "This page is neither a feed nor a Bandcamp page: paste the address of a feed (RSS or Atom) or of a Bandcamp page.",
            field="address",
        )
    return REGISTRY[name].read(page)
