"""What one look at a source brought, and writing it down. Never commits."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from sqlmodel import Session, col, delete, select

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Artist, Fetch, Source
from creatorbot.releases.decide import Decider, Decision
from creatorbot.releases.polling import schedule
from creatorbot.releases.polling.finding import follow
from creatorbot.releases.storing import store
from creatorbot.security.http import Door
from creatorbot.sources.base import Fetched, FoundRelease, Note, Reading
from creatorbot.wording import N_, explain, say

_KEPT_FETCHES = 10
_GONE_WAIT_S = 7 * 86_400.0
_HELD = Note(
    N_(
        "%(count)d releases appeared here at once. That looks more like a move than like news, so none was taken for new: "
        "please look through them."
    )
)


@dataclass
class Seen:
    """What one look brought. error: why it brought nothing. unchanged: the server or the body's digest said so."""

    page: Fetched | None = None
    moved_to: str | None = None
    reading: Reading | None = None
    decisions: list[Decision] = field(default_factory=list)
    details: dict[str, FoundRelease] = field(default_factory=dict)
    unchanged: bool = False
    error: CreatorbotError | None = None
    milliseconds: int = 0


def decide(seen: Seen, decider: Decider, door: Door, *, most: int, seconds: float) -> None:
    """Fill in the decisions about a reading, after a look at the pages of entries never seen before. A robot check decides nothing."""
    reading = seen.reading
    if reading is None or reading.state == "robot_check":
        return
    seen.details = follow(door, reading, decider.unseen(reading.releases), most=most, seconds=seconds)
    seen.decisions = decider.decide(reading.releases, seen.details)


def body_hash(page: Fetched) -> str:
    """A digest by which an unchanged page is known."""
    return blake2b(page.body, digest_size=16).hexdigest()


def keep(session: Session, source: Source, seen: Seen, now: datetime) -> None:
    """Write down what one look brought. What is not in the reading stays as it was."""
    artist = session.get(Artist, source.artist_id)
    language = artist.language if artist else "en"
    source.lease_until, source.polled_at = None, now
    robot = seen.reading is not None and seen.reading.state == "robot_check"
    fresh = 0
    if seen.error is not None:
        _keep_failure(source, seen.error, language, now)
    elif robot and seen.reading:
        source.failures += 1
        source.state, source.sentence = "robot_check", _sentence(language, seen.reading.notes)
        source.next_poll_at = schedule.next_poll(source.kind, source.failures, now)
    else:
        fresh = store(session, source, seen.decisions, seen.details, now)
        _keep_success(session, source, seen, language, now)
    session.add(source)
    _keep_fetch(session, source, seen, fresh, robot, now)


def _keep_failure(source: Source, error: CreatorbotError, language: str, now: datetime) -> None:
    status = error.status if isinstance(error, ServiceError) else None
    source.failures += 1
    source.state = {410: "gone", 401: "refused", 403: "refused"}.get(status or 0, "failing")
    source.sentence = explain(language, error)
    asked = error.retry_after if isinstance(error, ServiceError) else None
    source.next_poll_at = schedule.next_poll(source.kind, source.failures, now, _GONE_WAIT_S if status == 410 else asked)


def _keep_success(session: Session, source: Source, seen: Seen, language: str, now: datetime) -> None:
    source.failures = 0
    source.next_poll_at = schedule.next_poll(source.kind, 0, now)
    if seen.moved_to and not _taken(session, source, seen.moved_to):
        source.address = seen.moved_to
    if seen.page is not None and seen.page.status == 200:
        source.etag, source.last_modified = _header(seen.page, "etag"), _header(seen.page, "last-modified")
        source.body_hash = body_hash(seen.page)
    if seen.reading is None:
        if source.state not in ("ok", "empty"):  # unchanged after trouble: what was there is there again
            source.state, source.sentence = "ok", ""
        return
    source.baseline_at = source.baseline_at or now
    source.title = seen.reading.title or source.title
    source.state = seen.reading.state
    held = sum(decision.verdict == "held" for decision in seen.decisions)
    notes = (Note(_HELD.message, {"count": held}),) if held else seen.reading.notes
    source.sentence = _sentence(language, notes)


def _header(page: Fetched, name: str) -> str:
    value = page.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _sentence(language: str, notes: tuple[Note, ...]) -> str:
    return " ".join(say(language, note.message, note.values) for note in notes[:2])


def _taken(session: Session, source: Source, address: str) -> bool:
    same = select(Source.id).where(Source.artist_id == source.artist_id, Source.address == address, Source.id != source.id)
    return session.exec(same).first() is not None


def _keep_fetch(session: Session, source: Source, seen: Seen, fresh: int, robot: bool, now: datetime) -> None:
    changed = any(decision.verdict != "same" for decision in seen.decisions)
    outcome = "failed" if seen.error else "robot_check" if robot else "changed" if changed else "unchanged"
    session.add(
        Fetch(
            source_id=source.id or 0,
            at=now,
            outcome=outcome,
            status=seen.page.status if seen.page else 0,
            milliseconds=seen.milliseconds,
            bytes=len(seen.page.body) if seen.page else 0,
            found=len(seen.reading.releases) if seen.reading else 0,
            fresh=fresh,
            sentence=source.sentence if seen.error or robot else "",
        )
    )
    session.flush()
    kept = session.exec(select(Fetch.id).where(Fetch.source_id == source.id).order_by(col(Fetch.id).desc()).limit(_KEPT_FETCHES)).all()
    session.exec(delete(Fetch).where(col(Fetch.source_id) == source.id, col(Fetch.id).not_in(kept)))
