"""Ten thousand servers and five hundred people within ten seconds, at the whole service, while everything else goes on too."""

import random
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.crowds.arrivals import Played, played
from bench.crowds.crowd import Place, people, servers, visits_of
from bench.crowds.load import percentile
from bench.polling import serving
from bench.visits import beside
from bench.visits.servers import Served, others
from bench.visits.service import child, lines, number, rows, running, turned_away, until_warm, wait_until_drained
from bench.visits.stage import Stage, look, set_up
from bench.visits.throughput import Say
from tests.servers.service import Service

OVER_S, FEEDS, AHEAD_S, WARM_S = 9.0, 100, 1.5, 2.0


@dataclass(frozen=True)
class Size:
    """How many come."""

    servers: int = 10_000
    people: int = 500
    over_s: float = OVER_S


@dataclass
class _Side:
    """What goes on beside: futures of what it came to."""

    reader: "Future[dict[str, object]]"
    copier: "Future[dict[str, object]]"


def measure(size: Size, say: Say) -> dict[str, object]:
    """The whole of it; what was counted is read from the database when the journal has been drained."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, serving() as feeds:
        stage = set_up(Path(name) / "data", links=3)
        post_id, cookie = beside.posted(stage), beside.logged_in(stage)
        with running(stage.folder) as (service, served), others(4, "bench.visits.beside", "bench.crowds.arrivals") as pool:
            until_warm(served, f"/l/{stage.codes[0]}")
            pages = ("/results", f"/results/posts/{post_id}", "/releases")
            beside.read_pages(served.port, cookie, pages, time.time() + WARM_S, 0.0)
            seen = look(served.port, stage.path)
            place = Place(stage.path, f"127.0.0.1:{served.port}", seen)
            chance = random.Random(11)
            groups = [list(servers(place, size.servers, size.over_s, chance)), list(people(place, size.people, size.over_s, chance))]
            feeds.set()
            beside.watched_feeds(stage, feeds.port, FEEDS, size.over_s)
            before = lines(stage.folder)
            begins = time.time() + AHEAD_S
            sides = _beside(pool, stage, served, pages, cookie, begins + size.over_s)
            used, away = _used(service, served), turned_away()
            theirs, own = (one.result() for one in [pool.submit(played, served.port, group, begins) for group in groups])
            used = {name: round(after - used[name], 2) for name, after in _used(service, served).items()}
            say(f"  {theirs.tally.answered + own.tally.answered:,} answers in {theirs.tally.seconds:.1f} s")
            drained_s = wait_until_drained(stage.folder)
            found = {**_counted(stage), "turned_away": turned_away() - away}
            found |= {"beside": {"reader": sides.reader.result(), "backup": sides.copier.result(), **_polled(stage)}}
            expected = sum(visits_of(group, stage.path) for group in groups)
            found |= {"visits_sent": expected, "visits_journalled": lines(stage.folder) - before}
    found |= {"drained_after_s": round(drained_s, 1), "cpu_s": {**used, "load": round(theirs.cpu_s + own.cpu_s, 2)}}
    return _whole(found, theirs, own)


def _used(service: Service, served: Served) -> dict[str, float]:
    """Seconds of processor so far: of the web server, and of the jobs."""
    return {"web": served.cpu_s(), "jobs": Served(0, child(service, "work")).cpu_s()}


def _beside(pool: ProcessPoolExecutor, stage: Stage, served: Served, pages: Sequence[str], cookie: str, ends: float) -> _Side:
    reader = pool.submit(beside.read_pages, served.port, cookie, pages, ends, 0.2)
    return _Side(reader, pool.submit(beside.back_up, stage.folder, stage.folder.parent / "copy.sqlite3", ends))


def _counted(stage: Stage) -> dict[str, object]:
    folder, link = stage.folder, stage.link_id
    return {
        "people": number(folder, f"SELECT sum(people) FROM visittotal WHERE link_id = {link}"),
        "servers": number(folder, f"SELECT count(DISTINCT host) FROM reach WHERE link_id = {link}"),
        "presses": number(folder, f"SELECT sum(presses) FROM visittotal WHERE link_id = {link}"),
        "visits_stored": number(folder, f"SELECT count(*) FROM visit WHERE link_id = {link}"),
    }


def _polled(stage: Stage) -> dict[str, object]:
    failed = rows(stage.folder, "SELECT job, sentence FROM heartbeat WHERE failed")
    return {
        "feeds_polled": number(stage.folder, "SELECT count(*) FROM source WHERE polled_at IS NOT NULL"),
        "jobs_failed": [" ".join(str(part) for part in row) for row in failed],
    }


def _whole(found: dict[str, object], theirs: Played, own: Played) -> dict[str, object]:
    waits, tallies = own.tally.waits, (theirs.tally, own.tally)
    return {
        "errors": sum(one.errors for one in tallies),
        "p99_people_ms": _ms(percentile(waits, 0.99)),
        "people": found.pop("people"),
        "servers": found.pop("servers"),
        "p50_people_ms": _ms(percentile(waits, 0.5)),
        "slowest_person_ms": _ms(max(waits, default=0.0)),
        "p99_servers_ms": _ms(percentile(theirs.tally.waits, 0.99)),
        "requests": sum(len(one.waits) for one in tallies),
        "seconds": round(max(one.seconds for one in tallies), 2),
        "load_late_ms": {"servers": _ms(theirs.late_s), "people": _ms(own.late_s)},
        "trouble": [line for one in tallies for line in one.trouble],
        **found,
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
