"""Rows of a rehearsal: the wish for practice servers, the practice artist, and what it is admitted to."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from creatorbot.artists import members, signup
from creatorbot.errors import NotAllowed
from creatorbot.models import Account, Admission, Artist, Member, Pairing, Person, Rehearsal, Server, Source
from creatorbot.wording import N_, say

BADGE = N_("Rehearsal")
HOST = "127.0.0.1"
PATHS = {"fediverse": "/rehearsal/fediverse", "shop": "/rehearsal/shop", "second": "/rehearsal/second"}


@dataclass(frozen=True)
class Stage:
    """What the page shows. artist: the person's practice artist. state: of the practice servers. second: the other server, for a
    backup. steps done: account, source, backup."""

    artist: Artist | None
    role: str
    state: str
    sentence: str
    fediverse: str = ""
    shop: str = ""
    second: str = ""
    has_account: bool = False
    has_source: bool = False
    has_backup: bool = False


def of_person(session: Session, person_id: int) -> tuple[Artist | None, str]:
    """The practice artist this person belongs to, and their role; (None, "") without one."""
    return next(((artist, role) for artist, role in members.artists_of(session, person_id) if artist.badge == BADGE), (None, ""))


def look(session: Session, person_id: int) -> Stage:
    """How far the rehearsal has come."""
    artist, role = of_person(session, person_id)
    row = session.get(Rehearsal, 1) or Rehearsal(id=1)
    if artist is None or row.state != "running":
        return Stage(artist, role, row.state, row.sentence)
    account = select(Account.id).where(Account.artist_id == artist.id, Account.state == "ok")
    backup = select(Pairing.id).where(Pairing.artist_id == artist.id)
    source = select(Source.id).where(Source.artist_id == artist.id)
    return Stage(
        artist,
        role,
        row.state,
        row.sentence,
        f"http://{HOST}:{row.fediverse_port}",
        f"http://{HOST}:{row.shop_port}",
        f"http://{HOST}:{row.second_port}" if row.second_port else "",
        session.exec(account).first() is not None,
        session.exec(source).first() is not None,
        session.exec(backup).first() is not None,
    )


def start(session: Session, person: Person, like: Artist | None, language: str, now: datetime) -> Artist:
    """Wish for the servers and make the practice artist, unless it is there. like: whose zone and currency it takes over."""
    row = session.get(Rehearsal, 1) or Rehearsal(id=1)
    if row.state != "running":
        row.state, row.sentence, row.changed_at = "wanted", "", now
        session.add(row)
    assert person.id is not None
    artist, _ = of_person(session, person.id)
    if artist is None:
        zone, currency = (like.time_zone, like.currency) if like else ("UTC", "EUR")
        name = say(language, N_("Aoife Marsh (rehearsal)"))
        artist = signup.new_artist(session, signup.TypedArtist(name, zone, currency, language), person.id, now, badge=BADGE)
    return artist


def admit(session: Session) -> None:
    """Let every practice artist reach exactly the practice servers as they listen now. Does nothing when that is so already."""
    row = session.get(Rehearsal, 1)
    if row is None or row.state != "running":
        return
    wanted = {(HOST, port): PATHS[place] for place, port in ports(row).items()}
    for artist_id in session.exec(select(Artist.id).where(Artist.badge == BADGE)).all():
        assert artist_id is not None
        stands = session.exec(select(Admission).where(Admission.artist_id == artist_id)).all()
        for one in stands:
            if wanted.get((one.host, one.port)) != one.browser_path:
                session.delete(one)
        session.flush()
        there = {(one.host, one.port) for one in stands if wanted.get((one.host, one.port)) == one.browser_path}
        session.add_all(
            Admission(artist_id=artist_id, host=host, port=port, browser_path=path)
            for (host, port), path in wanted.items()
            if (host, port) not in there
        )


def ports(row: Rehearsal) -> dict[str, int]:
    """Where the practice servers listen, by place. An older process of them may not have the second."""
    known = {"fediverse": row.fediverse_port, "shop": row.shop_port, "second": row.second_port}
    return {place: port for place, port in known.items() if port}


def needs_admission(session: Session) -> bool:
    """Whether `admit` has something to do: pages ask this first, reading only."""
    row = session.get(Rehearsal, 1)
    if row is None or row.state != "running":
        return False
    wanted = set(ports(row).values())
    artists = session.exec(select(Artist.id).where(Artist.badge == BADGE)).all()
    return any(set(session.exec(select(Admission.port).where(Admission.artist_id == one))) != wanted for one in artists)


def wipe(session: Session, person_id: int, now: datetime) -> None:
    """Delete the person's practice artist and all that belongs to it; end the servers when nobody else rehearses."""
    artist, role = of_person(session, person_id)
    if artist is not None:
        if not members.reaches(role, "owner"):
            raise NotAllowed("Only whoever started the rehearsal can wipe it.")
        session.exec(delete(Artist).where(col(Artist.id) == artist.id))
    if session.exec(select(Artist.id).where(Artist.badge == BADGE)).first() is not None:
        return
    row = session.get(Rehearsal, 1)
    if row is not None:
        session.exec(delete(Server).where(col(Server.base_url).in_([f"http://{HOST}:{port}" for port in ports(row).values()])))
        row.state, row.sentence, row.changed_at = "stopped", "", now
        session.add(row)


def may_enter(session: Session, person_id: int, needed: str) -> bool:
    """Whether this person may see (viewer) or change (manager) the practice servers' pages."""
    rows = session.exec(
        select(Member.role).join(Artist, col(Artist.id) == Member.artist_id).where(Member.person_id == person_id, Artist.badge == BADGE)
    )
    return any(members.reaches(role, needed) for role in rows)
