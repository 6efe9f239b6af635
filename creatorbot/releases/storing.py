"""Decisions into rows: entries seen, releases made of them, and what a later look changes. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select, update

from creatorbot.models import Release, Source, SourceItem
from creatorbot.releases import changes
from creatorbot.releases.decide import Decision, Known
from creatorbot.releases.keys import content_hash, content_key, stored
from creatorbot.releases.places import keep_place, note_place, place_values
from creatorbot.releases.playing import told_elsewhere
from creatorbot.releases.unseen import store_unseen
from creatorbot.sources.base import FoundRelease

_CHUNK = 500
_KNOWN = ("id", "guid_key", "content_key", "content_hash", "url", "title", "day", "parts", "decision", "not_before", "last_seen_at")
_ITEMS = SQLModel.metadata.tables[str(SourceItem.__tablename__)]
_LISTED = columns(*(_ITEMS.c[name] for name in _KNOWN)).where(_ITEMS.c.source_id == bindparam("source")).order_by(_ITEMS.c.id)
_LASTING = ("held", "with_album", "merged")  # an edit changes nothing about these


def known_of(session: Session, source_id: int) -> list[Known]:
    """All entries ever seen in this source."""
    rows = session.execute(_LISTED, {"source": source_id}).all()
    last = max((row[-1] for row in rows), default=None)
    return [
        Known(number, guid, content, digest, url, title, day, tuple(parts), decision == "waits", not_before, at == last)
        for number, guid, content, digest, url, title, day, parts, decision, not_before, at in rows
    ]


def store(session: Session, source: Source, decisions: Sequence[Decision], details: Mapping[str, FoundRelease], now: datetime) -> int:
    """Keep these decisions. details: by guid, what an entry's own page says beyond the list. Returns how many releases are new or held.

    Storing the same decisions twice, also from two processes at once, keeps each entry and each release once.
    """
    fresh = store_unseen(session, source, decisions, details, now)
    seen = [decision for decision in decisions if decision.item_id is not None]
    moved = [decision for decision in seen if decision.verdict != "same" or decision.renumbered]
    if moved:
        fresh += _store_changes(session, source, moved, details, now)
    _still_listed(session, source, seen, now)
    return fresh


def _still_listed(session: Session, source: Source, seen: Sequence[Decision], now: datetime) -> None:
    numbers = [decision.item_id for decision in seen]
    for start in range(0, len(numbers), _CHUNK):
        listed = (col(SourceItem.source_id) == source.id, col(SourceItem.id).in_(numbers[start : start + _CHUNK]))
        session.exec(update(SourceItem).where(*listed).values(last_seen_at=now).execution_options(synchronize_session=False))


def _store_changes(
    session: Session, source: Source, decisions: Sequence[Decision], details: Mapping[str, FoundRelease], now: datetime
) -> int:
    fresh = 0
    for start in range(0, len(decisions), _CHUNK):
        part = decisions[start : start + _CHUNK]
        items = {row.id: row for row in session.exec(select(SourceItem).where(col(SourceItem.id).in_([one.item_id for one in part])))}
        numbers = {row.release_id for row in items.values() if row.release_id}
        releases = {row.id: row for row in session.exec(select(Release).where(col(Release.id).in_(numbers)))}
        taken = _keys_taken(session, source, part)
        for decision in part:
            item = items.get(decision.item_id)
            if item is not None and item.source_id == source.id:
                release = releases.get(item.release_id)
                _store_item(session, item, decision, taken)
                if release is not None:
                    before = release.state
                    _store_release(session, source, release, item, decision, details.get(decision.found.guid), now)
                    fresh += before != release.state in ("new", "held")
    session.flush()
    return fresh


def _keys_taken(session: Session, source: Source, decisions: Sequence[Decision]) -> dict[str, int]:
    keys = [decision.keys[0] for decision in decisions if decision.keys]
    asked = select(SourceItem.guid_key, SourceItem.id).where(SourceItem.source_id == source.id, col(SourceItem.guid_key).in_(keys))
    return {key: number or 0 for key, number in session.exec(asked)}


def _store_item(session: Session, item: SourceItem, decision: Decision, taken: dict[str, int]) -> None:
    found, keys = decision.found, decision.keys
    joined = dict.fromkeys((item.guid_key, *item.parts, *keys))
    if decision.renumbered and taken.setdefault(keys[0], item.id or 0) == item.id:
        item.guid, item.guid_key = stored(found.guid), keys[0]
    item.url, item.title, item.day = stored(found.url or item.url), found.title or item.title, found.released_on or item.day
    item.content_key, item.content_hash = content_key(found), content_hash(found)
    if len(keys) > 1 or item.parts:
        item.parts = list(joined)
    if decision.verdict != "same" and (item.decision not in _LASTING):
        item.decision, item.why = decision.verdict, decision.why
    item.not_before = decision.not_before if decision.verdict == "waits" else None
    session.add(item)


def _store_release(
    session: Session, source: Source, release: Release, item: SourceItem, decision: Decision, detail: FoundRelease | None, now: datetime
) -> None:
    if decision.verdict in ("new", "held") and release.state == "waits":
        changes.wake(session, release, decision.verdict, now)
    if release.source_id != source.id:  # it speaks for its own place only
        _note_elsewhere(session, source, release, detail or decision.found, now)
    elif item.decision != "with_album":
        left = release.url
        changes.take_in(session, release, decision.found, "list", now)
        if detail is not None:
            changes.take_in(session, release, detail, "page", now)
        keep_place(session, release, now, left=left)
    if decision.verdict == "waits" and release.state == "waits" and release.released_on:
        release.next_look_at = datetime.combine(release.released_on, datetime.min.time(), now.tzinfo)


def _note_elsewhere(session: Session, source: Source, release: Release, found: FoundRelease, now: datetime) -> None:
    blank: dict[str, object] = {"price_model": "unknown", "price_minor": None, "price_currency": "", "url": ""}
    told = {**blank, **changes.told_by(found, now.date()), "artist_id": source.artist_id, "source_id": source.id}
    note_place(session, release.id or 0, place_values(told, source.kind, now))
    told_elsewhere(session, source, release, found, now)
