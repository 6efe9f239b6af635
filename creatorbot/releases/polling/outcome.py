"""What one look at a source brought, and writing it down. Never commits."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlmodel import Session, col, delete, select

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Artist, Fetch, Push, Source
from creatorbot.releases.decide import Decider, Decision
from creatorbot.releases.polling.claiming import Claim
from creatorbot.releases.polling.looking import Look, read
from creatorbot.releases.polling.schedule import Trouble, after_success, after_trouble, cached_for
from creatorbot.releases.pushing import owncast
from creatorbot.releases.storing import known_of, store
from creatorbot.sources.base import FoundRelease, Note, Reading
from creatorbot.wording import N_, explain, say

KEPT_FETCHES = 10
_STATES: Mapping[int, Trouble] = {401: "refused", 403: "refused", 451: "refused", 404: "missing", 410: "gone", 429: "busy", 503: "busy"}
_HELD = Note(
    N_(
        "%(count)d releases appeared here at once. That looks more like a move than like news, so none was taken for new: "
        "please look through them."
    )
)


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
    artist = session.get(Artist, source.artist_id)
    language = artist.language if artist else "en"
    source.lease_until, source.polled_at = None, now
    trouble, decisions, fresh = state_of(seen), list[Decision](), 0
    if trouble:
        _keep_trouble(source, seen, trouble, language, now)
    else:
        decisions, fresh = take_in(session, source, seen, now)
        _keep_success(session, source, seen, fresh, now)
        _keep_words(source, seen, decisions, language)
    session.add(source)
    changed = any(decision.verdict != "same" for decision in decisions)
    session.add(fetch_row(source.id or 0, seen, now, changed=changed, fresh=fresh, sentence=source.sentence if trouble else ""))
    session.flush()
    _forget_old_fetches(session, source.id or 0)
    return fresh


def keep_part(session: Session, source: Source, seen: Seen, now: datetime) -> int:
    """Write down a page that is not the source's own answer, or not all of it: its releases only. Returns how many are new or held."""
    decisions, fresh = take_in(session, source, seen, now)
    source.last_new_at = now if fresh else source.last_new_at
    session.add(source)
    changed = any(decision.verdict != "same" for decision in decisions)
    session.add(fetch_row(source.id or 0, seen, now, changed=changed, fresh=fresh))
    session.flush()
    _forget_old_fetches(session, source.id or 0)
    return fresh


def take_in(session: Session, source: Source, seen: Seen, now: datetime) -> tuple[list[Decision], int]:
    """Decide about a reading and store what it says. Returns the decisions, and how many releases are new or held."""
    if seen.reading is None:
        return [], 0
    seen.reading = owncast.settle(session, source.id or 0, seen.reading, now)
    decider = Decider(known_of(session, source.id or 0), first=source.baseline_at is None, today=now.date())
    decisions = decider.decide(seen.reading.releases, seen.details)
    return decisions, store(session, source, decisions, seen.details, now)


def _keep_trouble(source: Source, seen: Seen, trouble: Trouble, language: str, now: datetime) -> None:
    source.failures += 1
    source.state = trouble
    source.sentence = explain(language, seen.error) if seen.error else _sentence(language, seen.reading.notes if seen.reading else ())
    asked = seen.error.retry_after if isinstance(seen.error, ServiceError) else None
    wait = after_trouble(source.kind, trouble, source.failures, asked_s=asked or 0, spread=random.random())
    source.next_poll_at = now + timedelta(seconds=wait)


def _keep_success(session: Session, source: Source, seen: Seen, fresh: int, now: datetime) -> None:
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
        tells_itself=bool(telling_themselves(session, [source.id or 0], now)),
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
    mine = col(Push.source_id).in_(source_ids)
    rows = session.exec(select(Push.source_id).where(mine, Push.kind == "websub", Push.state == "on", col(Push.expires_at) > now)).all()
    return {row for row in rows if row is not None}


def _keep_words(source: Source, seen: Seen, decisions: list[Decision], language: str) -> None:
    """State and sentence after a look that went well."""
    if seen.reading is None:
        if source.state not in ("ok", "empty"):  # unchanged after trouble: what was there is there again
            source.state, source.sentence = "ok", ""
        return
    source.state = "empty" if seen.reading.state == "empty" else "ok"
    held = sum(decision.verdict == "held" for decision in decisions)
    notes = (Note(_HELD.message, {"count": held}),) if held else seen.reading.notes
    source.sentence = _sentence(language, notes)


def _header(seen: Seen, name: str) -> str:
    value = seen.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _sentence(language: str, notes: tuple[Note, ...]) -> str:
    return " ".join(say(language, note.message, note.values) for note in notes[:2])


def _taken(session: Session, source: Source, address: str) -> bool:
    same = select(Source.id).where(Source.artist_id == source.artist_id, Source.address == address, Source.id != source.id)
    return session.exec(same).first() is not None


def fetch_row(source_id: int, seen: Seen, now: datetime, *, changed: bool = False, fresh: int = 0, sentence: str = "") -> Fetch:
    """This look, for the source's page."""
    return Fetch(
        source_id=source_id,
        at=now,
        how=seen.how,
        outcome="failed" if seen.error else "robot_check" if seen.robot_check else "changed" if changed else "unchanged",
        status=seen.status,
        milliseconds=seen.milliseconds,
        bytes=seen.bytes,
        found=len(seen.reading.releases) if seen.reading else 0,
        fresh=fresh,
        sentence=sentence,
    )


def _forget_old_fetches(session: Session, source_id: int) -> None:
    kept = session.exec(select(Fetch.id).where(Fetch.source_id == source_id).order_by(col(Fetch.id).desc()).limit(KEPT_FETCHES)).all()
    session.exec(delete(Fetch).where(col(Fetch.source_id) == source_id, col(Fetch.id).not_in(kept)))
