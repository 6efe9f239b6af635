"""The prepared pages, all in memory, and how they follow the database. A shelf never changes; a newer one takes its place."""

import gzip
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import brotli
from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError
from creatorbot.links.address import public_base
from creatorbot.links.codes import split
from creatorbot.links.pages import parts, release
from creatorbot.links.pages.artist import Catalogue, build_artist, catalogue_of
from creatorbot.links.pages.parts import ArtistFacts, Page
from creatorbot.links.pages.reading import (
    CHUNK,
    Links,
    Places,
    Releases,
    artists_now,
    covers_now,
    links_now,
    places_now,
    releases_now,
    shown_now,
)
from creatorbot.models import Cover, Installation, Release, Source
from creatorbot.runtime import browser_address

_log = logging.getLogger(__name__)
MOST_STYLES = 256
MOST_PREPARED = 1000  # answers, about ten thousand bytes each before they are compressed
_EMPTY = Catalogue()


class Ready(NamedTuple):
    """An answer as it was given. headers: without what is about the body, which a visitor who has the page already is not sent."""

    code: str
    tag: str
    headers: tuple[tuple[str, str], ...]
    about_body: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Shelf:
    """pages: release to page, minus the artist to the artist's page; None where it could not be built. covers: content hash to cover.
    styles: path to style sheet. catalogues: artist to what their pages show. The rest remembers what this was made from."""

    links: Links = field(default_factory=Links)
    pages: Mapping[int, Page | None] = field(default_factory=dict)
    catalogues: Mapping[int, Catalogue] = field(default_factory=dict)
    newest_covers: Mapping[int, Cover | None] = field(default_factory=dict)
    covers: Mapping[str, Cover] = field(default_factory=dict)
    styles: Mapping[str, bytes] = field(default_factory=dict)
    base: str = ""
    needed: frozenset[int] = frozenset()
    artists: Mapping[int, ArtistFacts] = field(default_factory=dict)
    releases: Releases = field(default_factory=Releases)
    cover_mark: tuple[object, ...] = ()
    places: "Places" = field(default_factory=dict)
    place_mark: tuple[object, ...] = ()
    prepared: dict[tuple[str, str], bytes] = field(default_factory=dict, compare=False)
    ready: dict[tuple[str, str], Ready] = field(default_factory=dict, compare=False)

    def page_of(self, address: str) -> Page | None:
        """The page behind a code, or behind a code with the number of another release by the same artist."""
        target = self.links.codes.get(address)
        if target is None:
            return self._other(address)
        return self.pages.get(target)

    def _other(self, address: str) -> Page | None:
        code, number = split(address)
        own = self.pages.get(self.links.codes.get(code, 0))
        if own is None or number is None:
            return None
        other = self.pages.get(number or -own.artist)
        return other if other is not None and other.artist == own.artist else None

    def tag(self, page: Page) -> str:
        """Changes with what this page shows."""
        return page.tag + self.catalogues.get(page.artist, _EMPTY).tag if page.release else page.tag

    def answer(self, address: str, page: Page, encoding: str, *, below: str = "", own: str = "") -> bytes:
        """The bytes of a page, or of what lies below it; kept for the next visitor while there is room.

        encoding: "br", "gzip" or "" for plain. own: the page's own path when it is not /l/<address>.
        """
        key = (own or f"{address}/{below}", encoding)
        body = self.prepared.get(key)
        if body is None:
            body = _packed(self._whole(address, page, below, own), encoding)
            if len(self.prepared) >= MOST_PREPARED:
                self.prepared.clear()
            self.prepared[key] = body
        return body

    def remember(self, key: tuple[str, str], ready: Ready) -> None:
        """Keep an answer by path and Accept-Encoding, for the next one who asks just like this."""
        if len(self.ready) >= MOST_PREPARED:
            self.ready.clear()
        self.ready[key] = ready

    def _whole(self, address: str, page: Page, below: str, own: str) -> bytes:
        if below:
            return page.below[below].body(address)
        more = self.catalogues.get(page.artist, _EMPTY).more(page.release) if page.release else b""
        return page.body(address, own, more)


def _packed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=5))
    return gzip.compress(body, 6, mtime=0) if encoding == "gzip" else body


