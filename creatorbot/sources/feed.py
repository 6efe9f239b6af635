"""RSS 2.0, RSS 1.0 (RDF) and Atom feeds of any software."""

from datetime import date
from hashlib import blake2b

from creatorbot.errors import InvalidInput
from creatorbot.sources import licences
from creatorbot.sources.base import Fetched, FoundRelease, Note, Reading
from creatorbot.sources.feed_document import Entry, FeedDocument, take_apart
from creatorbot.sources.feed_kind import kind_of, software_of
from creatorbot.sources.feed_root import is_feed, is_page
from creatorbot.sources.plain import line, line_of_markup, prose, unique, web_address
from creatorbot.wording import N_

_A_PAGE = N_("This is a web page, not a feed: paste the address of the feed itself.")
_NO_FEED = N_("This cannot be read as a feed (RSS or Atom).")
_DAMAGED = Note(N_("This feed is damaged or was cut off on its way. What could be read is listed; nothing that is missing was taken away."))
_EMPTY = Note(N_("This feed has no entries yet. As soon as there is one, it appears here."))
_WITHOUT_NAME = "Untitled"
_NAME_LENGTH = 80
# Software whose `updated` is the day of publication. Elsewhere it is the last edit, in Faircamp the last build.
_UPDATED_IS_PUBLISHED = ("peertube", "pixelfed")


class Feed:
    """A feed. Prices are never in it; what else is missing stays unknown."""

    name = "feed"
    label = "Feed"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that this is a feed."""
        return 1.0 if is_feed(page.body) else 0.0

    def read(self, page: Fetched) -> Reading:
        """The entries of the feed. Raises InvalidInput when there is none in it."""
        feed = take_apart(page)
        if feed is None:
            raise InvalidInput(_A_PAGE if is_page(page.body) else _NO_FEED, field="address")
        software = software_of(feed)
        releases = tuple(_release(entry, feed, software, page.address) for entry in feed.entries)
        notes = (_DAMAGED,) if feed.damaged else () if releases else (_EMPTY,)
        return Reading(self.name, releases, notes=notes, state="ok" if releases else "empty", title=line_of_markup(feed.title))


def _release(entry: Entry, feed: FeedDocument, software: str, base: str) -> FoundRelease:
    text, url = prose(entry.text), web_address(entry.link, base)
    kind = kind_of(entry, feed, software)
    title = line_of_markup(entry.title)
    artist = line_of_markup(entry.artist) or _artist_by_software(title, feed, software)
    pictures = [web_address(picture, base) for picture in (*entry.pictures, feed.image if kind in ("track", "episode") else "") if picture]
    return FoundRelease(
        title=title or _name_from(text) or _WITHOUT_NAME,
        url=url,
        guid=_guid(entry, url, title, text),
        artist=artist or None,
        kind=kind,
        released_on=_released_on(entry, feed, software),
        licence=_licence(entry, feed, software, text),
        cover_url=next(filter(None, pictures), None),
        tags=unique([line_of_markup(tag, 60).lstrip("#") for tag in entry.tags]),
        description=text,
    )


def _guid(entry: Entry, url: str | None, title: str, text: str) -> str:
    """The feed's own id, else the link, else a digest of what the entry says."""
    told = line(entry.id, 2_000) or url
    return told or "text-" + blake2b(f"{title}\n{text}".encode(), digest_size=12).hexdigest()


def _name_from(text: str) -> str:
    """A name for an entry without title: its first line, cut between words."""
    first = next((part for part in text.splitlines() if part.strip()), "").strip()
    if len(first) <= _NAME_LENGTH:
        return first
    cut = first[:_NAME_LENGTH].rsplit(" ", 1)[0]
    return cut.rstrip(" .,;:–-") + "…"


def _artist_by_software(title: str, feed: FeedDocument, software: str) -> str:
    if software == "mirlo" and " by " in title:
        name = title.rsplit(" by ", 1)[1]
        return "" if name == "undefined" else name
    return line_of_markup(feed.title if software == "mastodon" else feed.artist)


def _released_on(entry: Entry, feed: FeedDocument, software: str) -> date | None:
    # RSS has no `updated` of its own: there it comes from dc:date, which is the day of publication.
    second = entry.updated if software in _UPDATED_IS_PUBLISHED or feed.version.startswith("rss") else None
    return entry.published or second


def _licence(entry: Entry, feed: FeedDocument, software: str, text: str) -> str | None:
    told = [*entry.licences, text if licences.from_address(text) else "", *feed.licences]
    found = next(filter(None, map(licences.from_text, told)), None)
    # Funkwhale writes "All rights reserved" into every feed whose artist said nothing, and licences of tracks into none.
    return None if software == "funkwhale" and found == licences.ALL_RIGHTS_RESERVED else found
