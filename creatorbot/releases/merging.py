"""The same release from several places becomes one with all its places; and two again, exactly as they were, when that was wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select, update

from creatorbot.errors import Conflict, NotFound
from creatorbot.models import Announcement, AutoAnnouncement, MergeSuggestion, Release, ReleasePlace, SourceItem
from creatorbot.models.base import Row
from creatorbot.releases.likeness.alike import AUTOMATIC, Likeness, Traits, pairs, same_upcs
from creatorbot.releases.playing import PLAYS
from creatorbot.storage.once import insert_once

ITSELF = "creatorbot"
# Not simply moved: one address is one place of a release; a suggestion stays as it was made, and so does what was announced by itself.
_OWN_WAY = (ReleasePlace, MergeSuggestion, AutoAnnouncement)
_FILLED = (
    *("description", "released_on", "licence", "cover_url", "cover_id", "tags", "tracks", "upc", "isrc", "part_of", "explicit"),
    *PLAYS,
)
_COMPARED = ("id", "title", "artist_name", "kind", "tracks", "upc", "isrc", "source_id")
_AT_ONCE = 500


def suggestions_of(session: Session, artist_id: int) -> list[MergeSuggestion]:
    """Pairs that the artist should look at, the newest first. What other decisions have settled meanwhile is not among them."""
    rows = select(MergeSuggestion).where(MergeSuggestion.artist_id == artist_id, MergeSuggestion.state == "open")
    found: dict[frozenset[int], MergeSuggestion] = {}
    for row in session.exec(rows.order_by(col(MergeSuggestion.id).desc())):
        pair = frozenset((kept(session, row.kept_id), kept(session, row.other_id)))
        if len(pair) == 2:
            found.setdefault(pair, row)
    return list(found.values())


def kept(session: Session, release_id: int) -> int:
    """The release that this one was merged into, through as many merges as there were; itself when it was not."""
    return _chain(session, release_id)[-1]


def _chain(session: Session, release_id: int) -> list[int]:
    """This release and those it was merged into, one after another."""
    chain = [release_id]
    while True:
        asked = select(MergeSuggestion.kept_id).where(MergeSuggestion.other_id == chain[-1], MergeSuggestion.state == "merged")
        there = session.exec(asked).first()
        if there is None or there in chain:
            return chain
        chain.append(there)


def traits_of(release: Mapping[str, object]) -> Traits:
    """What is compared of a release, from its columns."""
    return Traits(*(release[name] for name in _COMPARED), key=str(release["alike_key"]))  # type: ignore[arg-type, misc]


def join_what_is_one(session: Session, artist_id: int, fresh: Sequence[Traits], now: datetime) -> set[int]:
    """Look for these fresh releases among those from elsewhere. Sure pairs are merged, likely ones suggested. Returns which were merged."""
    others = _candidates(session, artist_id, fresh)
    if not others:
        return set()
    merged: set[int] = set()
    found = pairs(_with_sources(session, fresh), _with_sources(session, others))
    for one, other, why in found:
        sure = why in AUTOMATIC and not any(_rival(one, other, why, pair) for pair in found)
        older, younger = sorted((one.release_id, other.release_id))
        suggestion = _suggest(session, artist_id, older, younger, why, now)
        if suggestion is not None and sure and not {older, younger} & merged:
            _join(session, suggestion, now, ITSELF)
            merged.add(younger)
    return merged & {one.release_id for one in fresh}


def _rival(one: Traits, other: Traits, why: Likeness, pair: tuple[Traits, Traits, Likeness]) -> bool:
    """Whether another pair, at least as sure, has a second release of the same place in this one's stead: then only the artist can tell."""
    shared = {one.release_id, other.release_id} & {pair[0].release_id, pair[1].release_id}
    if len(shared) != 1 or pair[2] not in AUTOMATIC or AUTOMATIC.index(pair[2]) > AUTOMATIC.index(why):
        return False
    mine, theirs = (next(half for half in two if half.release_id not in shared) for two in ((one, other), pair[:2]))
    return bool(mine.sources & theirs.sources)


def _candidates(session: Session, artist_id: int, fresh: Sequence[Traits]) -> list[Traits]:
    """Releases that share a number or the bare title with a fresh one."""
    shared = {
        "alike_key": {one.key for one in fresh},
        "upc": {form for one in fresh for form in same_upcs(one.upc)},
        "isrc": {one.isrc for one in fresh},
    }
    found: dict[int, Traits] = {}
    for name, values in shared.items():
        wanted = sorted(values - {""})
        for start in range(0, len(wanted), _AT_ONCE):
            asked = {"artist": artist_id, "wanted": wanted[start : start + _AT_ONCE]}
            found |= {row[0]: Traits(*row) for row in session.execute(_sharing(name), asked)}
    own = {one.source_id for one in fresh}
    return [one for one in found.values() if one.source_id is None or {one.source_id} != own]


