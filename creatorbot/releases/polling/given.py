"""Pages that come to us without our fetching them: told by a hub or a server, or handed over by the artist. No lease is needed."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError, InvalidInput, NotFound
from creatorbot.models import Artist, Push, Pushed, Source
from creatorbot.releases.decide import Decider
from creatorbot.releases.keys import url_key
from creatorbot.releases.polling.looking import Look, blocked, read
from creatorbot.releases.polling.outcome import Seen, examine, keep, keep_part
from creatorbot.releases.pushing.receive import look_now
from creatorbot.releases.storing import known_of
from creatorbot.runtime import Runtime
from creatorbot.sources import REGISTRY
from creatorbot.sources.base import Fetched, PushedSource, Reading
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, explain, say

_HANDED = N_("You handed this page over yourself.")


def read_page_given(page: Fetched) -> Reading:
    """What a page says that a person handed over. Raises InvalidInput, or ServiceError for one that asks for a human."""
    try:
        reading = read(page)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="page", **error.values) from error
    if reading.state == "robot_check":
        raise blocked(reading)
    return reading


def seen_of(page: Fetched, reading: Reading, how: str) -> Seen:
    """This page as if a look had brought it."""
    return replace(examine(Look(page)), reading=reading, error=None, how=how)


def take_page(runtime: Runtime, artist_id: int, page: Fetched) -> int:
    """A page the artist handed over: for the source it belongs to, else a new one is watched from now on. Returns the source's id.

    The page of one release counts for the artist's source on that Bandcamp host. Raises InvalidInput or ServiceError with a sentence
    when it cannot be read; then nothing is changed.
    """
    seen, now = seen_of(page, read_page_given(page), "asked"), runtime.clock()
    with runtime.session() as session:
        artist = session.get(Artist, artist_id)
        if artist is None:
            raise NotFound("There is no such artist.")
        source, whole = _belongs_to(session, artist_id, page, seen)
        if source is None:
            found_how = say(artist.language, _HANDED)
            source = new_source(session, artist_id, page.address, page.address, found_how, seen, now)
        if whole:
            keep(session, source, seen, now)
        else:
            keep_part(session, source, seen, now)
        return source.id or 0


def new_source(session: Session, artist_id: int, address: str, typed: str, found_how: str, seen: Seen, now: datetime) -> Source:
    """A row for this address. Raises InvalidInput when there is one already."""
    kind = seen.reading.source if seen.reading else "feed"
    row = Source(artist_id=artist_id, kind=kind, address=address, typed=typed.strip()[:500], created_at=now, next_poll_at=now)
    row.found_how = found_how
    if not insert_once(session, row):
        raise InvalidInput("You already watch this address.", field="address")
    return session.exec(select(Source).where(Source.artist_id == artist_id, Source.address == address)).one()


def _belongs_to(session: Session, artist_id: int, page: Fetched, seen: Seen) -> tuple[Source | None, bool]:
    """The source of this page, and whether the page is all of it."""
    mine = session.exec(select(Source).where(Source.artist_id == artist_id).order_by(col(Source.id)).with_for_update()).all()
    same = [source for source in mine if url_key(source.address) == url_key(page.address)]
    if same or seen.reading is None or seen.reading.source != "bandcamp":
        return (same[0] if same else None), True
    beside = [source for source in mine if source.kind == "bandcamp" and _host(source.address) == _host(page.address)]
    is_list = len(seen.reading.follow) > 0
    lists = [source for source in beside if urlsplit(source.address).path.rstrip("/") in ("", "/music", "/releases")]
    return (lists[0], is_list) if lists else (None, True)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def read_pushed(runtime: Runtime, pushed_id: int, now: datetime) -> None:
    """Read a stored note as if we had looked. What cannot be read is kept with a sentence, and its source is looked at instead.

    Never raises for what is in it.
    """
    with runtime.reading() as session:
        note = session.get(Pushed, pushed_id)
        push = session.get(Push, note.push_id) if note else None
        source = session.get(Source, note.source_id) if note else None
    if note is None or push is None or source is None or note.state != "waiting":
        return
    seen = _seen_in(note, push, source)
    with runtime.session() as session:
        source = session.get(Source, note.source_id, with_for_update=True)
        row = session.get(Pushed, pushed_id, with_for_update=True)
        if source is None or row is None or row.state != "waiting":
            return
        row.state = "read"
        if seen is not None and (seen.error is not None or seen.robot_check):
            artist = session.get(Artist, source.artist_id)
            row.state, row.sentence = "unreadable", explain(artist.language if artist else "en", seen.error) if seen.error else ""
        session.add(row)
        if row.state == "unreadable" or (seen is not None and not _is_clear(session, source, seen, now)):
            look_now(session, source.id or 0, now)
        elif seen is not None:
            keep_part(session, source, seen, now)


def _is_clear(session: Session, source: Source, seen: Seen, now: datetime) -> bool:
    """Whether a note alone tells what is new. Not where an entry has an id we do not know and is like one we do.

    A hub may send the new entries only; whether the old one is still there beside the new one, the whole list tells.
    """
    if source.baseline_at is None or seen.reading is None:
        return False
    decider = Decider(known_of(session, source.id or 0), today=now.date(), whole=False)
    return not any(decision.renumbered for decision in decider.decide(seen.reading.releases))


def _seen_in(note: Pushed, push: Push, source: Source) -> Seen | None:
    """What the note says; None when it tells of no release."""
    headers = {"content-type": note.content_type} if note.content_type else {}
    page = Fetched(source.topic or source.address, note.body, 200, headers)
    adapter = REGISTRY.get(push.kind)
    if not isinstance(adapter, PushedSource):
        return replace(examine(Look(page)), how="pushed")
    try:
        reading = adapter.pushed(headers, note.body)
    except CreatorbotError as error:
        return Seen(200, headers, len(note.body), error=error, how="pushed")
    return Seen(200, headers, len(note.body), reading=reading, how="pushed") if reading is not None else None
