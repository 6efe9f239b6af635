"""Decisions into rows: entries seen, releases made of them, and what a later look changes. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from creatorbot.models import Artist, Release, Source, SourceItem
from creatorbot.releases.decide import Decision, Known
from creatorbot.releases.keys import content_hash, content_key, guid_key, url_key
from creatorbot.sources.base import FoundRelease
from creatorbot.storage.once import insert_once

_STATES = {"baseline": "listed", "with_album": "listed", "new": "new", "held": "held"}


def known_of(session: Session, source_id: int) -> list[Known]:
    """All entries ever seen in this source."""
    rows = session.exec(select(SourceItem).where(SourceItem.source_id == source_id).order_by(col(SourceItem.id))).all()
    return [Known(row.id or 0, row.guid_key, row.content_key, row.content_hash, row.url) for row in rows]


def store(session: Session, source: Source, decisions: Sequence[Decision], details: Mapping[str, FoundRelease], now: datetime) -> int:
    """Keep these decisions. details: by guid, what an entry's own page says beyond the list. Returns how many releases are new or held."""
    elsewhere = _releases_elsewhere(session, source)
    fresh = 0
    for decision in decisions:
        if decision.item_id is None:
            fresh += _store_unseen(session, source, decision, details.get(decision.found.guid, decision.found), elsewhere, now)
        elif decision.verdict != "same":
            _store_change(session, decision, details.get(decision.found.guid, decision.found), now)
    seen = [decision.item_id for decision in decisions if decision.item_id is not None]
    for start in range(0, len(seen), 500):
        session.exec(update(SourceItem).where(col(SourceItem.id).in_(seen[start : start + 500])).values(last_seen_at=now))
    return fresh


def _releases_elsewhere(session: Session, source: Source) -> dict[str, Release]:
    """Releases of this artist that came another way, by address: the same album in a feed and on its page is one release."""
    rows = session.exec(select(Release).where(Release.artist_id == source.artist_id)).all()
    return {url_key(row.url): row for row in rows if row.source_id != source.id and url_key(row.url).count("/") > 2}


def _store_unseen(
    session: Session, source: Source, decision: Decision, full: FoundRelease, elsewhere: Mapping[str, Release], now: datetime
) -> int:
    found, twin = decision.found, elsewhere.get(url_key(decision.found.url))
    item = SourceItem(
        artist_id=source.artist_id,
        source_id=source.id or 0,
        guid=found.guid,
        guid_key=guid_key(found.guid),
        content_key=content_key(found),
        content_hash=content_hash(found),
        url=found.url or "",
        title=found.title,
        decision="same" if twin else decision.verdict,
        release_id=twin.id if twin else None,
        first_seen_at=now,
        last_seen_at=now,
    )
    if not insert_once(session, item) or twin:
        return 0
    release = Release(
        artist_id=source.artist_id,
        source_id=source.id,
        title=full.title,
        artist_name=_name(session, source, full),
        state=_STATES[decision.verdict],
        first_seen_at=now,
        changed_at=now,
    )
    fill(release, full, now)
    session.add(release)
    session.flush()
    this = (col(SourceItem.source_id) == source.id, col(SourceItem.guid_key) == item.guid_key)
    session.exec(update(SourceItem).where(*this).values(release_id=release.id))
    return int(decision.verdict in ("new", "held"))


def _name(session: Session, source: Source, found: FoundRelease) -> str:
    artist = session.get(Artist, source.artist_id)
    return found.artist or (artist.name if artist else "")


def _store_change(session: Session, decision: Decision, full: FoundRelease, now: datetime) -> None:
    item = session.get(SourceItem, decision.item_id)
    if item is None:
        return
    found = decision.found
    item.guid, item.guid_key, item.url, item.title = found.guid, _free_key(session, item, found), found.url or "", found.title
    item.content_key, item.content_hash, item.decision = content_key(found), content_hash(found), decision.verdict
    release = session.get(Release, item.release_id) if item.release_id else None
    if release and release.source_id == item.source_id:
        fill(release, full, now)


def _free_key(session: Session, item: SourceItem, found: FoundRelease) -> str:
    """The entry's new key, unless another entry of this source already has it."""
    key = guid_key(found.guid)
    taken = session.exec(
        select(SourceItem.id).where(SourceItem.source_id == item.source_id, SourceItem.guid_key == key, SourceItem.id != item.id)
    ).first()
    return item.guid_key if taken else key


def fill(release: Release, found: FoundRelease, now: datetime) -> bool:
    """Write what is known into the release; leave alone what is not, and what the artist typed by hand. True when something changed."""
    told: dict[str, object] = {
        "title": found.title,
        "artist_name": found.artist,
        "url": found.url,
        "part_of": found.part_of,
        "description": found.description,
        "released_on": found.released_on,
        "licence": found.licence,
        "cover_url": found.cover_url,
        "tags": list(found.tags),
        "tracks": found.tracks,
        "kind": found.kind if found.kind != "unknown" else None,
    }
    price = found.price
    if price.model != "unknown" and not {"price_model", "price_minor", "price_currency"} & set(release.edited):
        told["price_model"], told["price_currency"] = price.model, price.currency
        if release.price_minor != (price.amount.minor if price.amount else None):
            release.price_minor, release.changed_at = price.amount.minor if price.amount else None, now
    changed = {name: value for name, value in told.items() if value and name not in release.edited and getattr(release, name) != value}
    if "cover_url" in changed:
        release.cover_id, release.cover_tried_at = None, None
    for name, value in changed.items():
        setattr(release, name, value)
    if changed:
        release.changed_at = now
    return bool(changed)
