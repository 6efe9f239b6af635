"""Servers reached, put right after visits were read once more."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, delete, func, select

from creatorbot.links.classify import Rules
from creatorbot.links.counting.earlier import facts_of
from creatorbot.links.counting.servers import MOST_SERVERS, note_met
from creatorbot.links.counting.tables import ms_of, table_of
from creatorbot.links.counting.tally import Met
from creatorbot.models import Link, Reach, ServerMet, Visit
from creatorbot.storage.bulk import merge, moment_text

_CHUNK = 500


def set_servers(session: Session, link_id: int, artist_id: int, more: Mapping[str, int], rules: Rules, most: int = MOST_SERVERS) -> None:
    """Put right what is known of these servers. more: by host, how many visits more than before are its (or fewer)."""
    hosts = sorted(more)
    for start in range(0, len(hosts), _CHUNK):
        some = {host: more[host] for host in hosts[start : start + _CHUNK]}
        _reach(session, link_id, some, rules, most)
        _met(session, artist_id, some)


def _reach(session: Session, link_id: int, more: Mapping[str, int], rules: Rules, most: int) -> None:
    known = {row.host: row for row in session.exec(select(Reach).where(Reach.link_id == link_id, col(Reach.host).in_(more)))}
    first = _first_visits(session, link_id, more, rules)
    oldest = session.exec(select(func.min(Visit.at)).where(Visit.link_id == link_id)).one()
    for host, row in known.items():
        row.hits += more[host]
        earliest = first.get(host)
        if row.hits <= 0:
            session.delete(row)
        elif earliest is not None and oldest is not None and row.first_seen_at >= oldest:
            row.software, row.first_seen_at = earliest[1], earliest[0]
    session.flush()
    room = most - session.exec(select(func.count()).select_from(Reach).where(Reach.link_id == link_id)).one()
    fresh = [host for host in sorted(first) if host not in known][: max(0, room)]
    written = moment_text(session)
    rows = [(link_id, host, first[host][1], written(ms_of(first[host][0])), first[host][2]) for host in fresh]
    merge(session, table_of(Reach), ("link_id", "host", "software", "first_seen_at", "hits"), rows, ("link_id", "host"), {})


def _first_visits(session: Session, link_id: int, hosts: Collection[str], rules: Rules) -> dict[str, tuple[datetime, str, int]]:
    """Of each of these servers: its first visit that is still kept, the software that one told, and how many there are."""
    place = func.row_number().over(partition_by=col(Visit.server_host), order_by=(col(Visit.at), col(Visit.id)))
    count = func.count().over(partition_by=col(Visit.server_host))
    theirs = (col(Visit.link_id) == link_id, col(Visit.button) == "", col(Visit.server_host).in_(hosts))
    columns = (col(Visit.server_host), col(Visit.at), col(Visit.facts), place.label("place"), count.label("hits"))
    ranked = sql_select(*columns).where(*theirs).subquery()
    found = session.execute(sql_select(ranked.c.server_host, ranked.c.at, ranked.c.facts, ranked.c.hits).where(ranked.c.place == 1))
    return {host: (at, rules.read(facts_of(kept)).software, hits) for host, at, kept, hits in found}


def _met(session: Session, artist_id: int, hosts: Collection[str]) -> None:
    """By which link each was met first, told from what is known of all the artist's links."""
    session.exec(delete(ServerMet).where(col(ServerMet.artist_id) == artist_id, col(ServerMet.host).in_(hosts)))
    asked = select(Reach).join(Link, col(Link.id) == Reach.link_id).where(Link.artist_id == artist_id, col(Reach.host).in_(hosts))
    note_met(
        session, {(row.link_id, row.host): Met(ms_of(row.first_seen_at), row.software, row.hits, artist_id) for row in session.exec(asked)}
    )
