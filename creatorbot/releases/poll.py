"""The conductor of looking: claim a source, fetch and read outside any transaction, decide, store. A kill at any point loses nothing."""

import time
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from creatorbot.errors import CreatorbotError, InvalidInput, NotFound, ServiceError
from creatorbot.models import Artist, Source
from creatorbot.releases.decide import Decider
from creatorbot.releases.polling import own_page, schedule
from creatorbot.releases.polling.finding import find, typed_address
from creatorbot.releases.polling.looking import fetch, read
from creatorbot.releases.polling.outcome import Seen, body_hash, decide, keep
from creatorbot.releases.storing import known_of
from creatorbot.runtime import Runtime
from creatorbot.storage.once import insert_once

due_sources = schedule.due_sources
refresh_release = own_page.refresh_release
_MOST_FOLLOWED = 50
_FOLLOW_SECONDS = 60.0
_MOST_FOLLOWED_AT_FIRST = 12
_FOLLOW_SECONDS_AT_FIRST = 8.0  # somebody is waiting for the page


@dataclass(frozen=True)
class Claim:
    """A source taken for one look, and what is needed of it while no transaction is open."""

    source_id: int
    artist_id: int
    until: datetime
    address: str
    headers: dict[str, str]
    body_hash: str
    decider: Decider


def poll_source(runtime: Runtime, source_id: int, now: datetime) -> None:
    """Look at one source and keep what was found. Does nothing when somebody else is looking at it. Never raises for what outside does."""
    with runtime.session() as session:
        claimed = _claim(session, source_id, now)
    if claimed is None:
        return
    seen = _look(runtime, claimed)
    with runtime.session() as session:
        source = session.get(Source, source_id)
        if source is not None and source.lease_until == claimed.until:  # else our lease ran out and another look is under way
            keep(session, source, seen, now)


def _claim(session: Session, source_id: int, now: datetime) -> Claim | None:
    until = schedule.claim(session, source_id, now)
    source = session.get(Source, source_id)
    if until is None or source is None:
        return None
    headers = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    return Claim(
        source_id,
        source.artist_id,
        until,
        source.address,
        {name: value for name, value in headers.items() if value},
        source.body_hash,
        Decider(known_of(session, source_id), first=source.baseline_at is None),
    )


def _look(runtime: Runtime, claimed: Claim) -> Seen:
    seen, began = Seen(), time.monotonic()
    try:
        door = runtime.door_for(claimed.artist_id)
        look = fetch(door, claimed.address, claimed.headers)
        seen.page, seen.moved_to = look.page, look.moved_to
        seen.unchanged = look.page.status == 304 or (look.page.status == 200 and body_hash(look.page) == claimed.body_hash)
        if not seen.unchanged:
            seen.reading = read(look.page)
            decide(seen, claimed.decider, door, most=_MOST_FOLLOWED, seconds=_FOLLOW_SECONDS)
    except CreatorbotError as error:
        seen.error = error
    seen.milliseconds = round((time.monotonic() - began) * 1000)
    return seen


def add_source(runtime: Runtime, artist_id: int, typed: str) -> int:
    """Watch this address from now on: look at once and list what is already there, none of it new. Returns the source's id.

    Raises InvalidInput or ServiceError with a sentence when it cannot be read; then nothing was stored.
    """
    address = typed_address(typed)
    _refuse_twice(runtime, artist_id, address)
    door, began = runtime.door_for(artist_id), time.monotonic()
    found = find(door, address)
    if found.reading.state == "robot_check":
        raise ServiceError(found.reading.notes[0].message, kind="refused")
    seen = Seen(page=found.look.page, reading=found.reading)
    decide(seen, Decider((), first=True), door, most=_MOST_FOLLOWED_AT_FIRST, seconds=_FOLLOW_SECONDS_AT_FIRST)
    seen.milliseconds = round((time.monotonic() - began) * 1000)
    now = runtime.clock()
    with runtime.session() as session:
        if session.get(Artist, artist_id) is None:
            raise NotFound("There is no such artist.")
        row = Source(artist_id=artist_id, kind=found.reading.source, address=found.address, created_at=now, next_poll_at=now)
        if not insert_once(session, row):
            raise InvalidInput("You already watch this address.", field="address")
        source = session.exec(select(Source).where(Source.artist_id == artist_id, Source.address == found.address)).one()
        keep(session, source, seen, now)
        return source.id or 0


def _refuse_twice(runtime: Runtime, artist_id: int, address: str) -> None:
    with runtime.reading() as session:
        if session.exec(select(Source.id).where(Source.artist_id == artist_id, Source.address == address)).first():
            raise InvalidInput("You already watch this address.", field="address")
