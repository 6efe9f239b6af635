"""Makes a data folder ready to run: folder, secrets, database, first-run key. A short-lived process, so that `run` stays small."""

import argparse
import json
import os
import sqlite3
import stat
import sys
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from creatorbot.artists.signup import new_setup_key
from creatorbot.cli import build, keys, logs
from creatorbot.cli.processes import process
from creatorbot.cli.speak import complain
from creatorbot.config import Settings
from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.models import Rehearsal
from creatorbot.runtime import Runtime
from creatorbot.storage.engine import open_engine
from creatorbot.storage.migrate import migrate


def prepare(typed: argparse.Namespace) -> int:
    """`creatorbot prepare`: does it and prints what `run` needs to know as one line of JSON."""
    settings = build.settings_now()
    logs.begin(settings.log_level)
    make_folder(settings.data)
    if process.is_held(settings.data):
        if not typed.practice:
            os.close(process.hold(settings.data))  # says what is wrong
        running = True
    else:
        running = False
        process.check_port(settings.host, settings.port)
        make_keys(settings)
        bring_up_to_date(settings)
    runtime = build.build(settings)
    if typed.practice:
        wish_for_practice(runtime)
    key = "" if running else first_key(runtime)
    path = f"/setup?key={quote(key)}" if key else "/rehearsal" if typed.practice else "/"
    facts = {
        "data": str(settings.data),
        "host": settings.host,
        "port": settings.port,
        "running": running,
        "address": settings.own_url + path,
        "first": bool(key),
    }
    json.dump(facts, sys.stdout)
    return 0


def make_folder(folder: Path) -> None:
    """The data folder, for its owner alone. Raises InvalidInput when it cannot be used."""
    try:
        fresh = not folder.exists() or not any(folder.iterdir())
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fresh:
            folder.chmod(stat.S_IRWXU)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InvalidInput(
            "Nothing can be written to the folder %(folder)s. Choose another: make run DATA=/some/folder", folder=str(folder)
        ) from error


def make_keys(settings: Settings) -> None:
    """The secrets; says so when new ones were made for a database that had others."""
    known = settings.database_url != "" or (settings.data / "creatorbot.sqlite3").exists()
    if keys.read_or_make(settings).made and known and not settings.database_url:
        complain(
            "The file with the keys was missing from %(folder)s; a new one was made. Put the old one back if you have it: "
            "until then, connected accounts have to be connected again.",
            folder=str(keys.folder_of(settings)),
        )


def bring_up_to_date(settings: Settings) -> None:
    """Migrate. Raises CreatorbotError with a sentence when the database cannot be reached or is newer than this program."""
    engine = open_engine(settings.sqlalchemy_url)
    try:
        migrate(engine)
    except (DBAPIError, sqlite3.Error) as error:
        raise CreatorbotError(
            "The database cannot be opened. If it is PostgreSQL, check that it runs and that its address is right; "
            "if it is the file in the data folder, put back your last copy. Nothing was changed."
        ) from error
    finally:
        engine.dispose()


def first_key(runtime: Runtime) -> str:
    """A fresh one-time key while nobody has signed up; "" afterwards."""
    with runtime.session() as session:
        return new_setup_key(session, runtime.clock())


def wish_for_practice(runtime: Runtime) -> None:
    """Ask for the practice servers; the running service fulfils it within a second or two."""
    with runtime.session() as session:
        row = the_rehearsal(session, runtime)
        if row.state != "running":
            row.state, row.sentence, row.changed_at = "wanted", "", runtime.clock()


def the_rehearsal(session: Session, runtime: Runtime) -> Rehearsal:
    """The one row, made when it is missing."""
    row = session.get(Rehearsal, 1)
    if row is None:
        row = Rehearsal(id=1, changed_at=runtime.clock())
        session.add(row)
        session.flush()
    return row
