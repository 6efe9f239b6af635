"""What one look at a source brought, and writing it down. Never commits."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import bindparam, delete, func, insert
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Artist, Fetch, Push, Source
from creatorbot.releases.decide import Decider
from creatorbot.releases.polling.claiming import Claim
from creatorbot.releases.polling.looking import Look, read
from creatorbot.releases.polling.schedule import Trouble, after_success, after_trouble, cached_for
from creatorbot.releases.pushing import owncast
from creatorbot.releases.storing import known_of, store
from creatorbot.sources.base import FoundRelease, Note, Reading
from creatorbot.storage.types import UtcDateTime
from creatorbot.wording import N_, explain, say

KEPT_FETCHES = 10
_FETCH = SQLModel.metadata.tables[str(Fetch.__tablename__)]
_NUMBER = func.row_number().over(partition_by=_FETCH.c.source_id, order_by=_FETCH.c.id.desc()).label("number")
_RANKED = columns(_FETCH.c.id, _NUMBER).where(_FETCH.c.source_id.in_(bindparam("sources", expanding=True))).subquery()
_FORGET = delete(_FETCH).where(_FETCH.c.id.in_(columns(_RANKED.c.id).where(_RANKED.c.number > KEPT_FETCHES)))
_TOLD_BY_HUBS = select(Push.source_id).where(
    col(Push.source_id).in_(bindparam("sources", expanding=True)),
    Push.kind == "websub",
    Push.state == "on",
    col(Push.expires_at) > bindparam("now", type_=UtcDateTime()),
)
_STATES: Mapping[int, Trouble] = {401: "refused", 403: "refused", 451: "refused", 404: "missing", 410: "gone", 429: "busy", 503: "busy"}
_HELD = Note(
    N_(
        "%(count)d releases appeared here at once. That looks more like a move than like news, so none was taken for new: "
        "please look through them."
    )
)
_ONE_HELD = Note(N_("One release turned up here of which we cannot tell whether it is new: please look at it."))
_EMPTIED = Note(N_("Nothing is listed there at the moment. What we know from there stays as it is."))


@dataclass
class Seen:
    """What one look brought; not the page itself, so that many can wait to be written down.

    status, headers, bytes, digest: of the page; status 0 when none came. error: why it brought nothing. unchanged: the server or the
    body's digest said so. details: by guid, what entries' own pages say. how: polled | asked | pushed.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    bytes: int = 0
    digest: str = ""
    moved_to: str | None = None
    reading: Reading | None = None
    details: dict[str, FoundRelease] = field(default_factory=dict)
    unchanged: bool = False
    error: CreatorbotError | None = None
    milliseconds: int = 0
    how: str = "polled"

    @property
    def robot_check(self) -> bool:
        """Whether a page asked for a human instead of being read."""
        return self.reading is not None and self.reading.state == "robot_check"


def examine(look: Look, claimed: Claim | None = None) -> Seen:
    """What this page says. claimed: what we know already, so that a page that stayed the same costs no reading. Never raises."""
    page = look.page
    digest = blake2b(page.body, digest_size=16).hexdigest()
    seen = Seen(page.status, page.headers, len(page.body), digest, look.moved_to)
    if claimed is not None:
        asked_for_changes = page.status == 304 and claimed.headers != {}
        seen.unchanged = asked_for_changes or (page.status == 200 and digest == claimed.body_hash)
    if not seen.unchanged:
        try:
            seen.reading = read(page)
        except CreatorbotError as error:
            seen.error = error
    return seen


def state_of(seen: Seen) -> Trouble | None:
    """What kind of trouble this look ran into, if it did."""
    if seen.robot_check:
        return "robot_check"
    if seen.error is None:
        return None
    status = seen.error.status if isinstance(seen.error, ServiceError) else None
    if status is not None:
        return _STATES.get(status, "failing")
    return "broken" if seen.status == 200 else "failing"


