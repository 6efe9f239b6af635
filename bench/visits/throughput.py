"""Requests a second and the processor they cost: a bare Flask redirect, and our front door with every visit journalled; then waiting."""

import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowds.answers import request
from bench.crowds.load import CLOSED, OPEN, Tally, full, paced, percentile
from bench.visits.servers import FLASK, OURS, Served, granian, others
from bench.visits.stage import AGENT, LEAST_PAGE, Seen, Stage, look, set_up
from creatorbot.links.journal import segments

CONNECTIONS, WAITING = 32, 64
Say = Callable[[str], None]
_HEADERS = ("Accept: text/html,*/*;q=0.8", "Accept-Language: en", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")


@dataclass
class Speeds:
    """Of one application, a value a round. cpu_us: of all its processes, for one request."""

    per_second: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    answered: int = 0


def generator(own: bool = False) -> str:
    """What finds out how much is possible here. own: also where wrk is installed."""
    return "wrk" if shutil.which("wrk") and not own else CLOSED


def load(port: int, path: str, seconds: float, by: str) -> Tally:
    """As much as possible, by wrk or by our own."""
    if by == "wrk":
        return _by_wrk(port, path, seconds)
    with others(1, "bench.crowds.load") as pool:
        return pool.submit(full, port, request(path, AGENT, *_HEADERS), seconds, CONNECTIONS).result()


def _by_wrk(port: int, path: str, seconds: float) -> Tally:
    headers = [part for line in (f"User-Agent: {AGENT}", *_HEADERS) for part in ("-H", line)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}", *headers, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answered, told = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert answered, said
    assert told, said
    wrong = sum(int(number) for number in re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", said))
    return Tally(answered=int(answered[1]), errors=wrong, seconds=int(answered[1]) / max(float(told[1]), 0.001))


def _round(target: str, stage: Stage, seconds: float, by: str, speeds: Speeds) -> Tally:
    with granian(target, stage.folder) as served:
        warm = load(served.port, stage.path, 1, by)
        before = served.cpu_s()
        tally = load(served.port, stage.path, seconds, by)
        speeds.cpu_us.append((served.cpu_s() - before) / max(1, tally.answered) * 1e6)
    speeds.per_second.append(tally.per_second)
    speeds.answered += warm.answered + tally.answered
    return tally


def _waiting(served: Served, stage: Stage, per_second: float, seconds: float) -> Tally:
    with others(1, "bench.crowds.load") as pool:
        asked = request(stage.path, AGENT, *_HEADERS)
        return pool.submit(paced, served.port, [asked], per_second, seconds, WAITING).result()


def _page(stage: Stage) -> Seen:
    with granian(OURS, stage.folder) as served:
        return look(served.port, stage.path)


def measure(seconds: float, rounds: int, own: bool, say: Say) -> dict[str, object]:
    """Both in turns, medians; then ours at half of what it could do. own: by our own load program, also where wrk is installed."""
    found, errors, by = {FLASK: Speeds(), OURS: Speeds()}, 0, generator(own)
    with tempfile.TemporaryDirectory() as name:
        stage = set_up(Path(name))
        seen = _page(stage)
        if seen.size < LEAST_PAGE:
            say(f"THE PAGE HAS ONLY {seen.size:,} BYTES, at least {LEAST_PAGE:,} are asked for: the figures below flatter us.")
        before = _lines(stage)
        for number in range(rounds):
            for target, speeds in found.items():
                errors += _round(target, stage, seconds, by, speeds).errors
            say(f"  round {number + 1}: {found[FLASK].per_second[-1]:,.0f} and {found[OURS].per_second[-1]:,.0f} requests a second")
        journalled = _lines(stage) - before
        flask, ours = (statistics.median(one.per_second) for one in found.values())
        with granian(OURS, stage.folder) as served:
            load(served.port, stage.path, 1, by)
            waited = _waiting(served, stage, ours / 2, max(2.0, seconds * 1.5))
    flask_cpu, ours_cpu = (statistics.median(one.cpu_us) for one in found.values())
    return {
        "flask_rps": round(flask),
        "ours_rps": round(ours),
        "ratio": round(ours / flask, 2),
        "p99_ms": round(percentile(waited.waits, 0.99) * 1000, 2),
        "p50_ms": round(percentile(waited.waits, 0.5) * 1000, 2),
        "half_load_rps": round(waited.per_second),
        "flask_cpu_us": round(flask_cpu, 1),
        "ours_cpu_us": round(ours_cpu, 1),
        "ratio_by_cpu": round(flask_cpu / ours_cpu, 2),
        "page_bytes": seen.size,
        "page_bytes_gzip": seen.packed,
        "page_large_enough": seen.size >= LEAST_PAGE,
        "errors": errors + waited.errors,
        "trouble": waited.trouble,
        "answered": found[OURS].answered,
        "journalled": journalled,
        "load": by,
        "waiting_by": f"{OPEN}, {WAITING} connections",
    }


def _lines(stage: Stage) -> int:
    return sum(segment.read_bytes().count(b"\n") for segment in segments(stage.runtime.journal))
