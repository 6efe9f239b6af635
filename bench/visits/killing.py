"""kill -9 of a process that answers, again and again under load: every visit that was answered is in the database, and none twice."""

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.crowds.unique import Answered, asked, host
from bench.visits.servers import Served, others
from bench.visits.service import child, rows, running, wait_until_drained
from bench.visits.stage import Stage, set_up
from bench.visits.throughput import Say

# granian takes it for a crash loop, and gives up, when a worker ends within 5.5 seconds of its start: so each has a little longer.
BETWEEN_S, PER_SECOND, LINKS = 3.0, 4000, 20


def measure(kills: int, say: Say) -> dict[str, object]:
    """So many kills of one web worker of the whole service, in turns, while its jobs go on draining."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        stage, stop = set_up(Path(name) / "data", links=LINKS), Path(name) / "stop"
        with running(stage.folder) as (service, served), others(1, "bench.crowds.unique") as pool:
            load = pool.submit(asked, served.port, [f"/l/{code}" for code in stage.codes], PER_SECOND, stop)
            try:
                killed = _kill(served, kills)
            finally:
                stop.touch()
            answered = load.result()
            same = child(service, "serve") == served.process
            wait_until_drained(stage.folder)
            found = _compared(stage, answered)
    say(f"  {killed} kills, {found['answered']:,} answered, {found['stored']:,} of them stored, {found['twice']} twice")
    return {**found, "kills": killed, "server_stayed": same, "per_second": round(len(answered.names) / answered.seconds)}


def _kill(served: Served, times: int) -> int:
    """Kill the one that has been answering longest, at a moment nobody can foresee, again and again. Returns how many were killed."""
    chance, killed = random.Random(3), 0
    for number in range(times):
        time.sleep(BETWEEN_S + chance.uniform(0, 0.1) if number else 1.0)
        if workers := served.workers():
            os.kill(min(workers, key=_began), signal.SIGKILL)
            killed += 1
    time.sleep(1.0)
    return killed


def _began(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def _compared(stage: Stage, answered: Answered) -> dict[str, int]:
    """Names answered, and names in the database. A visit may be written down whose answer did not arrive whole: that is none lost."""
    stored = Counter(str(row[0]) for row in rows(stage.folder, "SELECT server_host FROM visit WHERE server_host <> ''"))
    names = {host(number) for number in answered.names}
    return {
        "answered": len(names),
        "stored": sum(name in stored for name in names),
        "twice": sum(times > 1 for times in stored.values()),
        "stored_without_answer": len(stored.keys() - names),
        "broken_off": answered.broken,
        "wrong": answered.wrong,
        "asked": answered.sent,
    }
