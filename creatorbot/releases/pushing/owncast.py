"""An Owncast server's streams, put together from its notes and from our looks: one stream is one release, however often OBS reconnects."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from creatorbot.models import Push, Pushed, Release, ReleaseChange, Source, SourceItem
from creatorbot.releases.pushing.live import LOST, Moment, Stream, streams
from creatorbot.releases.pushing.notes import moment_of, read_note
from creatorbot.security.secrets import word
from creatorbot.sources.base import FoundRelease, Reading
from creatorbot.sources.owncast import UNTITLED
from creatorbot.storage.once import insert_once

KIND = "owncast"
_STARTED, _STOPPED = "STREAM_STARTED", "STREAM_STOPPED"
_LOOKED = "looked"  # in place of a content type: a moment that we saw ourselves, kept beside the notes
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_ENDED_WITHIN = timedelta(days=30)


def path_of(session: Session, source: Source, now: datetime) -> Push:
    """The secret path that the server's owner pastes under Integrations; made at the first asking."""
    found = _push_of(session, source.id or 0)
    if found is None:
        row = Push(
            artist_id=source.artist_id, source_id=source.id, kind=KIND, public_id=word(40), created_at=now, next_try_at=now, state="wanted"
        )
        insert_once(session, row)
        found = session.exec(select(Push).where(Push.source_id == source.id, Push.kind == KIND)).one()
    return found


def renew_path(session: Session, source: Source, now: datetime) -> Push:
    """Another secret path: the old one is answered no more."""
    push = path_of(session, source, now)
    push.public_id, push.state, push.confirmed_at = word(40), "wanted", None
    session.add(push)
    return push


def sort_out(session: Session, source_id: int, now: datetime) -> list[int]:
    """Go through the notes that wait. Returns those to be read as news: at most one, the start of a stream not known yet.

    The others say nothing new: an end, a reconnect, a stream that was over before we came to read of it.
    """
    waiting = session.exec(
        select(Pushed)
        .join(Push, col(Push.id) == col(Pushed.push_id))
        .where(Pushed.source_id == source_id, Pushed.state == "waiting", Push.kind == KIND)
        .order_by(col(Pushed.id))
    ).all()
    newest = _newest(session, source_id)
    news: Pushed | None = None
    if newest is not None and not newest.is_over(now) and _item_of(session, source_id, newest) is None:
        news = next((row for row in reversed(waiting) if _starts(row, newest)), None)
    done = [row.id for row in waiting if row is not news]
    session.exec(update(Pushed).where(col(Pushed.id).in_(done)).values(state="read"))
    return [news.id] if news is not None and news.id is not None else []


def settle(session: Session, source_id: int, reading: Reading, now: datetime) -> Reading:
    """An Owncast reading whose stream is named as the stream it belongs to, so that note and look find the same release.

    What the reading itself tells (live since when, or silent) is kept beside the notes. Other readings are given back as they are.
    """
    if reading.source != KIND or reading.state == "robot_check":
        return reading
    push = _push_of(session, source_id)
    source = session.get(Source, source_id)
    if source is None:
        return reading
    push = push or path_of(session, source, now)
    live = [one for one in reading.releases if one.kind == "stream"]
    newest = _newest(session, source_id)
    if not live:
        if newest is not None and newest.silent_at is None:
            _keep_look(session, push, Moment(now, silent=True))
        return reading
    stream = newest if newest is not None and newest.silent_at is None else None
    began = min(moment_in(live[0].guid) or (stream.live_at if stream else now), now)
    if newest is not None and newest.is_over(now) and newest.silent_at and began <= newest.silent_at:
        began = now  # live since before an end we know of: the clock over there is wrong
    if newest is None or _goes_on(newest, began):
        _keep_look(session, push, Moment(began))
    return replace(reading, releases=(_named(session, source, live[0], began),))


def over(session: Session, now: datetime) -> list[int]:
    """Releases of streams that have been silent for longer than a reconnect takes."""
    servers = session.exec(select(Push.source_id).where(Push.kind == KIND, col(Push.source_id).is_not(None))).all()
    if not servers:  # asked every other second, mostly for nothing
        return []
    running = session.exec(
        select(Release.id, SourceItem.source_id, SourceItem.guid)
        .join(SourceItem, col(SourceItem.release_id) == col(Release.id))
        .where(col(SourceItem.source_id).in_(servers), SourceItem.first_seen_at > now - _ENDED_WITHIN)
        .where(Release.kind == "stream", Release.availability == "out")
    ).all()
    known = {source_id: streams_of(session, source_id) for source_id in {source_id for _, source_id, _ in running}}
    found = []
    for release_id, source_id, guid in running:
        began = moment_in(guid)
        mine = next((one for one in known[source_id] if began and _second(one.started_at) <= began and one.holds(began)), None)
        if mine is not None and mine.is_over(now) and release_id is not None:
            found.append(release_id)
    return found


