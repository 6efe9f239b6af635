"""From the journal into the database: visits, people, totals, referrers and servers reached, with the place in the file, in one
transaction."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from creatorbot.links import journal
from creatorbot.links.classify import PRESENT, Rules
from creatorbot.links.counting.batch import Seen, store
from creatorbot.links.counting.lines import Line, understand
from creatorbot.links.counting.servers import MOST_SERVERS
from creatorbot.links.counting.tables import alone_counting
from creatorbot.models import JournalPosition, Link
from creatorbot.storage.once import insert_once

__all__ = ["BATCH", "MOST_SERVERS", "Line", "drain_batch", "understand"]
BATCH = 20_000
_CHUNK = 500


def drain_batch(
    session: Session, folder: Path, now: datetime, *, most: int = BATCH, most_servers: int = MOST_SERVERS, rules: Rules = PRESENT
) -> int:
    """Move at most `most` lines. Returns how many were read; 0 when the journal is drained. Each line counts exactly once,
    however often and wherever this is started, because the caller's commit moves rows and offset together."""
    alone_counting(session)
    lines: list[bytes] = []
    for path in journal.segments(folder):
        lines += _take(session, path, most - len(lines), now)
        if len(lines) >= most:
            break
    if lines:
        with _no_look_for_garbage():
            _store(session, [line for raw in lines if (line := understand(raw)) is not None], most_servers, rules)
    return len(lines)


@contextmanager
def _no_look_for_garbage() -> Iterator[None]:
    """Half a million small objects, none of them in a circle: looking through them again and again is a seventh of the work."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()


def _take(session: Session, path: Path, most: int, now: datetime) -> list[bytes]:
    place = session.get(JournalPosition, path.name)
    if place is not None and path.stat().st_size <= place.offset:
        return []
    insert_once(session, JournalPosition(segment=path.name, offset=0, changed_at=now))
    # Locked until the commit: on PostgreSQL a second drainer waits here and then sees our offset.
    locked = select(JournalPosition).where(JournalPosition.segment == path.name).with_for_update()
    place = session.exec(locked, execution_options={"populate_existing": True}).one()
    lines, place.offset = journal.read_lines(path, place.offset, most)
    place.changed_at = now
    session.add(place)
    return lines


def _store(session: Session, lines: list[Line], most_servers: int, rules: Rules) -> None:
    links = _links(session, {line.code for line in lines})
    # A link that was deleted meanwhile is passed over.
    seen = [Seen(line, *found) for line in lines if (found := links.get(line.code)) is not None]
    if seen:
        store(session, seen, rules, most_servers)


def _links(session: Session, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    wanted = list(codes)
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(wanted), _CHUNK):
        asked = select(Link.code, Link.id, Link.artist_id).where(col(Link.code).in_(wanted[start : start + _CHUNK]))
        found |= {code: (link_id or 0, artist_id) for code, link_id, artist_id in session.exec(asked)}
    return found
