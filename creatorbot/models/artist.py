"""Artists, the people who may log in to them, and their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, key, moment, refers


class Artist(Row, table=True):
    """A musical identity; everything belongs to exactly one. badge: a word shown beside the name, "" for most.

    suggested_minor, minimum_minor: for tips and releases that say nothing else, in `currency`.
    """

    __table_args__ = (
        CheckConstraint("length(currency) = 3", name="artist_currency"),
        CheckConstraint("suggested_minor >= 0 AND minimum_minor >= 0", name="artist_amounts"),
    )
    id: int | None = key()
    name: str
    slug: str = Field(unique=True)
    time_zone: str = "UTC"
    currency: str = "EUR"
    language: str = "en"
    accent: str = "#b4432e"
    suggested_minor: int = 0
    minimum_minor: int = 0
    badge: str = ""
    created_at: datetime = moment()


class Person(Row, table=True):
    """Somebody who can log in. login: lower case. password_hash: argon2id. keeper: may change what concerns the whole installation."""

    id: int | None = key()
    login: str = Field(unique=True)
    name: str
    password_hash: str
    language: str = "en"
    keeper: bool = False
    created_at: datetime = moment()


class Member(Row, table=True):
    """A person's place in an artist. role: owner | manager | viewer."""

    __table_args__ = (
        UniqueConstraint("artist_id", "person_id"),
        CheckConstraint("role IN ('owner', 'manager', 'viewer')", name="member_role"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    person_id: int = refers("person.id")
    role: str
    created_at: datetime = moment()


class Invitation(Row, table=True):
    """A one-time address by which somebody becomes a member. token_hash: blake2b of the secret in the address."""

    __table_args__ = (CheckConstraint("role IN ('owner', 'manager', 'viewer')", name="invitation_role"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    role: str
    token_hash: str = Field(unique=True)
    created_by: int = refers("person.id")
    expires_at: datetime = moment()
    used_at: datetime | None = moment(optional=True)


class LoginSession(Row, table=True):
    """One logged-in browser. token_hash: blake2b of the cookie's secret; the secret itself is nowhere here.

    previous_hash: of the secret before the last rotation, still good for a moment. label: what browser it is, in words.
    """

    id: int | None = key()
    token_hash: str = Field(unique=True)
    previous_hash: str = Field(default="", index=True)
    label: str = ""
    person_id: int = refers("person.id")
    artist_id: int | None = refers("artist.id", optional=True, gone="SET NULL")
    created_at: datetime = moment()
    seen_at: datetime = moment()
    rotated_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class LoginTry(Row, table=True):
    """A failed log-in, kept an hour, to slow down guessing. who: keyed hash of the login or of the address."""

    id: int | None = key()
    who: str = Field(index=True)
    at: datetime = moment(index=True)
