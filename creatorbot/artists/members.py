"""Who may do what for which artist: roles, new artists, invitations by a one-time address."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Artist, Invitation, Member, Person
from creatorbot.security.secrets import fingerprint, word

Role = Literal["viewer", "manager", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)  # each reaches as far as those before it
INVITATION_LIVES = timedelta(days=7)


def reaches(role: str, needed: str) -> bool:
    """Whether this role includes what `needed` may do. An unknown role reaches nothing."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)


def role_of(session: Session, artist_id: int, person_id: int) -> str:
    """The person's role for this artist; "" for a stranger."""
    found = session.exec(select(Member.role).where(Member.artist_id == artist_id, Member.person_id == person_id)).first()
    return found or ""


def artists_of(session: Session, person_id: int) -> list[tuple[Artist, str]]:
    """The artists this person is a member of, with their role, oldest membership first."""
    rows = session.exec(
        select(Artist, Member.role)
        .join(Member, col(Member.artist_id) == Artist.id)
        .where(Member.person_id == person_id)
        .order_by(col(Member.id))
    )
    return [(artist, role) for artist, role in rows]


def members_of(session: Session, artist_id: int) -> list[tuple[Member, Person]]:
    """The people of this artist, oldest first."""
    rows = session.exec(
        select(Member, Person)
        .join(Person, col(Member.person_id) == Person.id)
        .where(Member.artist_id == artist_id)
        .order_by(col(Member.id))
    )
    return [(member, person) for member, person in rows]


def slug_for(session: Session, name: str) -> str:
    """A short name for addresses, not yet taken: "Sigur Rós" -> "sigur-ros", then "sigur-ros-2"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "artist"
    taken = set(session.exec(select(Artist.slug).where(col(Artist.slug).startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


def may_make_artists(session: Session, person: Person) -> bool:
    """Whether this person may make one more artist: a keeper, or an owner of an artist that is not a practice one."""
    return person.keeper or any(role == "owner" and not artist.badge for artist, role in artists_of(session, person.id or 0))


def add_member(session: Session, artist_id: int, person_id: int, role: Role, now: datetime) -> Member:
    """Make this person a member. Raises Conflict when they already are."""
    if role_of(session, artist_id, person_id):
        raise Conflict("You already belong to this artist.")
    member = Member(artist_id=artist_id, person_id=person_id, role=role, created_at=now)
    session.add(member)
    session.flush()
    return member


def change_role(session: Session, artist_id: int, member_id: int, role: str) -> None:
    """Give a member another role. Raises Conflict when that would leave the artist without an owner."""
    if role not in ROLES:
        raise InvalidInput("Choose one of the three roles.", field="role")
    member, others = _locked(session, artist_id, member_id)
    if role != "owner":
        _keep_an_owner(member, others)
    member.role = role
    session.add(member)


def remove_member(session: Session, artist_id: int, member_id: int) -> None:
    """Take a person off this artist. Raises Conflict for the last owner."""
    member, others = _locked(session, artist_id, member_id)
    _keep_an_owner(member, others)
    session.delete(member)


def invite(session: Session, artist_id: int, role: str, created_by: int, now: datetime) -> str:
    """A one-time secret; /join/<secret> makes whoever opens it a member. Good for seven days."""
    if role not in ROLES:
        raise InvalidInput("Choose one of the three roles.", field="role")
    secret = word(40)
    session.add(
        Invitation(artist_id=artist_id, role=role, token_hash=fingerprint(secret), created_by=created_by, expires_at=now + INVITATION_LIVES)
    )
    return secret


def open_invitations(session: Session, artist_id: int, now: datetime) -> list[Invitation]:
    """Invitations nobody has used yet."""
    return list(
        session.exec(
            select(Invitation).where(Invitation.artist_id == artist_id, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now)
        )
    )


def withdraw(session: Session, artist_id: int, invitation_id: int) -> None:
    """Make an invitation useless."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such invitation.")
    session.delete(row)


def invitation(session: Session, secret: str, now: datetime) -> Invitation:
    """The invitation this secret opens. Raises NotFound when it was used, withdrawn or is too old."""
    row = session.exec(select(Invitation).where(Invitation.token_hash == fingerprint(secret))).first()
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound("This invitation was used already or is too old. Ask for a new one.")
    return row


def accept(session: Session, secret: str, person_id: int, now: datetime) -> Artist:
    """Use an invitation, once. Raises NotFound or Conflict."""
    row = invitation(session, secret, now)
    if role_of(session, row.artist_id, person_id):
        raise Conflict("You already belong to this artist.")
    used = session.execute(update(Invitation).where(col(Invitation.id) == row.id, col(Invitation.used_at).is_(None)).values(used_at=now))
    if not used.rowcount:  # type: ignore[attr-defined]
        raise NotFound("This invitation was used already or is too old. Ask for a new one.")
    add_member(session, row.artist_id, person_id, row.role, now)  # type: ignore[arg-type]
    artist = session.get(Artist, row.artist_id)
    assert artist is not None
    return artist


def _locked(session: Session, artist_id: int, member_id: int) -> tuple[Member, list[Member]]:
    """One member and the others of this artist as they stand now; nobody else changes them before this transaction ends."""
    rows = session.exec(
        select(Member)
        .where(Member.artist_id == artist_id)
        .order_by(col(Member.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    member = next((one for one in rows if one.id == member_id), None)
    if member is None:
        raise NotFound("There is no such member.")
    return member, [one for one in rows if one is not member]


def _keep_an_owner(leaving: Member, others: list[Member]) -> None:
    if leaving.role == "owner" and not any(one.role == "owner" for one in others):
        raise Conflict("An artist needs at least one owner. Make somebody else an owner first.")
