"""Entries never seen before become rows, many at a time: a first look at a long list costs three statements. Never commits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, SQLModel, col, delete

from creatorbot.models import Artist, Release, ReleasePlace, Source, SourceItem
from creatorbot.releases import changes
from creatorbot.releases.decide import Decision
from creatorbot.releases.keys import content_hash, content_key, has_own_page, stored, url_key
from creatorbot.releases.likeness.alike import alike_key
from creatorbot.releases.merging import join_what_is_one, traits_of
from creatorbot.releases.places import BY_HAND, WITHOUT_PAGE, note_place, place_values, releases_at
from creatorbot.releases.playing import told_elsewhere
from creatorbot.sources.base import FoundRelease
from creatorbot.storage.many import insert_many, next_ids
from creatorbot.wording import N_

KNOWN_ELSEWHERE = N_("We know it from another of your sources.")
_STATES = {"baseline": "listed", "new": "new", "held": "held", "waits": "waits"}
_SOON, _DAY, _WEEK_H = timedelta(hours=20), timedelta(days=1), 7 * 24
_CHUNK = 500
_RELEASES = SQLModel.metadata.tables[str(Release.__tablename__)]
_ITEMS = SQLModel.metadata.tables[str(SourceItem.__tablename__)]
_PLACES = SQLModel.metadata.tables[str(ReleasePlace.__tablename__)]
# Made once: making a statement costs as much as running it.
_FROM_ELSEWHERE = (
    select(_RELEASES.c.id)
    .where(_RELEASES.c.artist_id == bindparam("artist"))
    .where(or_(_RELEASES.c.source_id.is_(None), _RELEASES.c.source_id != bindparam("source")))
    .limit(1)
)
_BLANK_RELEASE = Release(artist_id=0, title="", artist_name="", first_seen_at=datetime.min, changed_at=datetime.min).model_dump(
    exclude={"id"}
)


@dataclass
class _Plan:
    """What becomes of one entry. release: the columns of a new release. twin: the release it is, known from elsewhere, and of what kind."""

    decision: Decision
    full: FoundRelease
    release: dict[str, object] | None = None
    twin: tuple[int, str] | None = None
    release_id: int | None = None


def store_unseen(
    session: Session, source: Source, decisions: Sequence[Decision], details: Mapping[str, FoundRelease], now: datetime
) -> int:
    """Keep those entries of this reading that no row knows. Returns how many new or held releases came of them.

    An entry that another process stored meanwhile is left alone.
    """
    plans = [_Plan(decision, details.get(decision.found.guid, decision.found)) for decision in decisions if decision.item_id is None]
    if not plans:
        return 0
    alone = _is_alone(session, source)
    if not alone:
        _find_twins(session, source, plans, Counter(url_key(decision.found.url) for decision in decisions))
    artist = session.get(Artist, source.artist_id)
    made = [plan for plan in plans if plan.twin is None and plan.decision.verdict != "with_album"]
    for number, (plan, release_id) in enumerate(zip(made, next_ids(session, _RELEASES, len(made)) if made else (), strict=True)):
        plan.release_id = release_id
        plan.release = _release(source, plan, details.get(plan.decision.found.guid), artist.name if artist else "", now, number)
    insert_many(session, _RELEASES, [plan.release for plan in made if plan.release])
    _find_albums(session, source, plans)
    late = _insert_items(session, source, plans, now)
    kept = [plan for plan in plans if plan.decision.keys[0] not in late]
    fresh = [plan.release for plan in kept if plan.release]
    insert_many(session, _PLACES, [_place(release, source, now) for release in fresh if release["url"]])
    woken = sum(_join_twin(session, source, plan, now) for plan in kept if plan.twin)
    joined = set() if alone else join_what_is_one(session, source.artist_id, [traits_of(release) for release in fresh], now)
    return woken + sum(release["state"] in ("new", "held") and release["id"] not in joined for release in fresh)


def _is_alone(session: Session, source: Source) -> bool:
    """Whether all releases of this artist come from this source; then none can be the same as one from elsewhere."""
    return session.execute(_FROM_ELSEWHERE, {"artist": source.artist_id, "source": source.id}).first() is None


def _find_twins(session: Session, source: Source, plans: Sequence[_Plan], pages: Counter[str]) -> None:
    """The same page in another source is the same release, if the page is of one release only."""
    own = [url_key(plan.decision.found.url) for plan in plans if has_own_page(plan.decision.found.url)]
    found = releases_at(session, source.artist_id, [key for key in own if pages[key] == 1], but=source.id)
    for plan in plans:
        there = found.get(url_key(plan.decision.found.url), ())
        if len(there) == 1 and plan.decision.verdict != "with_album":
            plan.twin = there[0]
            plan.release_id = there[0][0]


def _release(source: Source, plan: _Plan, detail: FoundRelease | None, name: str, now: datetime, number: int) -> dict[str, object]:
    found = plan.decision.found
    values, told = changes.first_told(found, detail, now.date())
    release: dict[str, object] = {
        **_BLANK_RELEASE,
        "artist_name": name,
        **values,
        "id": plan.release_id,
        "told": told,
        "artist_id": source.artist_id,
        "source_id": source.id,
        "state": _STATES[plan.decision.verdict],
        "first_seen_at": now,
        "changed_at": now,
    }
    release["alike_key"] = alike_key(str(release["title"]), str(release["artist_name"]))
    if plan.full.kind not in WITHOUT_PAGE and has_own_page(plan.full.url):
        release["looked_at"] = now if detail is not None else None
        release["next_look_at"] = _first_look(plan, now, number)
    return release


def _first_look(plan: _Plan, now: datetime, number: int) -> datetime:
    """When its own page is looked at: on its day, the next day for news, some time in a week for what was there already."""
    day = plan.full.released_on
    if day and day > now.date() and (plan.decision.verdict == "waits" or plan.full.availability == "preorder"):
        return datetime.combine(day, time(), UTC)
    if plan.decision.verdict == "baseline":
        return now + _DAY + timedelta(hours=number * 7 % _WEEK_H)
    return now + _SOON


def _find_albums(session: Session, source: Source, plans: Sequence[_Plan]) -> None:
    """Tracks belong to the release of their album: found just now, or before."""
    tracks = [plan for plan in plans if plan.decision.verdict == "with_album"]
    if not tracks:
        return
    now_found = {url_key(plan.full.url): plan.release_id for plan in plans if plan.release_id and plan.full.url}
    before = releases_at(session, source.artist_id, sorted({url_key(plan.full.part_of) for plan in tracks}))
    for plan in tracks:
        key = url_key(plan.full.part_of)
        there = before.get(key, ())
        plan.release_id = now_found.get(key) or (there[0][0] if there else None)


def _insert_items(session: Session, source: Source, plans: Sequence[_Plan], now: datetime) -> set[str]:
    """Insert them; returns the keys of those that somebody else stored first. A release made for such a one is taken away again."""
    if insert_many(session, _ITEMS, [_item(source, plan, now) for plan in plans]):
        return set()
    ours = {plan.decision.keys[0]: plan.release_id for plan in plans if plan.release}
    theirs: dict[str, int] = {}
    for start in range(0, len(keys := list(ours)), _CHUNK):
        which = (_ITEMS.c.source_id == source.id, _ITEMS.c.guid_key.in_(keys[start : start + _CHUNK]))
        rows = session.execute(select(_ITEMS.c.guid_key, _ITEMS.c.release_id).where(*which))
        theirs |= {key: ours[key] or 0 for key, release_id in rows if release_id != ours[key]}
    if theirs:
        session.exec(delete(Release).where(col(Release.id).in_(theirs.values())))
    return set(theirs)


def _item(source: Source, plan: _Plan, now: datetime) -> dict[str, object]:
    decision, found = plan.decision, plan.decision.found
    return {
        "artist_id": source.artist_id,
        "source_id": source.id,
        "release_id": plan.release_id,
        "guid": stored(found.guid),
        "guid_key": decision.keys[0],
        "content_key": content_key(found),
        "content_hash": content_hash(found),
        "url": stored(found.url or ""),
        "title": found.title,
        "day": found.released_on,
        "parts": list(decision.keys) if len(decision.keys) > 1 else [],
        "decision": "merged" if plan.twin else decision.verdict,
        "why": KNOWN_ELSEWHERE if plan.twin else decision.why,
        "not_before": None if plan.twin else decision.not_before,
        "first_seen_at": now,
        "last_seen_at": now,
    }


def _place(release: Mapping[str, object], source: Source, now: datetime) -> dict[str, object]:
    return {"release_id": release["id"], **place_values(release, source.kind, now)}


def _join_twin(session: Session, source: Source, plan: _Plan, now: datetime) -> int:
    """A release known already: its place is looked at from here too. 1 when it waited for its day and can be had here now."""
    release = session.get(Release, plan.release_id)
    if release is None or plan.twin is None:
        return 0
    if release.source_id is None and plan.twin[1] != BY_HAND:  # its source was removed and has come back
        release.source_id = source.id
        session.add(release)
    blank: dict[str, object] = {"price_model": "unknown", "price_minor": None, "price_currency": "", "url": ""}
    told = {**blank, **changes.told_by(plan.full, now.date()), "artist_id": source.artist_id, "source_id": source.id}
    note_place(session, release.id or 0, place_values(told, source.kind, now))
    told_elsewhere(session, source, release, plan.full, now)
    if release.state != "waits" or plan.decision.verdict not in ("new", "held"):
        return 0
    changes.wake(session, release, plan.decision.verdict, now)
    return 1
