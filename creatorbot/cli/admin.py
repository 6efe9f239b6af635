"""Small commands for whoever looks after an installation: database, keys, a forgotten password, a new first-run address."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, col, delete, select

from creatorbot import __version__
from creatorbot.artists import signup
from creatorbot.cli import build, keys, prepare
from creatorbot.cli.processes import process
from creatorbot.cli.speak import complain, sentence, tell
from creatorbot.config import Settings
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import LoginSession, Person
from creatorbot.security.passwords import hash_password
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.wording import N_


def version(_typed: argparse.Namespace) -> int:
    """Print it."""
    print(__version__)
    return 0


def bring_up_to_date(_typed: argparse.Namespace) -> int:
    """Migrate, and say so."""
    settings = build.settings_now()
    prepare.make_folder(settings.data)
    prepare.bring_up_to_date(settings)
    tell(N_("The database is up to date."))
    return 0


def set_up_key(_typed: argparse.Namespace) -> int:
    """Print a fresh address for the first-run wizard; the one before stops working. Raises Conflict when somebody has signed up."""
    settings = _existing()
    key = prepare.first_key(build.build(settings))
    if not key:
        raise Conflict("Somebody has set this creatorbot up already. Log in, or use `creatorbot password LOGIN` for a forgotten password.")
    print(f"{settings.own_url}/setup?key={key}")
    return 0


def password(typed: argparse.Namespace) -> int:
    """Ask for a new password, keep it, and log this person out everywhere. Raises NotFound, InvalidInput."""
    runtime = build.build(_existing())
    login = typed.login.strip().lower()
    with runtime.reading() as session:
        _person(session, login)
    fresh = _typed_password()
    signup.check_password(fresh, login)
    hashed = hash_password(fresh)
    with runtime.session() as session:
        row = _person(session, login)
        row.password_hash = hashed
        session.exec(delete(LoginSession).where(col(LoginSession.person_id) == row.id))
    tell(N_("%(name)s can log in with the new password. Every browser that was logged in is logged out."), name=row.name)
    return 0


def _typed_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    fresh = getpass.getpass(sentence(N_("New password: ")))
    if getpass.getpass(sentence(N_("The same again: "))) != fresh:
        raise InvalidInput("The two were not the same. Nothing was changed.")
    return fresh


def _person(session: Session, login: str) -> Person:
    row = session.exec(select(Person).where(Person.login == login)).first()
    if row is None:
        raise NotFound("Nobody here logs in as “%(login)s”.", login=login)
    return row


def rotate_keys(_typed: argparse.Namespace) -> int:
    """Make a new vault key, seal everything with it, then forget the old ones. Ends early, with both kept, when anything fails."""
    settings = _existing()
    if settings.vault_keys:
        raise InvalidInput(
            "The keys are set from outside (CREATORBOT_VAULT_KEYS). Put a new one in front of them there, then run this again."
        )
    if process.is_held(settings.data):
        return complain(N_("creatorbot is running. End it first: a running one would go on with the old key."))
    path = keys.folder_of(settings) / "vault.keys"
    fresh = new_vault_key()
    keys.write(path, ",".join([fresh, *keys.read_or_make(settings).vault]))
    count = _seal_again(settings)
    keys.write(path, fresh)
    tell(
        N_(
            "%(count)s stored permissions are sealed with a new key. The old key is forgotten; old copies of the data folder still need it."
        ),
        count=count,
    )
    return 0


def _seal_again(settings: Settings) -> int:
    """Every sealed column of every table, in one transaction. How many values."""
    runtime = build.build(settings)
    vault: Vault = runtime.vault
    count = 0
    with runtime.session() as session:
        for row, name, value in sealed_values(session):
            setattr(row, name, vault.rotate(value))
            count += 1
    return count


def sealed_values(session: Session, limit: int | None = None) -> Iterator[tuple[SQLModel, str, bytes]]:
    """Every sealed value with its row and column; of each table at most `limit` rows."""
    for table, names in sealed_columns().items():
        for row in session.exec(select(table).limit(limit).execution_options(yield_per=500)):
            yield from ((row, name, value) for name in names if (value := getattr(row, name)))


def sealed_columns() -> dict[type[SQLModel], list[str]]:
    """The tables with values sealed by the vault, and those columns."""
    found: dict[type[SQLModel], list[str]] = {}
    for mapper in SQLModel._sa_registry.mappers:
        names = [column.key for column in inspect(mapper).columns if column.info.get("sealed")]
        if names:
            found[mapper.class_] = names
    return found


def _existing() -> Settings:
    """The settings of an installation that has been started before. Raises NotFound."""
    settings = build.settings_now()
    if not settings.database_url and not Path(settings.data / "creatorbot.sqlite3").exists():
        raise NotFound("There is no creatorbot in the folder %(folder)s. Name its folder with --data.", folder=str(settings.data))
    return settings
