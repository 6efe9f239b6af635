"""Servers that received posts: per link (Reach), and for the artist the post by which each was met first (ServerMet)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, func, select

from creatorbot.links.counting.tables import table_of
from creatorbot.links.counting.tally import Met
from creatorbot.models import Reach, ServerMet
from creatorbot.storage.bulk import merge, moment_text

MOST_SERVERS = 20_000  # of one link: user agents can be forged
Servers = Mapping[tuple[int, str], Met]  # by link and host

_EARLIER = "new.first_seen_at < old.first_seen_at"
# The same moment: the older link, so that it does not matter which was read first.
_MET_EARLIER = f"{_EARLIER} OR (new.first_seen_at = old.first_seen_at AND new.first_link_id < old.first_link_id)"


def add_servers(session: Session, servers: Servers, most: int = MOST_SERVERS) -> None:
    """Note servers that fetched; those beyond the most that one link may have are forged, and noted nowhere."""
    if not servers:
        return
    crowded = _crowded(session, servers, most)
    taken = {place: met for place, met in sorted(servers.items()) if place[1] not in crowded.get(place[0], ())}
    written = moment_text(session)
    rows = [(link_id, host, met.software, written(met.first_ms), met.hits) for (link_id, host), met in taken.items()]
    merge(
        session,
        table_of(Reach),
        ("link_id", "host", "software", "first_seen_at", "hits"),
        rows,
        ("link_id", "host"),
        {"hits": "old.hits + new.hits", **_taking(("software", "first_seen_at"), _EARLIER)},
    )
    note_met(session, taken)


def note_met(session: Session, servers: Servers) -> None:
    """By which link these were met first, unless they were met earlier."""
    first: dict[tuple[int, str], tuple[int, int, str]] = {}
    for (link_id, host), met in servers.items():
        whose, found = (met.artist_id, host), (met.first_ms, link_id, met.software)
        before = first.get(whose)
        if before is None or found < before:
            first[whose] = found
    written = moment_text(session)
    merge(
        session,
        table_of(ServerMet),
        ("artist_id", "host", "software", "first_seen_at", "first_link_id"),
        [(artist_id, host, software, written(at), link_id) for (artist_id, host), (at, link_id, software) in sorted(first.items())],
        ("artist_id", "host"),
        {name: f"new.{name}" for name in ("software", "first_seen_at", "first_link_id")},
        when=_MET_EARLIER,
    )


def _taking(names: Iterable[str], when: str) -> dict[str, str]:
    """Columns that become the new ones when this holds."""
    return {name: f"CASE WHEN {when} THEN new.{name} ELSE old.{name} END" for name in names}


def _crowded(session: Session, servers: Iterable[tuple[int, str]], most: int) -> dict[int, set[str]]:
    """Per link that would get too many servers: those to leave out."""
    met: defaultdict[int, set[str]] = defaultdict(set)
    for link_id, host in servers:
        met[link_id].add(host)
    left_out: dict[int, set[str]] = {}
    for link_id, count in _counted(session, sorted(met)).items():
        if count + len(met[link_id]) > most:
            known = set(session.exec(select(Reach.host).where(Reach.link_id == link_id)).all())
            fresh = sorted(met[link_id] - known)
            left_out[link_id] = set(fresh[max(0, most - count) :])
    return left_out


def _counted(session: Session, links: list[int]) -> dict[int, int]:
    found = dict.fromkeys(links, 0)
    for start in range(0, len(links), 500):
        some = links[start : start + 500]
        asked = select(Reach.link_id, func.count()).where(col(Reach.link_id).in_(some)).group_by(col(Reach.link_id))
        found |= dict(session.exec(asked).all())
    return found
