"""Releases' own pages looked at again: price, licence, whether it is out, or gone. Politely: one page of a host at a time."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select, update

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.models import Announcement, Post, Release, Source, SourceItem
from creatorbot.releases import changes, decide
from creatorbot.releases.keys import guid_key, url_key
from creatorbot.releases.merging import join_what_is_one, kept, traits_of
from creatorbot.releases.places import keep_place, note_place, place_values
from creatorbot.releases.polling.looking import fetch, read
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.sources.base import FoundRelease

MOST_IN_A_RUN = 5
_LEASE = timedelta(hours=1)
_PAUSE = timedelta(hours=6)  # of a host that will not be asked now
_DAILY, _WEEKLY = timedelta(days=1), timedelta(days=7)
_ON_ITS_DAY = timedelta(hours=3)
_FRESH = timedelta(days=30)  # after an announcement fans come, and prices matter most
_APART = timedelta(hours=6)  # two looks sooner than this are one
_MISSES = 2
_LISTS = ("feed", "jsonfeed", "podcast")  # they tell no more than the list did


@dataclass(frozen=True)
class Due:
    """A page whose time has come. guid: the release's id in its own source, or ""."""

    release_id: int
    artist_id: int
    address: str
    guid: str
    next_look_at: datetime | None


@dataclass(frozen=True)
class Saw:
    """What a look brought. there: a page of this release was there, readable or not. gone: there is none (404, 410).

    wait: how long to leave the whole host alone.
    """

    found: FoundRelease | None = None
    there: bool = False
    gone: bool = False
    wait: timedelta | None = None


def look_at_due(runtime: Runtime, now: datetime, most: int = MOST_IN_A_RUN) -> tuple[int, int]:
    """Look at the pages whose time has come, one for each host, at most `most`. Returns how many were looked at, and read."""
    with runtime.session() as session:
        _sooner_for_announced(session, now)
    with runtime.reading() as session:
        due = due_pages(session, now, most)
    looked = done = 0
    for page in due:
        with runtime.session() as session:
            mine = (col(Release.id) == page.release_id, col(Release.next_look_at) == page.next_look_at)
            if not session.exec(update(Release).where(*mine).values(next_look_at=now + _LEASE)).rowcount:
                continue  # another process got there first
        looked += 1
        done += _look(runtime, page, now)
    return looked, done


def refresh_release(runtime: Runtime, release_id: int) -> bool:
    """Look at the release's own page now, for its price and the like: a list does not tell them. True when it was read.

    What the artist typed by hand stays. Never raises for what outside does.
    """
    with runtime.reading() as session:
        release = session.get(Release, release_id)
        if release is None or not release.url:
            return False
        page = _due(session, release)
    return _look(runtime, page, runtime.clock())


def due_pages(session: Session, now: datetime, most: int) -> list[Due]:
    """The pages that waited longest, no two of one host."""
    rows = session.exec(
        select(Release).where(Release.url != "", col(Release.next_look_at) <= now).order_by(col(Release.next_look_at)).limit(500)
    )
    chosen: dict[str, Release] = {}
    for row in rows:
        if len(chosen) < most:
            chosen.setdefault(_house(row.url), row)
    return [_due(session, row) for row in chosen.values()]


def _due(session: Session, release: Release) -> Due:
    asked = select(SourceItem.guid).where(SourceItem.release_id == release.id, SourceItem.source_id == release.source_id)
    guid = session.exec(asked.order_by(col(SourceItem.id))).first() or ""
    return Due(release.id or 0, release.artist_id, release.url, guid, release.next_look_at)


