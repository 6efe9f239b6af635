"""Our side of the polling benchmark, as a process of its own: reads commands, polls, says how long it took and what it holds."""

import gc
import json
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bench.feeds.server import place
from creatorbot.clock import now as present
from creatorbot.config import Settings
from creatorbot.models import Admission, Artist, Source
from creatorbot.releases.poll import poll_round
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from creatorbot.storage.migrate import migrate

BEGAN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PER_ARTIST = 4


def runtime_in(folder: Path) -> Runtime:
    """A runtime on the database of this folder."""
    settings = Settings(data=folder)
    engine = open_engine(settings.sqlalchemy_url)
    vault = Vault([new_vault_key()])
    return Runtime(settings, session_factory(engine), reading_factory(engine), Door(), vault, present, "x" * 40)


def prepare(folder: Path, port: int, sources: int) -> None:
    """A database with these sources, four to an artist, none of them looked at yet."""
    migrate(open_engine(f"sqlite:///{folder / 'creatorbot.sqlite3'}"))
    with runtime_in(folder).session() as session:
        for first in range(0, sources, PER_ARTIST):
            _prepare_artist(session, port, range(first, min(first + PER_ARTIST, sources)))


def _prepare_artist(session: Session, port: int, numbers: range) -> None:
    artist = Artist(name=f"Artist {numbers.start}", slug=f"artist-{numbers.start}", created_at=BEGAN)
    session.add(artist)
    session.flush()
    for number in numbers:
        session.add(Admission(artist_id=artist.id or 0, host=place(number), port=port))
        address = f"http://{place(number)}:{port}/"
        session.add(Source(artist_id=artist.id or 0, kind="feed", address=address, created_at=BEGAN, next_poll_at=BEGAN))
    session.flush()


def polled(runtime: Runtime, days: float) -> dict[str, float]:
    """Poll all that is due so many days after the beginning, until nothing is."""
    now = BEGAN + timedelta(days=days)
    runtime = replace(runtime, clock=lambda: now)
    began, cpu, looked, troubled, fresh = time.perf_counter(), time.process_time(), 0, 0, 0
    while (report := poll_round(runtime, now)).looked:
        looked, troubled, fresh = looked + report.looked, troubled + report.troubled, fresh + report.fresh
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return {"seconds": seconds, "cpu": cpu, "looked": looked, "troubled": troubled, "fresh": fresh, "peak_mb": peak}


def main() -> None:
    """`ours.py FOLDER`; each line of input is a number of days; each line of output what the polling then came to."""
    runtime = runtime_in(Path(sys.argv[1]))
    gc.collect()
    gc.freeze()  # as the service does once everything is loaded
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(polled(runtime, float(line))), flush=True)


if __name__ == "__main__":
    main()