def refreshed(session: Session, old: Shelf, own_url: str) -> Shelf:
    """The shelf as the database is now; the very same object when nothing has moved. Only what moved is rendered again."""
    base = public_base(session.get(Installation, 1)) or own_url
    artists = artists_now(session)
    releases = releases_now(session, old.releases)
    links = links_now(session, old.links, releases, old.releases)
    covers, cover_mark = covers_now(session, old.covers, old.cover_mark)
    touched = {number for number in artists.keys() | old.artists.keys() if artists.get(number) != old.artists.get(number)}
    unsettled = touched | {(releases if n in releases.known else old.releases).artist_of(n) for n in releases.changed_since(old.releases)}
    shown = shown_now(session, unsettled & artists.keys()) if unsettled else {}
    catalogues = _catalogues(old, artists, unsettled, shown)
    same_links = links is old.links and not unsettled
    needed = old.needed if same_links else _needed(links, releases, catalogues)
    places, place_mark = places_now(session, old.places, old.place_mark, needed)
    fresh = base != old.base
    # What is needed and has no page yet came between two of our questions; this time it is there.
    if same_links and not fresh and covers is old.covers and places is old.places and needed <= old.pages.keys():
        return old
    kept = {
        number: old.pages[number]
        for number in (() if fresh else needed & old.pages.keys())
        if _stays(number, old, releases, touched, catalogues) and (places is old.places or places.get(number) == old.places.get(number))
    }
    missing = needed - kept.keys()
    newest = {**old.newest_covers, **{number: next((cover for _, cover in shown.get(number, ()) if cover), None) for number in unsettled}}
    return Shelf(
        links=links,
        pages=kept
        | _render(session, artists, {number for number in missing if number > 0}, base, places)
        | {number: _artist_page(artists[-number], catalogues, newest, base) for number in missing if -number in artists},
        catalogues=catalogues,
        newest_covers=newest,
        covers=covers,
        styles=_styles(old, artists),
        base=base,
        needed=needed,
        artists=artists,
        releases=releases,
        cover_mark=cover_mark,
        places=places,
        place_mark=place_mark,
    )


def _catalogues(
    old: Shelf, artists: Mapping[int, ArtistFacts], unsettled: set[int], shown: Mapping[int, Sequence[tuple[Release, Cover | None]]]
) -> Mapping[int, Catalogue]:
    if not unsettled:
        return old.catalogues
    found = {number: kept for number, kept in old.catalogues.items() if number in artists and number not in unsettled}
    for number in unsettled & artists.keys():
        made = catalogue_of(artists[number], shown.get(number, ()))
        before = old.catalogues.get(number)
        found[number] = before if before is not None and before.tag == made.tag else made
    return found


def _needed(links: Links, releases: Releases, catalogues: Mapping[int, Catalogue]) -> frozenset[int]:
    """What links open, and what else these artists show."""
    opened = set(links.codes.values())
    owners = {releases.artist_of(target) if target > 0 else -target for target in opened} & catalogues.keys()
    shown = {number for owner in owners for number, _ in catalogues[owner].entries}
    return frozenset(opened | shown | {-owner for owner in owners})


def _stays(number: int, old: Shelf, releases: Releases, touched: set[int], catalogues: Mapping[int, Catalogue]) -> bool:
    if number < 0:
        return -number not in touched and catalogues.get(-number) is old.catalogues.get(-number)
    return releases.same(old.releases, number) and releases.artist_of(number) not in touched


def _styles(old: Shelf, artists: Mapping[int, ArtistFacts]) -> Mapping[str, bytes]:
    """Old style sheets stay a while: a page that is being shown may still ask for one."""
    made = {parts.style_path(accent): parts.style(accent) for accent in {artist.accent for artist in artists.values()}}
    return {**(old.styles if len(old.styles) < MOST_STYLES else {}), **made}


def _render(
    session: Session, artists: Mapping[int, ArtistFacts], wanted: Iterable[int], base: str, places: "Places"
) -> dict[int, Page | None]:
    pages: dict[int, Page | None] = {}
    numbers = sorted(wanted)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        asked = (
            select(Release, Cover, Source.kind)
            .join(Cover, col(Cover.id) == Release.cover_id, isouter=True)
            .join(Source, col(Source.id) == Release.source_id, isouter=True)
            .where(col(Release.id).in_(part))
        )
        for row, cover, kind in session.exec(asked).all():
            artist = artists.get(row.artist_id)
            if artist is not None:  # else it came between two of our questions; the next round has it
                own = [(row.url, kind or "")] if row.url else []
                shops = own + [place for place in places.get(row.id or 0, ()) if place[0] != row.url]
                pages[row.id or 0] = _page(session, artist, row, cover, base, shops)
    return pages


def _page(
    session: Session, artist: ArtistFacts, row: Release, cover: Cover | None, base: str, shops: Sequence[tuple[str, str]]
) -> Page | None:
    try:
        reached = [(browser_address(session, artist.id, url), kind) for url, kind in shops]
        player, sound = (browser_address(session, artist.id, url) for url in (row.player_url, row.audio_url))
        return release.build(artist, row, cover, base=base, shops=reached, player=player, sound=sound)
    except (CreatorbotError, ValueError):
        # One release with impossible figures must not take the others' pages down.
        _log.exception("the page of release %s could not be built", row.id)
        return None


def _artist_page(artist: ArtistFacts, catalogues: Mapping[int, Catalogue], newest: Mapping[int, Cover | None], base: str) -> Page:
    return build_artist(artist, catalogues.get(artist.id, _EMPTY), newest.get(artist.id), base=base)
