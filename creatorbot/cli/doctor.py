"""`creatorbot doctor`: looks whether all is well, and says what to do where it is not."""

import argparse
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from creatorbot.cli import admin, build, keys
from creatorbot.cli.processes import process
from creatorbot.cli.speak import sentence
from creatorbot.config import Settings
from creatorbot.errors import CreatorbotError
from creatorbot.models import Heartbeat, Installation
from creatorbot.runtime import Runtime
from creatorbot.storage.engine import open_engine
from creatorbot.storage.migrate import is_at_head
from creatorbot.wording import N_

_LEAST_FREE = 500_000_000  # bytes
_BEATS_WITHIN = timedelta(minutes=3)
_PROGRAM_WRITTEN = 1_793_000_000  # late October 2026: no clock can be right that shows less


@dataclass(frozen=True)
class Finding:
    """One thing looked at. well: nothing needs doing. sentence: what was found, and what to do."""

    well: bool
    sentence: str


def doctor(_typed: argparse.Namespace) -> int:
    """Print one line for each thing; 1 when something needs doing."""
    settings = build.settings_now()
    findings = list(examine(settings))
    for finding in findings:
        print(("ok   " if finding.well else "LOOK ") + finding.sentence)
    return 0 if all(finding.well for finding in findings) else 1


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything we know to look at; later looks are left out where an earlier one makes them pointless."""
    folder = list(_folder(settings))
    yield from folder
    if not all(finding.well for finding in folder):
        return
    yield from _space(settings)
    yield from _secrets(settings)
    yield from _clock()
    database = list(_database(settings))
    yield from database
    if all(finding.well for finding in database):
        runtime = build.build(settings)
        for look in _IN_DATABASE:
            yield from look(runtime)


def _folder(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_dir():
        yield _look(N_("There is no data folder at %(folder)s. `make run` makes it; or name yours with --data."), folder=settings.data)
        return
    try:
        probe = settings.data / ".doctor"
        probe.touch()
        probe.unlink()
        yield _fine(N_("The data folder is %(folder)s, and it can be written."), folder=settings.data)
    except OSError:
        yield _look(
            N_("The data folder %(folder)s cannot be written. It has to belong to the person who starts creatorbot."), folder=settings.data
        )


def _space(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data).free
    size = f"{free / 1e9:.1f}"
    if free < _LEAST_FREE:
        yield _look(N_("Only %(size)s GB are free beside the data folder. Make room: a full disk stops everything."), size=size)
    else:
        yield _fine(N_("%(size)s GB are free beside the data folder."), size=size)


def _secrets(settings: Settings) -> Iterator[Finding]:
    for path in (keys.folder_of(settings), *sorted(keys.folder_of(settings).glob("*"))):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield _look(N_("Others on this machine can read %(path)s. Run: chmod go= %(path)s"), path=path)
            return
    yield _fine(N_("The secrets can be read by their owner alone."))


def _clock() -> Iterator[Finding]:
    if time.time() < _PROGRAM_WRITTEN:
        yield _look(
            N_("This machine's clock is wrong: it shows a time before this program was written. Set it, or posts go out at wrong times.")
        )
    else:
        yield _fine(N_("This machine's clock shows %(time)s UTC."), time=time.strftime("%Y-%m-%d %H:%M", time.gmtime()))


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not (settings.data / "creatorbot.sqlite3").exists():
        yield _look(N_("There is no database yet. `make run` makes it."))
        return
    engine = open_engine(settings.sqlalchemy_url)
    try:
        current = is_at_head(engine)
    except DBAPIError:
        yield _look(N_("The database cannot be opened. If it is PostgreSQL, check that it runs; if it is a file, put back your last copy."))
        return
    finally:
        engine.dispose()
    if current:
        yield _fine(N_("The database is up to date."))
    else:
        yield _look(N_("The database is of another version. Run `creatorbot migrate`, or install the newest creatorbot."))


def _sealed(runtime: Runtime) -> Iterator[Finding]:
    opened = 0
    with runtime.reading() as session:
        for _row, _name, value in admin.sealed_values(session, limit=200):
            try:
                runtime.vault.open(value)
                opened += 1
            except CreatorbotError as error:
                yield _look(error.message)
                return
    yield _fine(N_("Stored permissions can be opened with our keys (%(count)s tried)."), count=opened)


def _jobs(runtime: Runtime) -> Iterator[Finding]:
    if not process.is_held(runtime.settings.data):
        yield _fine(N_("creatorbot is not running with this folder just now."))
        return
    with runtime.reading() as session:
        beats = session.exec(select(Heartbeat).order_by(col(Heartbeat.job))).all()
    latest = max((beat.finished_at for beat in beats if beat.finished_at), default=None)
    if latest is None or runtime.clock() - latest > _BEATS_WITHIN:
        yield _look(N_("creatorbot runs, but its jobs have not been heard of for a while. End it and start it again."))
        return
    failing = [beat for beat in beats if beat.failed]
    for beat in failing:
        yield _look(N_("The job %(job)s has trouble: %(sentence)s"), job=beat.job, sentence=sentence(beat.sentence))
    if not failing:
        yield _fine(N_("creatorbot is running, and its jobs are at work."))


def _address(runtime: Runtime) -> Iterator[Finding]:
    with runtime.reading() as session:
        row = session.get(Installation, 1)
    if row is None or not (row.public_url or runtime.settings.public_url):
        yield _fine(N_("No public address is set: posts carry the shop's own address, and people who follow them are not counted."))
    elif row.public_answered_at is None:
        yield _look(
            N_("The public address %(address)s has not answered yet. %(why)s"), address=row.public_url, why=sentence(row.public_sentence)
        )
    else:
        yield _fine(N_("The public address %(address)s leads here."), address=row.public_url)


_IN_DATABASE: tuple[Callable[[Runtime], Iterator[Finding]], ...] = (_sealed, _jobs, _address)


def _fine(message: str, **values: object) -> Finding:
    return Finding(True, sentence(message, **values))


def _look(message: str, **values: object) -> Finding:
    return Finding(False, sentence(message, **values))
