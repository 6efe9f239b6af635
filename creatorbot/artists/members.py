"""Who may do what for which artist: roles, new artists, invitations by a one-time address."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import func
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
    member = _member(session, artist_id, member_id)
    if role not in ROLES:
        raise InvalidInput("Choose one of the three roles.", field="role")
    if member.role == "owner" and role != "owner":
        _keep_an_owner(session, artist_id)
    member.role = role
    session.add(member)


def remove_member(session: Session, artist_id: int, member_id: int) -> None:
    """Take a person off this artist. Raises Conflict for the last owner."""
    member = _member(session, artist_id, member_id)
    if member.role == "owner":
        _keep_an_owner(session, artist_id)
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
    add_member(session, row.artist_id, person_id, row.role, now)  # type: ignore[arg-type]
    row.used_at = now
    session.add(row)
    artist = session.get(Artist, row.artist_id)
    assert artist is not None
    return artist


def _member(session: Session, artist_id: int, member_id: int) -> Member:
    member = session.get(Member, member_id)
    if member is None or member.artist_id != artist_id:
        raise NotFound("There is no such member.")
    return member


def _keep_an_owner(session: Session, artist_id: int) -> None:
    owners = session.exec(select(func.count()).select_from(Member).where(Member.artist_id == artist_id, Member.role == "owner")).one()
    if owners < 2:
        raise Conflict("An artist needs at least one owner. Make somebody else an owner first.")
