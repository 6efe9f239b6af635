"""What was seen in a source, page by page, and the artist's answer about what is held, or what was only listed. Never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from creatorbot.models import Release, Source, SourceItem
from creatorbot.releases.queries import get_source
from creatorbot.wording import N_

A_PAGE = 20
_NEWS = N_("You said that it is new.")
_OLD = N_("You said that it was already out.")
_OPEN = ("held", "listed", "new")  # states of a release that an answer may change: nobody was told about it yet


@dataclass(frozen=True)
class Seen:
    """One page of the items of a source, the newest first. total: of all pages. page: 1 for the first."""

    items: Sequence[SourceItem]
    total: int
    page: int
    pages: int


def seen_in(session: Session, source_id: int, page: int = 1, decision: str = "") -> Seen:
    """The items seen in a source; decision: only those of which this was decided. A page too far is the last one."""
    which = [col(SourceItem.source_id) == source_id] + ([col(SourceItem.decision) == decision] if decision else [])
    total = session.exec(select(func.count()).select_from(SourceItem).where(*which)).one()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 1), pages)
    rows = select(SourceItem).where(*which).order_by(col(SourceItem.first_seen_at).desc(), col(SourceItem.id))
    return Seen(session.exec(rows.limit(A_PAGE).offset((page - 1) * A_PAGE)).all(), total, page, pages)


def held_in(session: Session, source_id: int) -> list[SourceItem]:
    """What waits for the artist's answer in this source, in the order it was listed there."""
    return list(session.exec(select(SourceItem).where(*_held(source_id)).order_by(col(SourceItem.id))).all())


def held_by_source(session: Session, artist_id: int) -> dict[int, int]:
    """How many items wait for an answer, by source; only sources where some do."""
    waiting = select(SourceItem.source_id, func.count()).where(SourceItem.artist_id == artist_id, SourceItem.decision == "held")
    return dict(session.exec(waiting.group_by(col(SourceItem.source_id))).all())


def answer(session: Session, artist_id: int, source_id: int, item_ids: Collection[int] | None, *, news: bool, now: datetime) -> int:
    """The artist says of these items that they are news, or that they were already out. None: of all that are held.

    A release that was announced meanwhile, or merged, stays as it is; what is held is answered all the same, else it would be asked
    for ever. Returns how many took the answer. Raises NotFound for another's source.
    """
    source = get_source(session, artist_id, source_id)
    which = _held(source_id) if item_ids is None else (col(SourceItem.source_id) == source_id, col(SourceItem.id).in_(set(item_ids)))
    taken = sum(_take(session, item, news, now) for item in session.exec(select(SourceItem).where(*which)).all())
    session.flush()
    if taken and source.state == "ok" and not held_in(session, source_id):
        source.sentence = ""  # it asked for exactly this answer
        session.add(source)
    return taken


def answer_release(session: Session, release: Release, *, news: bool, now: datetime) -> bool:
    """The same, said of a release on its own page. False when it is past such a question."""
    items = session.exec(select(SourceItem).where(SourceItem.release_id == release.id)).all()
    sources = {item.source_id for item in items}
    for source_id in sources:
        answer(session, release.artist_id, source_id, [item.id or 0 for item in items], news=news, now=now)
    return _move(session, release, news, now) or bool(sources)


def _held(source_id: int) -> tuple[ColumnElement[bool], ...]:
    return (col(SourceItem.source_id) == source_id, col(SourceItem.decision) == "held")


def _take(session: Session, item: SourceItem, news: bool, now: datetime) -> bool:
    release = session.get(Release, item.release_id) if item.release_id else None
    if release is not None and not _move(session, release, news, now) and item.decision != "held":
        return False
    item.decision, item.why = ("new", _NEWS) if news else ("baseline", _OLD)
    session.add(item)
    return True


def _move(session: Session, release: Release, news: bool, now: datetime) -> bool:
    if release.state not in _OPEN:
        return False
    wanted = "new" if news else "listed"
    if release.state != wanted:
        release.state, release.changed_at = wanted, now
        session.add(release)
    return True


def sources_asking(session: Session, artist_id: int) -> list[tuple[Source, int]]:
    """Sources with held items and how many, the oldest source first."""
    counts = held_by_source(session, artist_id)
    rows = session.exec(select(Source).where(col(Source.id).in_(counts)).order_by(col(Source.id))).all() if counts else []
    return [(row, counts[row.id or 0]) for row in rows]