@cache
def _sharing(name: str) -> Select[Any]:
    """Those of an artist with one of the wanted values in this column. Made once: its making costs as much as its run."""
    told = SQLModel.metadata.tables[str(Release.__tablename__)].c
    asked = columns(*(told[column] for column in _COMPARED)).where(told.artist_id == bindparam("artist"), told.state != "merged")
    return asked.where(told[name].in_(bindparam("wanted", expanding=True)))


def _with_sources(session: Session, some: Sequence[Traits]) -> list[Traits]:
    """The same, with every source that lists them."""
    numbers, listed = [one.release_id for one in some], dict[int | None, set[int]]()
    for start in range(0, len(numbers), _AT_ONCE):
        which = col(SourceItem.release_id).in_(numbers[start : start + _AT_ONCE])
        for release_id, source_id in session.exec(select(SourceItem.release_id, SourceItem.source_id).where(which).distinct()):
            listed.setdefault(release_id, set()).add(source_id)
    return [replace(one, listed_by=frozenset(listed.get(one.release_id, ()))) for one in some]


def _suggest(session: Session, artist_id: int, older: int, younger: int, why: str, now: datetime) -> MergeSuggestion | None:
    """A new suggestion; None when this pair was one before, whatever became of it."""
    if session.exec(select(MergeSuggestion.id).where(*_of_pair(older, younger))).first():
        return None
    if not insert_once(session, MergeSuggestion(artist_id=artist_id, kept_id=older, other_id=younger, why=why, created_at=now)):
        return None
    return session.exec(select(MergeSuggestion).where(*_of_pair(older, younger))).one()


def merge(session: Session, artist_id: int, suggestion_id: int, now: datetime, who: str) -> None:
    """Make one of the two, or of what they were joined into since. Nothing happens when they are one already. Raises NotFound."""
    suggestion = _mine(session, artist_id, suggestion_id)
    pair = sorted({kept(session, suggestion.kept_id), kept(session, suggestion.other_id)})
    if len(pair) == 1:
        return
    if set(pair) != {suggestion.kept_id, suggestion.other_id}:
        _suggest(session, artist_id, pair[0], pair[1], suggestion.why, now)
        suggestion = session.exec(select(MergeSuggestion).where(*_of_pair(*pair))).one()
    _join(session, suggestion, now, who)


