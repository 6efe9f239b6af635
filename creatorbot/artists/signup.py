"""The first evening: a one-time key opens the wizard, which makes the first artist and its owner. Later artists and people too."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.amounts import Money, exponent
from creatorbot.artists import installation, members, offered
from creatorbot.errors import Conflict, InvalidInput, NotAllowed
from creatorbot.links.codes import new_link
from creatorbot.models import Artist, Installation, Person
from creatorbot.security.passwords import hash_password, refuse_weak
from creatorbot.security.secrets import fingerprint, same, word

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")


@dataclass(frozen=True)
class TypedArtist:
    """What was typed about an artist. time_zone: IANA name. currency: ISO 4217."""

    name: str
    time_zone: str
    currency: str
    language: str


@dataclass(frozen=True)
class TypedPerson:
    """What was typed about a person."""

    name: str
    login: str
    password: str
    language: str


def nobody_yet(session: Session) -> bool:
    """Whether this installation still waits for its first person."""
    return session.exec(select(Person.id).limit(1)).first() is None


def new_setup_key(session: Session, now: datetime) -> str:
    """A fresh one-time key for /setup?key=…, to be printed; "" once somebody has signed up. An earlier key stops working."""
    if not nobody_yet(session):
        return ""
    key = word(24)
    row = installation.the_installation(session, now)
    row.setup_key_hash = fingerprint(key)
    session.add(row)
    return key


def check_key(session: Session, key: str) -> None:
    """Raises Conflict when the wizard is done, NotAllowed when the key is not the printed one."""
    if not nobody_yet(session):
        raise _set_up_already()
    row = installation.installation_of(session)
    if row is None or not row.setup_key_hash or not same(fingerprint(key), row.setup_key_hash):
        raise NotAllowed("That is not the key that was printed when creatorbot started. Open the address printed last, all of it.")


def sign_up(
    session: Session, key: str, artist: TypedArtist, person: TypedPerson, password_hash: str, now: datetime
) -> tuple[Artist, Person]:
    """The first artist and its owner, who keeps the installation; burns the key. Raises Conflict when another browser was quicker.

    Hash outside the transaction.
    """
    check_key(session, key)
    burnt = session.execute(
        update(Installation)
        .where(col(Installation.id) == 1, col(Installation.setup_key_hash) == fingerprint(key))
        .values(setup_key_hash="")
    )
    if not burnt.rowcount:  # type: ignore[attr-defined]
        raise _set_up_already()
    someone = new_person(session, person, password_hash, now)
    someone.keeper = True
    session.add(someone)
    assert someone.id is not None
    return new_artist(session, artist, someone.id, now), someone


def new_artist(session: Session, typed: TypedArtist, owner_id: int, now: datetime, badge: str = "") -> Artist:
    """One more artist, owned by this person. Raises InvalidInput."""
    checked = check_artist(typed)
    row = Artist(
        name=checked.name,
        slug=members.slug_for(session, checked.name),
        time_zone=checked.time_zone,
        currency=checked.currency,
        language=checked.language,
        suggested_minor=7 * 10 ** exponent(checked.currency),
        badge=badge,
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    members.add_member(session, row.id, owner_id, "owner", now)
    new_link(session, artist_id=row.id, release_id=None, kind="page", now=now)
    return row


def new_person(session: Session, typed: TypedPerson, password_hash: str, now: datetime) -> Person:
    """Somebody who can log in. Raises InvalidInput, also for a login that is taken."""
    checked = check_person(typed)
    if session.exec(select(Person.id).where(col(Person.login) == checked.login)).first() is not None:
        raise InvalidInput("Somebody here logs in as “%(login)s” already. Choose another.", field="login", login=checked.login)
    row = Person(login=checked.login, name=checked.name, password_hash=password_hash, language=checked.language, created_at=now)
    session.add(row)
    session.flush()
    return row


def check_artist(typed: TypedArtist) -> TypedArtist:
    """The same, tidied. Raises InvalidInput with the field."""
    name = " ".join(typed.name.split())
    if not name:
        raise InvalidInput("What is the artist called?", field="name")
    if len(name) > 100:
        raise InvalidInput("That name is longer than 100 characters. Shorten it.", field="name")
    if typed.time_zone not in offered.time_zones():
        raise InvalidInput("Choose a time zone from the list.", field="time_zone")
    if typed.currency not in offered.CURRENCIES:
        raise InvalidInput("Choose a currency from the list.", field="currency")
    if not offered.is_written(typed.language):
        raise InvalidInput("Choose a language from the list.", field="language")
    return TypedArtist(name, typed.time_zone, typed.currency, typed.language)


def check_amounts(suggested: Money, minimum: Money) -> None:
    """Raises InvalidInput (field "suggested") when less is suggested than is taken."""
    if suggested < minimum:
        raise InvalidInput("The suggested amount is below the least amount. Raise it, or lower the other.", field="suggested")


def check_person(typed: TypedPerson) -> TypedPerson:
    """The same, tidied. Raises InvalidInput with the field."""
    login = typed.login.strip().lower()
    name = " ".join(typed.name.split()) or login
    if not _LOGIN.fullmatch(login):
        raise InvalidInput("A login name has 2 to 64 letters or digits, no spaces; an e-mail address will do.", field="login")
    check_password(typed.password, login, name)
    return TypedPerson(name[:100], login, typed.password, typed.language if typed.language in offered.page_languages() else "en")


def check_password(password: str, *names: str) -> None:
    """Raises InvalidInput (field "password") for one that is too easy to guess. names: what it must not be."""
    refuse_weak(password, *names)


def hashed(person: TypedPerson) -> str:
    """The hash of the checked password. Slow on purpose: call it outside a transaction."""
    return hash_password(check_person(person).password)


def _set_up_already() -> Conflict:
    return Conflict("This creatorbot is set up already. Log in, or ask its owner for an invitation.")
