"""Where a release can be had: its own address and those of the same release elsewhere, each with its price. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, exists, select

from creatorbot.models import Release, ReleasePlace, Source, SourceItem
from creatorbot.releases.keys import url_key
from creatorbot.releases.likeness.alike import alike_key
from creatorbot.storage.once import insert_once

BY_HAND = "hand"
WITHOUT_PAGE = ("stream", "post")  # nothing to buy there, and nothing whose price changes
_COPIED = ("price_model", "price_minor", "price_currency", "availability")
_AT_ONCE = 500
# Made once: making a statement costs as much as running it.
_AT = (
    select(ReleasePlace.url_key, ReleasePlace.release_id, ReleasePlace.kind)
    .join(Release, col(Release.id) == col(ReleasePlace.release_id))
    .where(ReleasePlace.artist_id == bindparam("artist"), col(ReleasePlace.url_key).in_(bindparam("keys", expanding=True)))
    .where(Release.state != "merged")
)
_LISTED_BY = select(SourceItem.release_id).where(SourceItem.source_id == bindparam("but"), col(SourceItem.release_id).is_not(None))
_AT_ELSEWHERE = _AT.where(col(ReleasePlace.release_id).not_in(_LISTED_BY))


def places_of(session: Session, release_id: int) -> list[ReleasePlace]:
    """Every place where this release can be had: the release's own first, then in the order they were found."""
    rows = session.exec(select(ReleasePlace).where(ReleasePlace.release_id == release_id).order_by(col(ReleasePlace.id))).all()
    release = session.get(Release, release_id)
    own = url_key(release.url) if release else ""
    return sorted(rows, key=lambda row: row.url_key != own)


def place_values(release: Mapping[str, object], kind: str, now: datetime) -> dict[str, object]:
    """A place's columns, from the columns of its release."""
    return {
        "artist_id": release["artist_id"],
        "source_id": release["source_id"],
        "kind": kind,
        "url": release["url"],
        "url_key": url_key(str(release["url"])),
        **{name: release[name] for name in _COPIED},
        "first_seen_at": now,
        "seen_at": now,
    }


def keep_place(session: Session, release: Release, now: datetime, *, left: str = "") -> None:
    """Bring the place at the release's own address up to date with it. left: the address it had before, no longer one of its places."""
    session.flush()
    if left and url_key(left) != url_key(release.url):
        old = (ReleasePlace.release_id == release.id, ReleasePlace.url_key == url_key(left), ReleasePlace.source_id == release.source_id)
        for row in session.exec(select(ReleasePlace).where(*old)):
            session.delete(row)
        session.flush()
    if release.url:
        source = session.get(Source, release.source_id) if release.source_id else None
        note_place(session, release.id or 0, place_values(release.model_dump(), source.kind if source else BY_HAND, now))


def note_place(session: Session, release_id: int, values: Mapping[str, object]) -> None:
    """Write down one place of a release: a new one, or what is known now of one that is there. values: as `place_values` makes them.

    What is not known now ("unknown") does not replace what was.
    """
    if not values["url_key"] or insert_once(session, ReleasePlace.model_validate({"release_id": release_id, **values})):
        return
    row = session.exec(select(ReleasePlace).where(ReleasePlace.release_id == release_id, ReleasePlace.url_key == values["url_key"])).one()
    if row.source_id not in (None, values["source_id"]) and values["source_id"] is not None:
        return  # another source speaks for this address
    names = ["url", "source_id", "kind", "seen_at", "availability"]
    if values["price_model"] != "unknown":
        names += ["price_model", "price_minor", "price_currency"]
    for name in names:
        if getattr(row, name) != values[name]:
            setattr(row, name, values[name])
    session.add(row)


def releases_at(session: Session, artist_id: int, keys: Sequence[str], *, but: int | None = None) -> dict[str, list[tuple[int, str]]]:
    """Which releases of this artist have a place at these addresses: release and the place's kind by url_key. Merged ones have none.

    but: leave out what this source lists itself.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for start in range(0, len(keys), _AT_ONCE):
        wanted: dict[str, object] = {"artist": artist_id, "keys": keys[start : start + _AT_ONCE]}
        asked = session.execute(_AT, wanted) if but is None else session.execute(_AT_ELSEWHERE, wanted | {"but": but})
        for key, release_id, kind in asked:
            found.setdefault(key, []).append((release_id, kind))
    return found


def fill_missing(session: Session, now: datetime, most: int = _AT_ONCE) -> int:
    """Give releases that were stored before there were places their first one, and a turn to be looked at. Returns how many."""
    lacking = (
        select(Release, Source.kind)
        .join(Source, col(Source.id) == Release.source_id, isouter=True)
        .where(Release.url != "", Release.state != "merged")
        .where(~exists().where(col(ReleasePlace.release_id) == Release.id))
        .limit(most)
    )
    rows = session.exec(lacking).all()
    for number, (release, kind) in enumerate(rows):
        if release.next_look_at is None and release.source_id and release.kind not in WITHOUT_PAGE:
            release.next_look_at = now + timedelta(hours=1 + number % 168)
        release.alike_key = alike_key(release.title, release.artist_name)
        session.add(release)
        note_place(session, release.id or 0, place_values(release.model_dump(), kind or BY_HAND, now))
    return len(rows)