def _of_pair(one: int, other: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    both = (one, other)
    return col(MergeSuggestion.kept_id).in_(both), col(MergeSuggestion.other_id).in_(both)


def keep_apart(session: Session, artist_id: int, suggestion_id: int, now: datetime, who: str) -> None:
    """They are two: never suggested again. Raises NotFound, Conflict for a pair that is one already."""
    suggestion = _mine(session, artist_id, suggestion_id)
    if suggestion.state == "merged":
        raise Conflict("These two are one release already. Take them apart instead.")
    _decide(session, suggestion, "apart", now, who)


def take_apart(session: Session, artist_id: int, suggestion_id: int, now: datetime, who: str) -> None:
    """Undo a merge: each gets back what it had. What came to the joined release since stays with the one that was kept.

    Raises NotFound, and Conflict when the two are not one.
    """
    suggestion = _mine(session, artist_id, suggestion_id)
    if suggestion.state != "merged":
        raise Conflict("These two are not joined.")
    other, into, moved = _release(session, suggestion.other_id), _release(session, suggestion.kept_id), suggestion.moved
    chain = _chain(session, suggestion.kept_id)
    tables = moved.get("tables")
    numbers = tables if isinstance(tables, dict) else {}
    for model, column in _references(and_places=True):
        _move(session, model, column, chain, suggestion.other_id, numbers.get(str(model.__tablename__), []))
    suggestion.moved = {}
    _decide(session, suggestion, "apart", now, who)
    session.flush()
    other.state, other.changed_at = _state_alone(session, other, str(moved.get("other") or "listed")), now
    _give_back(into, moved.get("filled"))
    if into.state in (moved.get("after"), "announced"):
        into.state = _state_alone(session, into, str(moved.get("before") or into.state))
    session.add(other)
    for number in chain:  # pages that were built from any of them are built anew
        row = _release(session, number)
        row.changed_at = now
        session.add(row)
    session.flush()


def _join(session: Session, suggestion: MergeSuggestion, now: datetime, who: str) -> None:
    into, other = _release(session, suggestion.kept_id), _release(session, suggestion.other_id)
    session.flush()
    moved = {
        str(model.__tablename__): _move(session, model, column, [suggestion.other_id], suggestion.kept_id)
        for model, column in _references()
    }
    moved[str(ReleasePlace.__tablename__)] = _move_places(session, suggestion.other_id, suggestion.kept_id)
    before, after = into.state, _state_together(into.state, other.state)
    suggestion.moved = {
        "tables": {name: numbers for name, numbers in moved.items() if numbers},
        "filled": _fill(into, other, day_has_come=before == "waits" != after),
        "before": before,
        "after": after,
        "other": other.state,
    }
    into.state, other.state = after, "merged"
    into.changed_at = other.changed_at = now  # pages that were built from either are built anew
    for row in (into, other):
        session.add(row)
    _decide(session, suggestion, "merged", now, who)
    session.flush()


def _decide(session: Session, suggestion: MergeSuggestion, state: str, now: datetime, who: str) -> None:
    suggestion.state, suggestion.decided_at, suggestion.decided_by = state, now, who
    session.add(suggestion)


def _mine(session: Session, artist_id: int, suggestion_id: int) -> MergeSuggestion:
    row = session.get(MergeSuggestion, suggestion_id, with_for_update=True)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such suggestion.")
    return row


def _release(session: Session, release_id: int) -> Release:
    return session.get_one(Release, release_id, with_for_update=True)


def _state_together(into: str, other: str) -> str:
    """What was told is told. The one known longer says whether it is news; but a day that has come somewhere has come."""
    if "announced" in (into, other):
        return "announced"
    if into == "waits" or (into == "held" and other != "waits"):
        return other
    return into


def _state_alone(session: Session, row: Release, before: str) -> str:
    """The state it had, unless it was announced while the two were one."""
    out = select(Announcement.id).where(Announcement.release_id == row.id, Announcement.state == "announced")
    return "announced" if session.exec(out).first() else before


def _references(*, and_places: bool = False) -> list[tuple[type[Row], str]]:
    """Every table with a column that names a release; a new one is among them by itself."""
    found = [
        (model, column.name)
        for model in Row.__subclasses__()
        for column in SQLModel.metadata.tables[str(model.__tablename__)].columns
        if model not in _OWN_WAY and any(key.column.table.name == Release.__tablename__ for key in column.foreign_keys)
    ]
    return [*found, (ReleasePlace, "release_id")] if and_places else found


def _move(
    session: Session, model: type[Row], column: str, there: Collection[int], here: int, numbers: Collection[int] | None = None
) -> list[int]:
    """Point rows that name one of these releases to another: all of them, or only these numbers. Returns which moved."""
    names, number = getattr(model, column), model.id  # type: ignore[attr-defined]
    rows = session.exec(select(number, names).where(names.in_(there)).order_by(number)).all()
    moved = [row[0] for row in rows if numbers is None or row[0] in set(numbers)]
    for start in range(0, len(moved), _AT_ONCE):
        session.exec(update(model).where(number.in_(moved[start : start + _AT_ONCE])).values({column: here}))
    return moved


def _move_places(session: Session, there: int, here: int) -> list[int]:
    """The places move over; one that the other has as well stays where it is, unseen until the two are apart again."""
    has = set(session.exec(select(ReleasePlace.url_key).where(ReleasePlace.release_id == here)))
    rows = session.exec(select(ReleasePlace.id, ReleasePlace.url_key).where(ReleasePlace.release_id == there)).all()
    return _move(session, ReleasePlace, "release_id", [there], here, [number or 0 for number, key in rows if key not in has])


def _fill(into: Release, other: Release, *, day_has_come: bool) -> dict[str, list[object]]:
    """What only the other knew is known of both. Returns what was written, by column: before and after, as a document keeps it."""
    names = [name for name in _FILLED if not getattr(into, name) and getattr(other, name) and name not in into.edited]
    if "cover_id" in names and into.cover_url and into.cover_url != other.cover_url:
        names.remove("cover_id")  # its own is on its way
    if into.price_model == "unknown" and other.price_model != "unknown":
        names += ["price_model", "price_minor", "price_currency"]
    if day_has_come and into.availability == "coming":
        names.append("availability")
    filled = {name: [_plain(getattr(into, name)), _plain(getattr(other, name))] for name in names}
    for name in names:
        setattr(into, name, getattr(other, name))
    return filled


def _give_back(into: Release, filled: object) -> None:
    """Take away again what the other had brought, unless it was changed since."""
    for name, (before, after) in filled.items() if isinstance(filled, dict) else ():
        if _plain(getattr(into, name)) == after:
            setattr(into, name, date.fromisoformat(before) if name == "released_on" and before else before)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
