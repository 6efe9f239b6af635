"""What a feed says, whatever its format: plain data between the formats (RSS, Atom, RDF, JSON) and the kinds of software."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    """A file beside an entry. medium: "audio", "video", "image" or "" when nothing says so. mime: its type as it is told, or ""."""

    url: str
    medium: str
    mime: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry. Texts may carry markup. updated: also dc:date. place: volume and number within its album or season, zeros when not told.

    marks: what kind of entry it says it is: "itunes_episode", "yt_videoid", "answer", "boost", "adult", "explicit",
    "live", "pending".
    """

    id: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    artist: str = ""
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    enclosures: tuple[Attachment, ...] = ()
    pictures: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    place: tuple[int, int] = (0, 0)
    upc: str = ""
    isrc: str = ""

    @property
    def media(self) -> set[str]:
        """The media of its files."""
        return {file.medium for file in self.enclosures}


@dataclass(frozen=True)
class FeedDocument:
    """A feed. version: "rss20", "rss10", "atom10", "json1" … damaged: not well-formed, so entries may be missing.
    shortened: it lists more than we read.

    about: its description, with markup. medium: what podcast:medium says. number: podcast:guid.
    explicit: all of it is marked so. moved_to: itunes:new-feed-url. pace_s: how long it asks to be left alone.
    """

    version: str
    title: str = ""
    generator: str = ""
    id: str = ""
    link: str = ""
    artist: str = ""
    image: str = ""
    about: str = ""
    medium: str = ""
    number: str = ""
    moved_to: str = ""
    pace_s: int = 0
    links: tuple[tuple[str, str, str], ...] = ()  # rel, type, address
    licences: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    explicit: bool = False
    damaged: bool = False
    shortened: bool = False
    has_category: bool = False

    def linked(self, rel: str) -> str:
        """The first address with this relation, or ""."""
        return next((address for told, _, address in self.links if told == rel and address), "")
