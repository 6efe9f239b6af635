"""The Source port: bytes of a page in, releases out. An adapter never fetches and never stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, runtime_checkable

from creatorbot.amounts import Money

Kind = Literal["album", "track", "video", "episode", "stream", "post", "unknown"]
PriceModel = Literal["pay_what_you_want", "minimum", "fixed", "free", "not_sold", "unknown"]
Availability = Literal["coming", "preorder", "out", "withdrawn"]
ReadingState = Literal["ok", "empty", "robot_check"]


@dataclass(frozen=True)
class Fetched:
    """One answer. address: the final one, after redirects. headers: lower-case names. body: decoded from gzip."""

    address: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Price:
    """What it costs. amount: the fixed price or the floor (None for pay what you want); suggested: the artist's own anchor."""

    model: PriceModel = "unknown"
    amount: Money | None = None
    suggested: Money | None = None
    currency: str | None = None


@dataclass(frozen=True)
class FoundRelease:
    """One release as a page or feed tells it. Text is plain, never HTML. released_on: UTC date.

    guid: "album-<id>" / "track-<id>" on Bandcamp, else the feed's own id, else the link.
    licence: SPDX id with port ("CC-BY-SA-4.0", "CC-BY-NC-3.0-DE"), "all-rights-reserved", or None when unknown.
    part_of: address of the album a track belongs to. upc, isrc: as told, letters and digits only.
    parts: guids of the entries that were joined into this release (the tracks of one day), its own among them; empty for a plain one.
    explicit: marked as such by its source; False also where it does not say.
    availability: "out" unless the page says otherwise; that a date lies in the future is for releases/decide to judge.
    player_url: an address made to be shown inside another page, that plays it. audio_url: a file of sound that browsers play; of several
    tracks the first. Both as sources/players allows them: https and fit for a content security policy, or "" where the source tells none.
    """

    title: str
    url: str | None
    guid: str
    artist: str | None = None
    kind: Kind = "unknown"
    part_of: str | None = None
    released_on: date | None = None
    price: Price = Price()
    licence: str | None = None
    cover_url: str | None = None
    tags: tuple[str, ...] = ()
    description: str = ""
    tracks: int | None = None
    upc: str | None = None
    isrc: str | None = None
    availability: Availability = "out"
    parts: tuple[str, ...] = ()
    explicit: bool = False
    player_url: str = ""
    audio_url: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence for the artist: a gettext id with %(name)s places, and the values."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % dict(self.values) if self.values else self.message


@dataclass(frozen=True)
class Reading:
    """All that one answer says. follow: addresses the caller should fetch and read next, for details a grid lacks.

    state "robot_check": the page is a challenge; what is known stays. "empty": a page of the right kind with nothing on it.
    title: what the source calls itself. software: the program that wrote the page, lower case, or "".
    hub, topic: where and under which name this page offers to push its news (WebSub), or "". pace_s: how long the page itself asks
    to be left alone between two looks (`ttl`, `sy:updatePeriod`), 0 when it does not say. followed_by: another address that says the same
    better and should be watched instead ("itunes:new-feed-url"), or "". gathered: put together from several pages, so that the first
    page being unchanged says nothing.
    """

    source: str
    releases: tuple[FoundRelease, ...] = ()
    follow: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    state: ReadingState = "ok"
    title: str = ""
    software: str = ""
    hub: str = ""
    topic: str = ""
    pace_s: int = 0
    followed_by: str = ""
    gathered: bool = False


class Source(Protocol):
    """One kind of place where releases are found. Its methods are pure: no network, no clock, no storage."""

    name: str  # the registry's key and inspect's "source"
    label: str  # as users name it: "Bandcamp", "Feed"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that this page is ours to read: 0 no, 1 certain. Never raises."""

    def read(self, page: Fetched) -> Reading:
        """The releases on this page. Raises InvalidInput with a sentence when it cannot be read at all."""


@runtime_checkable
class PushedSource(Protocol):
    """A source whose place tells us by itself, in a form of its own (an Owncast server's note). What hubs send is an ordinary page."""

    def pushed(self, headers: Mapping[str, str], body: bytes) -> Reading | None:
        """What this note says; None for a note that is not about a release. Raises InvalidInput when it cannot be read."""