def keep(session: Session, source: Source, seen: Seen, now: datetime) -> int:
    """Write down what one look brought. What is not in the reading stays as it was. Returns how many releases are new or held."""
    return keep_all(session, [(source, seen)], now)


def keep_all(session: Session, looks: Sequence[tuple[Source, Seen]], now: datetime) -> int:
    """The same for the looks at several sources: what is asked and written for each is asked and written for all at once."""
    artists = {row.id: row for row in session.exec(select(Artist).where(col(Artist.id).in_({source.artist_id for source, _ in looks})))}
    pushed = telling_themselves(session, [source.id or 0 for source, _ in looks], now)
    took = [take_in(session, source, seen, now) if state_of(seen) is None else Took() for source, seen in looks]
    rows = []
    for (source, seen), one in zip(looks, took, strict=True):
        source.lease_until, source.polled_at = None, now
        trouble, artist = state_of(seen), artists.get(source.artist_id)
        language = artist.language if artist else "en"
        if trouble:
            _keep_trouble(source, seen, trouble, language, now)
        else:
            _keep_success(session, source, seen, one.fresh, source.id in pushed, now)
            _keep_words(source, seen, one, language)
        session.add(source)
        rows.append(fetch_row(source.id or 0, seen, now, one, sentence=source.sentence if trouble else ""))
    session.flush()
    keep_fetches(session, rows)
    return sum(one.fresh for one in took)


def keep_part(session: Session, source: Source, seen: Seen, now: datetime) -> int:
    """Write down a page that is not the source's own answer, or not all of it: its releases only. Returns how many are new or held."""
    took = take_in(session, source, seen, now, whole=False)
    source.last_new_at = now if took.fresh else source.last_new_at
    session.add(source)
    session.flush()
    keep_fetches(session, [fetch_row(source.id or 0, seen, now, took)])
    return took.fresh


@dataclass(frozen=True)
class Took:
    """What became of a reading: whether anything was not as before, how many releases are held for the artist, how many new or held.

    emptied: it lists nothing, although something is known from there.
    """

    changed: bool = False
    held: int = 0
    fresh: int = 0
    emptied: bool = False


def take_in(session: Session, source: Source, seen: Seen, now: datetime, *, whole: bool = True) -> Took:
    """Decide about a reading and store what it says. whole: it is all that the source lists."""
    if seen.reading is None:
        return Took()
    seen.reading = owncast.settle(session, source.id or 0, seen.reading, now)
    first = source.baseline_at is None
    known = known_of(session, source.id or 0)
    decider = Decider(known, first=first, today=now.date(), whole=whole)
    decisions = decider.decide(seen.reading.releases, seen.details)
    fresh = store(session, source, decisions, seen.details, now)
    verdicts = [decision.verdict for decision in decisions]
    emptied = whole and bool(known) and not decisions and seen.reading.source != owncast.KIND
    return Took(emptied or any(verdict != "same" for verdict in verdicts), verdicts.count("held"), fresh, emptied)


def _keep_trouble(source: Source, seen: Seen, trouble: Trouble, language: str, now: datetime) -> None:
    source.failures += 1
    source.state = trouble
    source.sentence = explain(language, seen.error) if seen.error else _sentence(language, seen.reading.notes if seen.reading else ())
    asked = seen.error.retry_after if isinstance(seen.error, ServiceError) else None
    wait = after_trouble(source.kind, trouble, source.failures, asked_s=asked or 0, spread=random.random())
    source.next_poll_at = now + timedelta(seconds=wait)


