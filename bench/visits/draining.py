"""How many visits a second go from the journal into the database, by the job's own function, while a server answers."""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlmodel import func, select

from bench.crowds.answers import request
from bench.crowds.load import paced, percentile
from bench.posts.processes import databases
from bench.visits.labelled import BOTS, BROWSERS
from bench.visits.servers import OURS, granian, others
from bench.visits.stage import AGENT, set_up
from bench.visits.throughput import Say
from creatorbot.clock import now
from creatorbot.config import Settings
from creatorbot.links.drain import BATCH, drain_batch
from creatorbot.links.journal import Journal
from creatorbot.links.visitors import visit_line
from creatorbot.models import Reach, Visit
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import open_engine, reading_factory, session_factory

ENGINES = ("sqlite", "postgresql")
LINKS, HOSTS, PER_SECOND, A_DAY = 200, 10_000, 400, 200_000
LONGEST_S = 300.0
_ASKED = {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "en"}
_FOLLOWED = {**_ASKED, "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document"}
_FROM = ("https://folk.social/", "https://mastodon.example/@aoife", "", "", "https://search.example/")


def measure(visits: int, say: Say) -> dict[str, object]:
    """On each database; drain_per_s is the slower one's."""
    each: dict[str, dict[str, object]] = {}
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, databases(engine) as fresh:
            each[engine] = _on(engine, Path(name), fresh(), visits)
        say(f"  {engine}: {each[engine]['per_s']:,} visits a second")
    return {"drain_per_s": min(int(str(one["per_s"])) for one in each.values()), "drain": each}


def _on(engine: str, folder: Path, url: str, visits: int) -> dict[str, object]:
    runtime = _runtime(folder, url)
    stage = set_up(folder, links=LINKS, runtime=runtime)
    write(runtime, stage.codes, visits)
    with granian(OURS, folder, {"CREATORBOT_DATABASE_URL": url}) as served, others(1, "bench.crowds.load") as pool:
        asked = [request(stage.path, AGENT, "Accept: text/html", "Accept-Language: en", "Accept-Encoding: gzip")]
        pool.submit(paced, served.port, asked, PER_SECOND, 1.0).result()  # its pages are made, and its first visits there
        stop = folder / "stop"
        answering = pool.submit(paced, served.port, asked, PER_SECOND, LONGEST_S, stop=stop)
        try:
            moved, seconds, cpu = _drained(runtime, visits)
        finally:
            stop.touch()
        answered = answering.result()
        rest = _drained(runtime, 1 << 60)[0]
    return {
        "per_s": round(moved / seconds),
        "per_s_by_cpu": round(moved / cpu),
        "visits": moved,
        "seconds": round(seconds, 2),
        "answered_meanwhile": answered.answered,
        "p99_meanwhile_ms": round(percentile(answered.waits, 0.99) * 1000, 1),
        "errors": answered.errors,
        **_checked(runtime, moved + rest),
    }


def _runtime(folder: Path, url: str) -> Runtime:
    settings = Settings(data=folder, database_url=url)
    engine = open_engine(settings.sqlalchemy_url)
    return Runtime(settings, session_factory(engine), reading_factory(engine), Door(), Vault([new_vault_key()]), now, "x" * 40)


def _drained(runtime: Runtime, visits: int) -> tuple[int, float, float]:
    """Drain at least so many, or all there are, a batch a transaction. How many, in what time, and with how much processor of ours."""
    moved, began, cpu = 0, time.perf_counter(), time.process_time()
    while moved < visits:
        with runtime.session() as session:
            batch = drain_batch(session, runtime.journal, runtime.clock())
        moved += batch
        if batch < BATCH:
            break
    return moved, time.perf_counter() - began, time.process_time() - cpu


def _checked(runtime: Runtime, moved: int) -> dict[str, object]:
    with runtime.reading() as session:
        stored = session.exec(select(func.count()).select_from(Visit)).one()
        reached = session.exec(select(func.count(func.distinct(Reach.host)))).one()
    return {"stored": stored, "complete": stored == moved, "servers": reached}


def write(runtime: Runtime, codes: Sequence[str], visits: int) -> None:
    """A busy day of the journal, or a part of one, by its own writer: servers, people who come once or twice, programs, buttons."""
    writer, chance, salt = Journal(runtime.journal), random.Random(2), b"s" * 32
    begins = runtime.clock() - timedelta(days=visits / A_DAY)
    for number, (environ, button) in enumerate(_visitors(chance, visits)):
        at = begins + timedelta(days=number / A_DAY)
        code = codes[int(len(codes) * chance.random() ** 3)]  # some posts are seen more than others
        writer.append(visit_line(environ, code, at, salt, button=button), at)


def _visitors(chance: random.Random, visits: int) -> Iterator[tuple[dict[str, str], str]]:
    for _ in range(visits):
        kind, method, button, more = chance.random(), "GET", "", {}
        if kind < 0.6:
            host = f"s{int(HOSTS * chance.random() ** 2)}.example"
            agent = (
                f"Mastodon/4.5.3 (http.rb/5.3.1; +https://{host}/) Bot" if kind < 0.5 else f"Akkoma 3.15.2; https://{host} <a@{host}>; Bot"
            )
            method = "HEAD" if kind > 0.55 else "GET"
        elif kind < 0.7:
            agent = chance.choice(BOTS)
        else:
            agent, more = chance.choice(BROWSERS), {**(_FOLLOWED if kind < 0.9 else _ASKED), "HTTP_REFERER": chance.choice(_FROM)}
            more |= {"HTTP_DNT": "1"} if kind > 0.97 else {}
            button = "1" if chance.random() < 0.1 else ""
        address = f"127.{chance.randrange(1, 60)}.{chance.randrange(250)}.{chance.randrange(250)}"
        yield {"REQUEST_METHOD": method, "REMOTE_ADDR": address, "HTTP_HOST": "music.example", "HTTP_USER_AGENT": agent, **more}, button
