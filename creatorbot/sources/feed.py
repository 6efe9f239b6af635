"""RSS 2.0, RSS 1.0 (RDF) and Atom feeds of any software; the kinds of software that differ build on this."""

import re
from datetime import date
from hashlib import blake2b
from urllib.parse import urlsplit

from creatorbot.errors import InvalidInput
from creatorbot.sources import licences
from creatorbot.sources.base import Fetched, FoundRelease, Kind, Note, Reading
from creatorbot.sources.feed_document import MOST_ENTRIES, take_apart
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.feed_root import is_page
from creatorbot.sources.head import head_of
from creatorbot.sources.plain import line, line_of_markup, prose, unique, web_address
from creatorbot.sources.players import sound_among
from creatorbot.sources.push_links import hub_and_topic
from creatorbot.wording import N_

_A_PAGE = N_("This is a web page, not a feed: paste the address of the feed itself.")
_NO_FEED = N_("This cannot be read as a feed (RSS or Atom).")
_DAMAGED = Note(N_("This feed is damaged or was cut off on its way. What could be read is listed; nothing that is missing was taken away."))
_EMPTY = Note(N_("This feed has no entries yet. As soon as there is one, it appears here."))
_LONG = Note(N_("This feed is very long: we read its newest %(count)d entries. Older ones are not listed here."), {"count": MOST_ENTRIES})
_WITHOUT_NAME = "Untitled"
_NAME_LENGTH = 80
_SOFTWARE = re.compile(r"(?:https?://(?:www\.)?)?([a-z][a-z0-9_-]{1,40})")


class Feed:
    """A feed. Prices are never in it; what else is missing stays unknown."""

    name = "feed"
    label = N_("Feed")

    def recognise(self, page: Fetched) -> float:
        """How sure we are that this is a feed, of whatever kind."""
        return 0.3 if head_of(page).form == "feed" else 0.0

    def read(self, page: Fetched) -> Reading:
        """The entries of the feed. Raises InvalidInput when there is none in it."""
        feed = take_apart(page)
        if feed is None:
            raise InvalidInput(_A_PAGE if is_page(page.body) else _NO_FEED, field="address")
        base = page.address or web_address(feed.linked("self")) or ""
        kept = [entry for entry in feed.entries if self.keeps(entry, feed)]
        releases = self.gathered([(entry, self.release(entry, feed, base)) for entry in kept], feed, base)
        hub, topic = hub_and_topic(page, feed)
        return Reading(
            self.name,
            releases,
            notes=(_DAMAGED,) if feed.damaged else (_LONG,) if feed.shortened else () if releases else (_EMPTY,),
            state="ok" if releases else "empty",
            title=self.called(feed),
            software=self.software(feed),
            hub=hub,
            topic=topic,
            pace_s=feed.pace_s,
            followed_by=_moved_to(feed, page.address),
        )

    def release(self, entry: Entry, feed: FeedDocument, base: str) -> FoundRelease:
        """The release that one entry is."""
        link = f"https://{entry.link}" if entry.link[:4].lower() == "www." else entry.link  # typed by hand, as people say it
        text, url = prose(entry.text), web_address(link, base)
        told = line_of_markup(entry.title)
        title, artist = self.named(told, entry, feed)
        kind = self.kind(entry, feed)
        return FoundRelease(
            title=title or name_from(text) or _WITHOUT_NAME,
            url=url,
            guid=self.guid(entry, url) or _digest(told, text),
            artist=artist or None,
            kind=kind,
            released_on=self.day(entry, feed),
            licence=self.licence(entry, feed),
            cover_url=_cover(entry, feed, kind, base),
            tags=unique([line_of_markup(tag, 60).lstrip("#") for tag in entry.tags]),
            description=text,
            upc=entry.upc or None,
            isrc=entry.isrc or None,
            availability="coming" if "pending" in entry.marks else "out",
            explicit=feed.explicit or bool(entry.marks & {"explicit", "adult"}),
            player_url=self.player(url, feed),
            audio_url=sound_among(entry.enclosures, base) if entry.enclosures and "pending" not in entry.marks else "",
        )

    def keeps(self, entry: Entry, feed: FeedDocument) -> bool:
        """Whether this entry is something of the feed's owner, not an answer to others."""
        return True

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """What this entry is, told by real marks only; "unknown" without one."""
        if entry.marks & {"live", "pending"}:
            return "stream"
        if "yt_videoid" in entry.marks:
            return "video"
        if entry.marks & {"itunes_episode", "itunes_episodetype"} or "audio" in entry.media:
            return "episode"
        return "video" if "video" in entry.media else "unknown"

    def player(self, url: str | None, feed: FeedDocument) -> str:
        """The address that plays the entry at this link inside another page; "" where this software has none that is known."""
        return ""

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """Title and artist of this entry; "" for what is not told."""
        return title, line_of_markup(entry.artist) or line_of_markup(feed.artist)

    def guid(self, entry: Entry, url: str | None) -> str:
        """The feed's own id, else the link, else nothing."""
        return line(entry.id, 2_000) or url or ""

    def day(self, entry: Entry, feed: FeedDocument) -> date | None:
        """The UTC day of publication."""
        # RSS has no `updated` of its own: there it comes from dc:date, which is the day of publication. Elsewhere it is the last edit.
        at = entry.published or (entry.updated if feed.version.startswith("rss") else None)
        return at.date() if at else None

    def licence(self, entry: Entry, feed: FeedDocument) -> str | None:
        """The licence of this entry: its own, one its text links to, or that of the whole feed."""
        in_text = (entry.text,) if licences.from_address(entry.text) else ()
        return licences.nearest(entry.licences, in_text, feed.licences)

    def gathered(self, found: list[tuple[Entry, FoundRelease]], feed: FeedDocument, base: str) -> tuple[FoundRelease, ...]:
        """The releases of the feed: one for each entry, where the software does not take them apart."""
        return tuple(release for _, release in found)

    def called(self, feed: FeedDocument) -> str:
        """What the feed calls itself."""
        return line_of_markup(feed.title)

    def software(self, feed: FeedDocument) -> str:
        """The program that wrote this feed, as it says itself; "" when it does not."""
        found = _SOFTWARE.match(feed.generator.strip().lower())
        return found.group(1) if found else ""


def name_from(text: str) -> str:
    """A name for an entry without title: its first line, cut between words."""
    first = next((part for part in text.splitlines() if part.strip()), "").strip()
    if len(first) <= _NAME_LENGTH:
        return first
    cut = first[:_NAME_LENGTH].rsplit(" ", 1)[0]
    return cut.rstrip(" .,;:–-") + "…"


def path_of(address: str) -> str:
    """The path of an address, "" where it is none."""
    try:
        parts = urlsplit(address)
        return parts.path if parts.hostname else ""
    except ValueError:
        return ""


def host_of(address: str) -> str:
    """The host of an address in lower case, "" where it is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _digest(title: str, text: str) -> str:
    return "text-" + blake2b(f"{title}\n{text}".encode(), digest_size=12).hexdigest()


def _cover(entry: Entry, feed: FeedDocument, kind: Kind, base: str) -> str | None:
    pictures = (*entry.pictures, feed.image if kind in ("track", "episode") else "")
    return next((found for picture in pictures if picture and (found := web_address(picture, base))), None)


def _moved_to(feed: FeedDocument, address: str) -> str:
    """Where the feed says it lives now; "" when it is here."""
    told = web_address(feed.moved_to)
    return told if told and _place(told) != _place(address) else ""


def _place(address: str) -> str:
    return address.partition("://")[2].rstrip("/")
