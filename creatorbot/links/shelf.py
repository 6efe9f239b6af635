"""The prepared pages, all in memory, and how they follow the database. A shelf never changes; a newer one takes its place."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError
from creatorbot.links import page
from creatorbot.links.address import public_base
from creatorbot.links.page import ArtistFacts, Page
from creatorbot.models import Account, Admission, Artist, Cover, Installation, Link, PaymentService, Release, ReleasePlace, Source
from creatorbot.runtime import browser_address

_log = logging.getLogger(__name__)
# A row may become visible a while after its own time: it was stamped before its transaction waited for another.
_LATE = timedelta(seconds=60)
_LATE_LINKS = 1000  # numbers are given out before they can be seen
_CHUNK = 500
MOST_STYLES = 256
MOST_COMPRESSED = 2000


Places = Mapping[int, tuple[tuple[str, str], ...]]  # a release's number to where it can be had: address and the source's kind


@dataclass(frozen=True)
class Releases:
    """The versions of all releases: number to (artist, changed_at, cover)."""

    known: Mapping[int, tuple[int, datetime, int | None]] = field(default_factory=dict)
    newest: datetime | None = None
    mark: tuple[object, ...] = ()

    def same(self, other: "Releases", number: int) -> bool:
        """Whether this release is as it was there."""
        return self is other or self.known.get(number) == other.known.get(number)

    def artist_of(self, number: int) -> int:
        """Whose it is; 0 when it is gone."""
        return self.known[number][0] if number in self.known else 0


@dataclass(frozen=True)
class Shelf:
    """links: code to release, or to minus the artist whose page it opens.

    pages: release to page, None where it could not be built. covers: content hash to cover. styles: path
    to style sheet. The rest remembers what this was made from."""

    links: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[int, Page | None] = field(default_factory=dict)
    covers: Mapping[str, Cover] = field(default_factory=dict)
    styles: Mapping[str, bytes] = field(default_factory=dict)
    base: str = ""
    needed: frozenset[int] = frozenset()
    artists: Mapping[int, ArtistFacts] = field(default_factory=dict)
    releases: Releases = Releases()
    link_mark: tuple[int, int] = (0, 0)
    cover_mark: tuple[object, ...] = ()
    places: "Places" = field(default_factory=dict)
    place_mark: tuple[object, ...] = ()
    packed: dict[str, bytes] = field(default_factory=dict, compare=False)

    def page_of(self, code: str) -> Page | None:
        """The page behind this code."""
        return self.pages.get(self.links.get(code, 0))

    def compressed(self, code: str, found: Page) -> bytes:
        """The page for this code, gzip; kept for the next visitor while there is room."""
        body = self.packed.get(code)
        if body is None:
            body = found.compressed(code)
            if len(self.packed) >= MOST_COMPRESSED:
                self.packed.clear()
            self.packed[code] = body
        return body


def refreshed(session: Session, old: Shelf, own_url: str) -> Shelf:
    """The shelf as the database is now; the very same object when nothing has moved. Only what moved is rendered again."""
    base = public_base(session.get(Installation, 1)) or own_url
    artists = _artists(session)
    releases = _releases(session, old.releases)
    links, link_mark = _links(session, old, releases)
    covers, cover_mark = _covers(session, old)
    places, place_mark = _places(session, old, link_mark)
    calm = releases is old.releases and artists == old.artists and base == old.base
    needed = old.needed if links is old.links else frozenset(links.values())
    moved = {number for number in artists.keys() | old.artists.keys() if artists.get(number) != old.artists.get(number)}
    kept = {
        number: old.pages[number]
        for number in needed & old.pages.keys()
        if (calm or (base == old.base and releases.same(old.releases, number) and releases.artist_of(number) not in moved))
        and (places is old.places or places.get(number) == old.places.get(number))
    }
    missing = needed - kept.keys()
    if calm and not missing and links is old.links and covers is old.covers and places is old.places:
        return old
    return Shelf(
        links=links,
        pages=kept | _render(session, artists, missing, base, places),
        places=places,
        place_mark=place_mark,
        covers=covers,
        styles=_styles(old, artists),
        base=base,
        needed=needed,
        artists=artists,
        releases=releases,
        link_mark=link_mark,
        cover_mark=cover_mark,
    )


def _styles(old: Shelf, artists: Mapping[int, ArtistFacts]) -> Mapping[str, bytes]:
    """Old style sheets stay a while: a page that is being shown may still ask for one."""
    made = {page.style_path(accent): page.style(accent) for accent in {artist.accent for artist in artists.values()}}
    return {**(old.styles if len(old.styles) < MOST_STYLES else {}), **made}


def _artists(session: Session) -> dict[int, ArtistFacts]:
    asked = select(PaymentService.artist_id).where(PaymentService.state != "disconnected")
    tipped = set(session.exec(asked))
    bylines: dict[int, str] = {}
    for artist_id, handle in session.exec(
        select(Account.artist_id, Account.handle).where(Account.state != "removed").order_by(col(Account.id).desc())
    ):
        bylines[artist_id] = "@" + handle.lstrip("@")  # the oldest account wins
    places: dict[int, list[tuple[str, int, str]]] = {}
    for place in session.exec(select(Admission).order_by(col(Admission.id))):
        places.setdefault(place.artist_id, []).append((place.host, place.port, place.browser_path))
    found: dict[int, ArtistFacts] = {}
    for artist in session.exec(select(Artist)):
        number = artist.id or 0
        found[number] = ArtistFacts(
            number,
            artist.name,
            artist.language,
            artist.currency,
            artist.accent,
            artist.suggested_minor,
            artist.minimum_minor,
            bylines.get(number, ""),
            number in tipped,
            tuple(places.get(number, ())),
        )
    return found


def _links(session: Session, old: Shelf, releases: Releases) -> tuple[Mapping[str, int], tuple[int, int]]:
    count, newest = session.exec(select(func.count(col(Link.id)), func.max(Link.id))).one()
    mark = (count, newest or 0)
    moved = _moved(session, old, releases)
    if mark == old.link_mark and not moved:
        return old.links, mark
    asked = select(Link.code, func.coalesce(Link.release_id, -col(Link.artist_id)))
    fresh = session.exec(asked.where(col(Link.id) > old.link_mark[1] - _LATE_LINKS)).all() if mark != old.link_mark else ()
    links = {**old.links, **moved, **dict(fresh)}
    # Not as many as there are: some were removed, or came very late. Then all are read again.
    return (links if len(links) == count else dict(session.exec(asked).all())), mark


def _moved(session: Session, old: Shelf, releases: Releases) -> dict[str, int]:
    """Links that lead to another release now: two that were joined, or taken apart, which changes both of them."""
    if releases is old.releases or not old.links:
        return {}
    changed = [number for number in releases.known if not releases.same(old.releases, number)]
    links: dict[str, int] = {}
    for start in range(0, len(changed), _CHUNK):
        asked = select(Link.code, Link.release_id).where(col(Link.release_id).in_(changed[start : start + _CHUNK]))
        links |= {
            code: release_id for code, release_id in session.exec(asked) if release_id and old.links.get(code) not in (None, release_id)
        }
    return links


def _releases(session: Session, old: Releases) -> Releases:
    asked = select(Release.id, Release.artist_id, Release.changed_at, Release.cover_id)
    mark = tuple(session.exec(select(func.count(col(Release.id)), func.max(Release.changed_at), func.sum(Release.cover_id))).one())
    if old.newest is not None and mark == old.mark:
        late = session.exec(asked.where(col(Release.changed_at) >= old.newest - _LATE))
        if all(old.known.get(number or 0) == tuple(version) for number, *version in late):
            return old
    rows = session.exec(asked).all()
    return Releases(
        {number or 0: (artist_id, changed, cover_id) for number, artist_id, changed, cover_id in rows},
        max((changed for _, _, changed, _ in rows), default=None),
        mark,
    )


def _places(session: Session, old: Shelf, link_mark: tuple[int, int]) -> tuple[Places, tuple[object, ...]]:
    """Where the releases that have a link can be had now. Whatever is noted of a place also says when that was."""
    asked = select(
        func.count(col(ReleasePlace.id)), func.max(ReleasePlace.id), func.max(ReleasePlace.seen_at), func.sum(ReleasePlace.release_id)
    )
    mark = (*session.exec(asked).one(), *link_mark)
    if mark == old.place_mark:
        return old.places, mark
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    rows = select(ReleasePlace.release_id, ReleasePlace.url, ReleasePlace.kind).where(ReleasePlace.availability != "withdrawn")
    linked = col(ReleasePlace.release_id).in_(select(Link.release_id))  # most of what sources list never gets one
    for release_id, url, kind in session.exec(rows.where(linked).order_by(col(ReleasePlace.id))):
        found[release_id] = (*found.get(release_id, ()), (url, kind))
    return (old.places if found == old.places else found), mark


def _covers(session: Session, old: Shelf) -> tuple[Mapping[str, Cover], tuple[object, ...]]:
    mark = tuple(session.exec(select(func.count(col(Cover.id)), func.max(Cover.id))).one())
    if mark == old.cover_mark:
        return old.covers, mark
    return {cover.content_hash: cover for cover in session.exec(select(Cover))}, mark


def _render(
    session: Session, artists: Mapping[int, ArtistFacts], wanted: Iterable[int], base: str, places: "Places"
) -> dict[int, Page | None]:
    pages: dict[int, Page | None] = {}
    numbers = sorted(wanted)
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        asked = (
            select(Release, Cover, Source.kind)
            .join(Cover, col(Cover.id) == Release.cover_id, isouter=True)
            .join(Source, col(Source.id) == Release.source_id, isouter=True)
            .where(col(Release.id).in_(part))
        )
        for release, cover, kind in session.exec(asked).all():
            artist = artists.get(release.artist_id)
            if artist is not None:  # else it came between two of our questions; the next round has it
                own = [(release.url, kind or "")] if release.url else []
                shops = own + [place for place in places.get(release.id or 0, ()) if place[0] != release.url]
                pages[release.id or 0] = _page(session, artist, release, cover, base, shops)
    return pages


def _page(
    session: Session, artist: ArtistFacts, release: Release, cover: Cover | None, base: str, shops: Sequence[tuple[str, str]]
) -> Page | None:
    try:
        reached = [(browser_address(session, artist.id, url), kind) for url, kind in shops]
        return page.build(artist, release, cover, base=base, shops=reached)
    except (CreatorbotError, ValueError):
        # One release with impossible figures must not take the others' pages down.
        _log.exception("the page of release %s could not be built", release.id)
        return None