def _keep_success(session: Session, source: Source, seen: Seen, fresh: int, pushed: bool, now: datetime) -> None:
    source.failures = 0
    if seen.moved_to and not _taken(session, source, seen.moved_to):
        source.address = seen.moved_to
    if seen.reading is not None:
        source.kind, source.title = seen.reading.source, seen.reading.title or source.title
        source.software, source.hub, source.topic = seen.reading.software, seen.reading.hub, seen.reading.topic
        gathered = seen.reading.gathered  # then the first page being the same says nothing of the others
        source.etag, source.last_modified = ("", "") if gathered else (_header(seen, "etag"), _header(seen, "last-modified"))
        source.body_hash = "" if gathered else seen.digest
    source.last_new_at = now if fresh else source.last_new_at
    known = Known(
        source.id or 0,
        source.kind,
        source.interval_s,
        source.asked_s,
        source.last_new_at or source.baseline_at or source.created_at,
        tells_itself=pushed,
    )
    source.asked_s, source.interval_s, source.next_poll_at = paced(known, seen, now, news=fresh > 0)
    if seen.reading is not None:
        source.baseline_at = source.baseline_at or now


@dataclass(frozen=True)
class Known:
    """What the next look's time is reckoned from. news_at: when news was last there, or when we began to look."""

    source_id: int
    kind: str
    interval_s: int
    asked_s: int
    news_at: datetime
    tells_itself: bool


def paced(known: Known, seen: Seen, now: datetime, *, news: bool = False) -> tuple[int, int, datetime]:
    """After a look that went well: how long the source asks to be left alone, how often we look now, and when next."""
    cached = cached_for(seen.headers, now) or 0
    # What the page itself asked for when it was last read is still true while it stays the same.
    asked = max(cached, seen.reading.pace_s if seen.reading else known.asked_s)
    pace = after_success(
        known.kind,
        known.interval_s,
        (now - known.news_at).total_seconds(),
        news=news,
        by_itself=seen.how == "polled",
        asked_s=asked,
        tells_itself=known.tells_itself,
        spread=random.random(),
    )
    return min(asked, 10**9), pace.interval_s, now + timedelta(seconds=pace.wait_s)


def telling_themselves(session: Session, source_ids: list[int], now: datetime) -> set[int]:
    """Of these sources those whose hub tells us of news by itself, as far as we know."""
    return set(session.execute(_TOLD_BY_HUBS, {"sources": source_ids, "now": now}).scalars())


def _keep_words(source: Source, seen: Seen, took: Took, language: str) -> None:
    """State and sentence after a look that went well."""
    if seen.reading is None:
        if source.state not in ("ok", "empty"):  # unchanged after trouble: what was there is there again
            source.state, source.sentence = "ok", ""
        return
    source.state = "empty" if seen.reading.state == "empty" else "ok"
    held = (Note(_HELD.message, {"count": took.held}) if took.held > 1 else _ONE_HELD,) if took.held else ()
    notes = (_EMPTIED,) if took.emptied else held or seen.reading.notes
    source.sentence = _sentence(language, notes)


def _header(seen: Seen, name: str) -> str:
    value = seen.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _sentence(language: str, notes: tuple[Note, ...]) -> str:
    return " ".join(say(language, note.message, note.values) for note in notes[:2])


def _taken(session: Session, source: Source, address: str) -> bool:
    same = select(Source.id).where(Source.artist_id == source.artist_id, Source.address == address, Source.id != source.id)
    return session.exec(same).first() is not None


def fetch_row(source_id: int, seen: Seen, now: datetime, took: Took | None = None, sentence: str = "") -> dict[str, object]:
    """This look, for the source's page: the columns of a Fetch."""
    return {
        "source_id": source_id,
        "at": now,
        "how": seen.how,
        "outcome": "failed" if seen.error else "robot_check" if seen.robot_check else "changed" if took and took.changed else "unchanged",
        "status": seen.status,
        "milliseconds": seen.milliseconds,
        "bytes": seen.bytes,
        "found": len(seen.reading.releases) if seen.reading else 0,
        "fresh": took.fresh if took else 0,
        "sentence": sentence,
    }


def keep_fetches(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Add these looks, and forget those beyond the last ten of each source."""
    session.connection().execute(insert(_FETCH), [dict(row) for row in rows])
    session.connection().execute(_FORGET, {"sources": [row["source_id"] for row in rows]})
