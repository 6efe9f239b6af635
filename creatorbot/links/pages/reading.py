"""What the prepared pages are made from, read from the database so that a second without changes costs next to nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from creatorbot.links.pages.artist import MOST_RELEASES
from creatorbot.links.pages.parts import ArtistFacts
from creatorbot.models import Account, Admission, Artist, Cover, Link, PaymentService, Release, ReleasePlace

# A row may become visible a while after its own time: it was stamped before its transaction waited for another.
_LATE = timedelta(seconds=60)
_LATE_LINKS = 1000  # numbers are given out before they can be seen
CHUNK = 500

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

    def changed_since(self, other: "Releases") -> list[int]:
        """Those that are not as they were there, the ones that are gone included."""
        if self is other:
            return []
        return [number for number in self.known.keys() | other.known.keys() if not self.same(other, number)]


@dataclass(frozen=True)
class Links:
    """codes: code to release, or to minus the artist whose page it opens. named: an artist's short name to the code of their page."""

    codes: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    newest: int = 0
    mark: tuple[object, ...] = ()


def artists_now(session: Session) -> dict[int, ArtistFacts]:
    """All artists by number."""
    tipped = set(session.exec(select(PaymentService.artist_id).where(PaymentService.state != "disconnected")))
    follows: dict[int, list[tuple[str, str]]] = {}
    asked = select(Account.artist_id, Account.handle, Account.url).where(Account.state != "removed").order_by(col(Account.id))
    for artist_id, handle, url in session.exec(asked):
        follows.setdefault(artist_id, []).append(("@" + handle.lstrip("@"), url))
    places: dict[int, list[tuple[str, int, str]]] = {}
    for place in session.exec(select(Admission).order_by(col(Admission.id))):
        places.setdefault(place.artist_id, []).append((place.host, place.port, place.browser_path))
    found: dict[int, ArtistFacts] = {}
    for artist in session.exec(select(Artist)):
        number = artist.id or 0
        known = follows.get(number, [])
        found[number] = ArtistFacts(
            number,
            artist.name,
            artist.language,
            artist.currency,
            artist.accent,
            artist.suggested_minor,
            artist.minimum_minor,
            byline=known[0][0] if known else "",  # of the oldest account
            takes_tips=number in tipped,
            places=tuple(places.get(number, ())),
            slug=artist.slug,
            follows=tuple((handle, url) for handle, url in known if url.startswith("https://")),
        )
    return found


def links_now(session: Session, old: Links, releases: Releases, before: Releases) -> Links:
    """All links; `old` itself when nothing moved. before: the releases that went with it."""
    asked = select(func.count(col(Link.id)), func.max(Link.id), func.count(col(Link.release_id)), func.sum(Link.release_id))
    mark = tuple(session.exec(asked).one())
    moved = _moved(session, old, releases, before)
    if mark == old.mark and not moved:
        return old
    everything = select(Link.code, func.coalesce(Link.release_id, -col(Link.artist_id)))
    fresh = session.exec(everything.where(col(Link.id) > old.newest - _LATE_LINKS)).all() if mark != old.mark else ()
    codes = {**old.codes, **moved, **dict(fresh)}
    leading = [target for target in codes.values() if target > 0]
    # Not what the database says: some were removed, lead elsewhere now, or came very late. Then all are read again.
    if (len(codes), len(leading), sum(leading)) != (mark[0], mark[2], int(mark[3] or 0)):
        codes = dict(session.exec(everything).all())
    pages = select(Artist.slug, Link.code).join(Link, col(Link.artist_id) == col(Artist.id)).where(Link.kind == "page")
    return Links(codes, dict(session.exec(pages).all()), mark[1] or 0, mark)


def _moved(session: Session, old: Links, releases: Releases, before: Releases) -> dict[str, int]:
    """Links that lead to another release now: two that were joined, or taken apart, which changes both of them."""
    changed = [number for number in releases.changed_since(before) if number in releases.known] if old.codes else []
    links: dict[str, int] = {}
    for start in range(0, len(changed), CHUNK):
        asked = select(Link.code, Link.release_id).where(col(Link.release_id).in_(changed[start : start + CHUNK]))
        links |= {code: target for code, target in session.exec(asked) if target and old.codes.get(code) not in (None, target)}
    return links


def releases_now(session: Session, old: Releases) -> Releases:
    """The versions of all releases; `old` itself when none changed."""
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


def shown_now(session: Session, artist_ids: Iterable[int]) -> dict[int, list[tuple[Release, Cover | None]]]:
    """What these artists' pages show, newest first: what is out or can be ordered, and is public already. What was typed in by hand
    is public once it was announced."""
    newest_first = (col(Release.released_on).desc().nulls_last(), col(Release.first_seen_at).desc(), col(Release.id).desc())
    public = or_(
        col(Release.state) == "announced", and_(col(Release.source_id).is_not(None), col(Release.state).in_(("listed", "new", "waits")))
    )
    kinds = col(Release.kind).in_(("album", "track", "video", "episode", "unknown"))
    out = col(Release.availability).in_(("out", "preorder"))
    place = func.row_number().over(partition_by=col(Release.artist_id), order_by=newest_first).label("place")
    found: dict[int, list[tuple[Release, Cover | None]]] = {}
    wanted = sorted(artist_ids)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        ranked = select(Release.id, place).where(col(Release.artist_id).in_(part), public, kinds, out).subquery()
        asked = (
            select(Release, Cover)
            .join(ranked, ranked.c.id == col(Release.id))
            .join(Cover, col(Cover.id) == Release.cover_id, isouter=True)
            .where(ranked.c.place <= MOST_RELEASES)
            .order_by(col(Release.artist_id), ranked.c.place)
        )
        for release, cover in session.exec(asked):
            found.setdefault(release.artist_id, []).append((release, cover))
    return found


def places_now(session: Session, old: Places, old_mark: tuple[object, ...], needed: frozenset[int]) -> tuple[Places, tuple[object, ...]]:
    """Where the releases that are shown can be had now. Whatever is noted of a place also says when that was."""
    asked = select(
        func.count(col(ReleasePlace.id)), func.max(ReleasePlace.id), func.max(ReleasePlace.seen_at), func.sum(ReleasePlace.release_id)
    )
    mark = (*session.exec(asked).one(), needed)
    if mark == old_mark:
        return old, mark
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    rows = select(ReleasePlace.release_id, ReleasePlace.url, ReleasePlace.kind).where(ReleasePlace.availability != "withdrawn")
    for start in range(0, len(wanted := sorted(number for number in needed if number > 0)), CHUNK):
        among = col(ReleasePlace.release_id).in_(wanted[start : start + CHUNK])  # most of what sources list is never shown
        for release_id, url, kind in session.exec(rows.where(among).order_by(col(ReleasePlace.id))):
            found[release_id] = (*found.get(release_id, ()), (url, kind))
    return (old if found == old else found), mark


def covers_now(session: Session, old: Mapping[str, Cover], old_mark: tuple[object, ...]) -> tuple[Mapping[str, Cover], tuple[object, ...]]:
    """All covers by their content's hash."""
    mark = tuple(session.exec(select(func.count(col(Cover.id)), func.max(Cover.id))).one())
    if mark == old_mark:
        return old, mark
    return {cover.content_hash: cover for cover in session.exec(select(Cover))}, mark
