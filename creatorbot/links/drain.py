"""From the journal into the database: visits, people, totals and servers reached, with the place in the file, in one transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
from sqlalchemy import Table, case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from creatorbot.links import journal
from creatorbot.links.classify import RULES, Classified, VisitFacts, classify
from creatorbot.models import JournalPosition, Link, Reach, Visit, VisitorDay, VisitTotal
from creatorbot.storage.once import insert_once

BATCH = 20_000
MOST_SERVERS = 20_000  # of one link: user agents can be forged
_CHUNK = 500
QUARTER_MS = 15 * 60 * 1000
Place = tuple[int, datetime]  # link, quarter of an hour


@dataclass(frozen=True)
class Line:
    """One line of the journal, understood. visitor: None when the visitor asked not to be followed. button: which was pressed, or ""."""

    code: str
    at_ms: int
    visitor: bytes | None
    referrer_host: str
    facts: VisitFacts
    button: str = ""

    @property
    def at(self) -> datetime:
        """When it was answered."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)

    @property
    def quarter(self) -> datetime:
        """The quarter of an hour it belongs to."""
        return datetime.fromtimestamp(self.at_ms // QUARTER_MS * QUARTER_MS / 1000, UTC)


@dataclass
class _Tally:
    visits: list[dict[str, object]] = field(default_factory=list)
    kinds: dict[Place, Counter[str]] = field(default_factory=dict)
    people: dict[tuple[int, date, bytes], datetime] = field(default_factory=dict)
    servers: dict[tuple[int, str], tuple[str, datetime, int]] = field(default_factory=dict)


def drain_batch(session: Session, folder: Path, now: datetime, *, most: int = BATCH, most_servers: int = MOST_SERVERS) -> int:
    """Move at most `most` lines. Returns how many were read; 0 when the journal is drained. Each line counts exactly once,
    however often and wherever this is started, because the caller's commit moves rows and offset together."""
    lines: list[bytes] = []
    for path in journal.segments(folder):
        lines += _take(session, path, most - len(lines), now)
        if len(lines) >= most:
            break
    if lines:
        _store(session, [line for raw in lines if (line := understand(raw)) is not None], most_servers)
    return len(lines)


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


def understand(raw: bytes) -> Line | None:
    """Read one line; the good part of a line behind a torn piece; None for what is no line of ours."""
    start = raw.rfind(journal.BEGINNING)
    if start < 0:
        return None
    try:
        found = orjson.loads(raw[start:])
        return Line(
            code=found["c"],
            at_ms=found["t"],
            visitor=bytes.fromhex(found["h"]) or None,
            referrer_host=found["r"],
            facts=VisitFacts(found["u"], found["m"], found["f"], found["d"], found["p"], found["a"], found["l"]),
            button=str(found.get("b", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _store(session: Session, lines: list[Line], most_servers: int) -> None:
    links = _links(session, {line.code for line in lines})
    known: dict[VisitFacts, Classified] = {}
    tally = _Tally()
    for line in lines:
        found = links.get(line.code)
        if found is None:  # deleted meanwhile
            continue
        verdict = known.get(line.facts)
        if verdict is None:
            verdict = known[line.facts] = classify(line.facts)
        _add(tally, line, found[0], found[1], verdict)
    if not tally.visits:
        return
    session.execute(_table(Visit).insert(), tally.visits)
    _count_people(session, tally)
    _add_totals(session, tally.kinds)
    _add_servers(session, tally.servers, most_servers)


def _links(session: Session, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    wanted = list(codes)
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(wanted), _CHUNK):
        asked = select(Link.code, Link.id, Link.artist_id).where(col(Link.code).in_(wanted[start : start + _CHUNK]))
        found |= {code: (link_id or 0, artist_id) for code, link_id, artist_id in session.exec(asked)}
    return found


def _add(tally: _Tally, line: Line, link_id: int, artist_id: int, verdict: Classified) -> None:
    if not line.button:
        _count(tally, line, link_id, verdict)
    elif verdict.kind == "person":  # who presses one has opened the page before, and was counted then
        tally.kinds.setdefault((link_id, line.quarter), Counter())["presses"] += 1
    tally.visits.append(
        {
            "artist_id": artist_id,
            "link_id": link_id,
            "at": line.at,
            "kind": verdict.kind,
            "reason": verdict.reason,
            "rules": RULES,
            # A machine's hash serves nobody.
            "visitor": line.visitor if verdict.kind in ("person", "uncertain") else None,
            "button": line.button,
            "server_host": verdict.host,
            "referrer_host": line.referrer_host,
            "facts": asdict(line.facts),
        }
    )


def _count(tally: _Tally, line: Line, link_id: int, verdict: Classified) -> None:
    """A page that was opened, into the totals."""
    at, quarter = line.at, line.quarter
    kinds = tally.kinds.setdefault((link_id, quarter), Counter())
    kinds[verdict.kind] += 1
    if verdict.kind == "person" and line.visitor is None:
        kinds["people"] += 1
    elif verdict.kind == "person" and line.visitor is not None:
        seen = (link_id, at.date(), line.visitor)
        tally.people[seen] = min(quarter, tally.people.get(seen, quarter))
    if verdict.host:
        software, first, hits = tally.servers.get((link_id, verdict.host), (verdict.software, at, 0))
        tally.servers[link_id, verdict.host] = (software, min(first, at), hits + 1)


def _count_people(session: Session, tally: _Tally) -> None:
    if not tally.people:
        return
    table = _table(VisitorDay)
    rows = [{"link_id": link_id, "day": day, "visitor": visitor} for link_id, day, visitor in tally.people]
    fresh = _insert(session, table).on_conflict_do_nothing().returning(table.c.link_id, table.c.day, table.c.visitor)
    for link_id, day, visitor in session.execute(fresh, rows):
        quarter = tally.people[link_id, day, bytes(visitor)]
        tally.kinds.setdefault((link_id, quarter), Counter())["people"] += 1


def _add_totals(session: Session, kinds: Mapping[Place, Counter[str]]) -> None:
    table = _table(VisitTotal)
    names = ("people", "person", "preview", "bot", "uncertain", "presses")
    rows = [
        {"link_id": link_id, "quarter": quarter, **{name: found[name] for name in names}}
        for (link_id, quarter), found in sorted(kinds.items())
    ]
    upsert = _insert(session, table)
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=["link_id", "quarter"], set_={name: table.c[name] + upsert.excluded[name] for name in names}
        ),
        rows,
    )


def _add_servers(session: Session, servers: Mapping[tuple[int, str], tuple[str, datetime, int]], most: int) -> None:
    table = _table(Reach)
    crowded = _crowded(session, servers, most)
    rows = [
        {"link_id": link_id, "host": host, "software": software, "first_seen_at": first, "hits": hits}
        for (link_id, host), (software, first, hits) in sorted(servers.items())
        if host not in crowded.get(link_id, ())
    ]
    if not rows:
        return
    upsert = _insert(session, table)
    earlier = case((upsert.excluded.first_seen_at < table.c.first_seen_at, upsert.excluded.first_seen_at), else_=table.c.first_seen_at)
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=["link_id", "host"], set_={"hits": table.c.hits + upsert.excluded.hits, "first_seen_at": earlier}
        ),
        rows,
    )


def _crowded(session: Session, servers: Iterable[tuple[int, str]], most: int) -> dict[int, set[str]]:
    """Per link that would get too many servers: those to leave out."""
    met: dict[int, set[str]] = {}
    for link_id, host in servers:
        met.setdefault(link_id, set()).add(host)
    asked = select(Reach.link_id, func.count()).where(col(Reach.link_id).in_(sorted(met))).group_by(col(Reach.link_id))
    left_out: dict[int, set[str]] = {}
    for link_id, count in {**dict.fromkeys(met, 0), **dict(session.exec(asked).all())}.items():
        if count + len(met[link_id]) > most:
            known = set(session.exec(select(Reach.host).where(Reach.link_id == link_id)).all())
            fresh = sorted(met[link_id] - known)
            left_out[link_id] = set(fresh[max(0, most - count) :])
    return left_out


def _insert(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