def _house(address: str) -> str:
    """Whose server it is: all artists of one shop sit behind the same door."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return address
    return parts.netloc if host.replace(".", "").isdigit() or ":" in host else ".".join(host.split(".")[-2:])


def _look(runtime: Runtime, page: Due, now: datetime) -> bool:
    saw = _fetched(runtime.door_for(page.artist_id), page)
    with runtime.session() as session:
        release = session.get(Release, page.release_id, with_for_update=True)
        if release is None or url_key(release.url) != url_key(page.address):
            return False
        if saw.wait is not None:
            _leave_alone(session, release, now + saw.wait)
        _write_down(session, release, saw, now)
        if release.next_look_at is not None:
            wait = saw.wait or _pace(session, release, now)
            release.next_look_at = now + wait * random.uniform(1.0, 1.1)
        session.add(release)
    return saw.found is not None


def _fetched(door: Door, page: Due) -> Saw:
    try:
        look = fetch(door, page.address)
        try:
            reading = read(look.page)
        except InvalidInput:  # no page of a kind we can read, but a page
            return Saw(there=look.page.status == 200 and url_key(look.page.address) == url_key(page.address))
    except ServiceError as error:
        asks = error.kind == "busy" or error.status in (429, 503)
        wait = max(_PAUSE, timedelta(seconds=error.retry_after or 0)) if asks else None
        return Saw(gone=error.status in (404, 410), wait=wait)
    except CreatorbotError:
        return Saw()
    if reading.state == "robot_check":
        return Saw(wait=_PAUSE)
    here, arrived = url_key(page.address), url_key(look.page.address)
    same = [one for one in reading.releases if (page.guid and guid_key(one.guid) == guid_key(page.guid)) or url_key(one.url) == here]
    # We may have been sent on: to the page's new address, or to a list that is no page of this release.
    own = bool(same) and reading.source not in _LISTS and arrived in (here, url_key(same[0].url))
    return Saw(found=same[0] if own else None, there=own or arrived == here)


def _write_down(session: Session, release: Release, saw: Saw, now: datetime) -> None:
    if saw.gone:
        if not release.missed or release.looked_at is None or now - release.looked_at >= _APART:
            release.missed += 1
        if release.missed >= _MISSES:
            changes.move_availability(session, release, "withdrawn", now)
            keep_place(session, release, now)
    if saw.gone or saw.there:
        release.looked_at = now
    if not saw.there:
        return
    release.missed = 0
    left, known = release.url, _identity(release)
    if release.availability == "withdrawn":
        changes.move_availability(session, release, changes.availability(saw.found, now.date()) if saw.found else "out", now)
    if saw.found is not None:
        changes.take_in(session, release, saw.found, "page", now)
    keep_place(session, release, now, left=left)
    _tell_the_kept(session, release, now)
    if release.state == "waits" and not _still_coming(release, now):
        changes.wake(session, release, "new", now)
        _say_so(session, release)
    if release.source_id and release.state != "merged" and _identity(release) != known:
        session.flush()
        join_what_is_one(session, release.artist_id, [traits_of(release.model_dump())], now)


def _identity(release: Release) -> tuple[object, ...]:
    return release.upc, release.isrc, release.tracks, release.title, release.artist_name, release.kind


def _still_coming(release: Release, now: datetime) -> bool:
    later = release.released_on is not None and release.released_on > now.date()
    return later or (release.availability == "coming" and release.released_on is None) or release.availability == "withdrawn"


def _say_so(session: Session, release: Release) -> None:
    waiting = (SourceItem.release_id == release.id, SourceItem.decision == "waits")
    session.exec(update(SourceItem).where(*waiting).values(decision="new", why=decide.DAY_HAS_COME, not_before=None))  # type: ignore[arg-type]


def _tell_the_kept(session: Session, release: Release, now: datetime) -> None:
    """A merged release's page is one of the places of the one it was merged into."""
    here = kept(session, release.id or 0)
    if here != release.id:
        source = session.get(Source, release.source_id) if release.source_id else None
        note_place(session, here, place_values(release.model_dump(), source.kind if source else "hand", now))


def _leave_alone(session: Session, release: Release, until: datetime) -> None:
    """All pages of this house wait: a robot check or "too many" is meant for all of them."""
    asked = select(Release.id, Release.url).where(Release.url != "", col(Release.next_look_at) < until)
    house = _house(release.url)
    numbers = [number for number, url in session.exec(asked) if _house(url) == house]
    for start in range(0, len(numbers), 500):
        which = col(Release.id).in_(numbers[start : start + 500])
        session.exec(update(Release).where(which).values(next_look_at=until + timedelta(minutes=random.randrange(60))))


def _pace(session: Session, release: Release, now: datetime) -> timedelta:
    day = datetime.combine(release.released_on, time(), UTC) if release.released_on else None
    soon = _announced_since(session, release, now - _FRESH) or 0 < release.missed < _MISSES
    pace = _DAILY if soon or release.availability in ("coming", "preorder") else _WEEKLY
    if day is None or release.availability not in ("coming", "preorder"):
        return pace
    if day > now:
        return min(pace, day - now)
    return _ON_ITS_DAY if now - day < 3 * _DAILY else pace


def _announced_since(session: Session, release: Release, since: datetime) -> bool:
    out = select(Post.id).join(Announcement, col(Announcement.id) == Post.announcement_id)
    which = (Announcement.release_id == kept(session, release.id or 0), col(Post.published_at) >= since)
    return session.exec(out.where(*which)).first() is not None


def _sooner_for_announced(session: Session, now: datetime) -> None:
    """What was just announced is looked at within a day, though its turn would come later."""
    out = (
        select(Announcement.release_id)
        .join(Post, col(Post.announcement_id) == Announcement.id)
        .where(col(Post.published_at) >= now - _FRESH)
    )
    session.exec(
        update(Release).where(col(Release.id).in_(out), col(Release.next_look_at) > now + _DAILY * 1.2).values(next_look_at=now + _DAILY)
    )


def wake_those_listed(session: Session, now: datetime) -> int:
    """Entries whose day has come and that their source still lists are news now. Returns how many. Never commits."""
    item = SourceItem
    due = session.exec(
        select(item, Source)
        .join(Source, col(Source.id) == item.source_id)
        .where(item.decision == "waits", col(item.not_before) <= now.date(), Source.failures == 0)
        .order_by(col(item.id))
    ).all()
    by_source: dict[int, list[SourceItem]] = {}
    for row, source in due:
        if row.last_seen_at >= (session.exec(select(func.max(item.last_seen_at)).where(item.source_id == source.id)).one() or now):
            by_source.setdefault(source.id or 0, []).append(row)
    for rows in by_source.values():
        verdict, why = ("held", decide.TOO_MANY) if len(rows) > decide.MOST_AT_ONCE else ("new", decide.DAY_HAS_COME)
        for row in rows:
            release = session.get(Release, row.release_id, with_for_update=True) if row.release_id else None
            row.decision, row.why, row.not_before = verdict, why, None
            session.add(row)
            if release is not None and release.state == "waits":
                changes.wake(session, release, verdict, now)
            elif release is not None and release.availability == "coming":  # announced before its day
                changes.move_availability(session, release, "out", now)
    session.flush()
    return sum(map(len, by_source.values()))
