"""Memory of a server process of the whole service that keeps a large installation's pages ready, while they are opened and edited."""

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.crowds.answers import request
from bench.crowds.load import Tally, paced
from bench.visits.servers import Served, held_mb, others, peak_mb
from bench.visits.service import running, until_warm
from bench.visits.stage import AGENT, fill, set_up, touch
from bench.visits.throughput import Say

PER_SECOND, REFRESH_S = 500, 1.6


@dataclass(frozen=True)
class Size:
    """Of the installation; opened: how many links are opened packed either way; edits: times something changes."""

    links: int = 100_000
    releases: int = 2_000
    artists: int = 200
    covers: int = 300
    opened: int = 4_000
    edits: int = 5


def measure(size: Size, say: Say) -> dict[str, object]:
    """The biggest server process: the most it ever held, what it holds at the end, and its share of that."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        stage, chance = set_up(Path(name)), random.Random(1)
        codes = fill(stage.runtime, size.artists, size.releases, size.links - 1, size.covers)
        say(f"  {size.links:,} links over {size.releases:,} releases are made")
        with running(stage.folder) as (_service, served), others(1, "bench.crowds.load") as pool:
            ready_s = until_warm(served, f"/l/{codes[-1]}")
            pictures = [request(f"/cover/{number:032x}.jpg", AGENT) for number in range(size.covers - 1)]
            opened = _opened(codes, size.opened, chance)
            tallies = [pool.submit(paced, served.port, asked, PER_SECOND, len(asked) / PER_SECOND).result() for asked in (opened, pictures)]
            for edit in range(size.edits):
                touch(stage.runtime, edit)
                time.sleep(REFRESH_S)
                part = _opened(codes, size.opened // 10, chance)
                tallies.append(pool.submit(paced, served.port, part, PER_SECOND, len(part) / PER_SECOND).result())
            found = _held(served)
    say(f"  {found['mb_100k_links']} MB at most, {found['mb_now']} MB now, {found['mb_share']} MB of them its share")
    return {**found, "links": size.links, "releases": size.releases, "ready_s": round(ready_s, 1), **_answered(tallies)}


def _opened(codes: list[str], number: int, chance: random.Random) -> list[bytes]:
    """Requests for links at random, as browsers with gzip and with brotli and programs without either send them."""
    packings = ("Accept-Encoding: gzip, deflate, br", "Accept-Encoding: gzip", "Accept: text/html")
    return [request(f"/l/{chance.choice(codes)}", AGENT, packings[one % 3]) for one in range(number * 3)]


def _held(served: Served) -> dict[str, float]:
    workers = served.workers()
    now = [held_mb(pid) for pid in workers]
    return {
        "mb_100k_links": round(max(peak_mb(pid) for pid in workers), 1),
        "mb_now": round(max(rss for rss, _ in now), 1),
        "mb_share": round(max(share for _, share in now), 1),
    }


def _answered(tallies: list[Tally]) -> dict[str, object]:
    return {
        "opened": sum(one.answered for one in tallies),
        "errors": sum(one.errors for one in tallies),
        "trouble": [line for one in tallies for line in one.trouble][:5],
    }