def end_streams(session: Session, now: datetime) -> int:
    """What was over is so from now on: these releases can be had no more. How many."""
    ended = over(session, now)
    for release_id in ended:
        _end(session, session.get_one(Release, release_id), now)
    return len(ended)


def _end(session: Session, release: Release, now: datetime) -> None:
    release.availability, release.changed_at = "withdrawn", now
    session.add(release)
    session.add(
        ReleaseChange(
            artist_id=release.artist_id,
            release_id=release.id or 0,
            source_id=release.source_id,
            at=now,
            what="withdrawn",
            before={"availability": "out"},
            after={"availability": "withdrawn"},
        )
    )


def streams_of(session: Session, source_id: int) -> list[Stream]:
    """All streams of this server that notes and looks still tell of, oldest first."""
    rows = session.exec(
        select(Pushed).join(Push, col(Push.id) == col(Pushed.push_id)).where(Pushed.source_id == source_id, Push.kind == KIND)
    ).all()
    return streams(_moments(rows))


def _moments(rows: Iterable[Pushed]) -> Iterable[Moment]:
    for row in rows:
        note = read_note(row.body)
        if note is not None and note.kind in (_STARTED, _STOPPED):
            at = row.received_at if row.content_type == _LOOKED else note.at(row.received_at)
            yield Moment(at, silent=note.kind == _STOPPED)


def _starts(row: Pushed, stream: Stream) -> bool:
    return any(not moment.silent and stream.holds(moment.at) for moment in _moments([row]))


def _goes_on(newest: Stream, began: datetime) -> bool:
    """Whether a look that finds the server live since then says anything new: later than all we know."""
    return began > (newest.silent_at or newest.live_at)


def _named(session: Session, source: Source, found: FoundRelease, began: datetime) -> FoundRelease:
    """The stream under the name of the one it belongs to. A look tells less than a note: what is known already stays."""
    known = streams_of(session, source.id or 0)
    stream = next((one for one in reversed(known) if one.holds(began)), None) or (known[-1] if known else Stream(began, began))
    item = _item_of(session, source.id or 0, stream)
    first = (moment_in(item.guid) if item else None) or stream.started_at
    front = source.address.removesuffix("/").removesuffix("/api/status") + "/"
    named = replace(
        found, guid=item.guid if item else f"live-{_second(first):%Y-%m-%dT%H:%M:%SZ}", url=found.url or front, released_on=first.date()
    )
    release = session.get(Release, item.release_id) if item and item.release_id else None
    if item is None or release is None:
        return named
    return replace(
        named,
        title=item.title if found.title == UNTITLED else found.title,
        artist=found.artist or release.artist_name,
        description=found.description or release.description,
    )


def _item_of(session: Session, source_id: int, stream: Stream) -> SourceItem | None:
    """The entry that stands for this stream already: the earliest whose name lies within it."""
    since = _second(stream.started_at) - LOST
    rows = session.exec(select(SourceItem).where(SourceItem.source_id == source_id).order_by(col(SourceItem.id).desc()).limit(200)).all()
    named = [(began, row) for row in rows if (began := moment_in(row.guid)) is not None and began > since]
    inside = [(began, row.id or 0, row) for began, row in named if _second(stream.started_at) <= began and stream.holds(began)]
    return min(inside, key=lambda one: one[:2])[2] if inside else None


def moment_in(guid: str) -> datetime | None:
    """The start that the name of a stream carries; None when it carries none."""
    found = _MOMENT.search(guid)
    return moment_of(found.group()) if found else None


def _newest(session: Session, source_id: int) -> Stream | None:
    known = streams_of(session, source_id)
    return known[-1] if known else None


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _push_of(session: Session, source_id: int) -> Push | None:
    return session.exec(select(Push).where(Push.source_id == source_id, Push.kind == KIND)).first()


def _keep_look(session: Session, push: Push, moment: Moment) -> None:
    kind = _STOPPED if moment.silent else _STARTED
    row = Pushed(
        push_id=push.id or 0,
        source_id=push.source_id or 0,
        received_at=moment.at,
        content_type=_LOOKED,
        digest=f"{_LOOKED} {kind} {moment.at.isoformat()}",
        body=f'{{"type":"{kind}"}}'.encode(),
        state="read",
    )
    insert_once(session, row)
