"""Polling thousands of sources: ours beside the `reader` library, on one server in one run; memory; and a kill in the middle."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, func, select

from bench.feeds.ours import PER_ARTIST, prepare, runtime_in
from bench.feeds.server import ITEMS, place
from creatorbot.models import Release, SourceItem

ROOT = Path(__file__).resolve().parents[1]
READER = ("reader==3.26", "sgmllib3k")
EVERY = 20  # five in a hundred
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "creatorbot-bench"


@dataclass
class Side:
    """A process that takes a line and answers with a line of JSON."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> dict[str, float]:
        """Send, and wait for the answer. Raises RuntimeError when it ended instead."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError(f"it ended with {self.process.wait()}")
        answer: dict[str, float] = json.loads(said)
        return answer


@contextmanager
def started(*command: str) -> Iterator[Side]:
    """A side whose first line says it is ready."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError(f"it ended with {process.wait()}")
        yield Side(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ours(folder: Path) -> "contextmanager[Side]":
    """Our process on this database."""
    return started(sys.executable, "-m", "bench.feeds.ours", str(folder))  # type: ignore[return-value]


@dataclass(frozen=True)
class Server:
    """The server of all sources."""

    port: int

    def set(self, *, validators: bool = True, version: int = 0, every: int = EVERY) -> None:
        """From now on: answers with or without validators; every so manyth source so many items further."""
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{self.port}/set/{int(validators)}/{version}/{every}"
        ).close()


@contextmanager
def serving() -> Iterator[Server]:
    """The server, in a process of its own."""
    command = (sys.executable, "-m", "bench.feeds.server")
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Server(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def reader_python() -> Path:
    """The Python of an environment with `reader` in it, made once. Raises RuntimeError with what was wrong."""
    python = _CACHE / "-".join(READER) / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", "import reader"], capture_output=True, check=False).returncode == 0:
        return python
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(python.parents[1])],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *READER],
        [str(python), "-c", "import reader"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
    return python


PHASES = ("first", "unchanged", "same_bytes", "changed")


def measure(server: Server, side: Side, command: str) -> dict[str, float]:
    """Seconds of each phase. command: what the side is sent, with %d for the number of the phase."""
    found = {}
    for number, phase in enumerate(PHASES):
        print(f"{phase} …", end=" ", file=sys.stderr, flush=True)
        server.set(validators=phase != "same_bytes", version=int(phase == "changed"))
        answer = side.ask(command % number if "%" in command else command)
        if answer["troubled"]:
            raise RuntimeError(f"{answer['troubled']} sources failed in the phase {phase}")
        found[f"{phase}_s"], found[f"{phase}_cpu_s"] = round(answer["seconds"], 3), round(answer["cpu"], 3)
        print(f"{found[f'{phase}_s']} s", file=sys.stderr, flush=True)
    return found


def measure_ours(server: Server, folder: Path, sources: int) -> dict[str, float]:
    """All phases, and what must have been found in them."""
    print("ours", file=sys.stderr, flush=True)
    prepare(folder, server.port, sources)
    with ours(folder) as side:
        return measure(server, side, "%d")


def measure_reader(server: Server, folder: Path, sources: int, workers: int) -> dict[str, float]:
    """The same phases by `reader`."""
    print("reader", file=sys.stderr, flush=True)
    with started(str(reader_python()), str(ROOT / "bench/feeds/theirs.py"), str(folder / f"reader{workers}.sqlite"), str(workers)) as side:
        server.set()
        side.ask("add " + " ".join(f"http://{place(number)}:{server.port}/" for number in range(sources)))
        return measure(server, side, "poll")


def measure_memory(server: Server, folder: Path, sources: int) -> float:
    """Peak megabytes of our process over a first and an unchanged poll."""
    print(f"memory with {sources:,} sources", file=sys.stderr, flush=True)
    prepare(folder, server.port, sources)
    server.set()
    with ours(folder) as side:
        side.ask("0")
        return side.ask("1")["peak_mb"]


def new_releases(folder: Path) -> int:
    """How many releases count as new."""
    with runtime_in(folder).reading() as session:
        return session.exec(select(func.count()).select_from(Release).where(col(Release.state).in_(("new", "held")))).one()


def killed(server: Server, folder: Path, days: float, expected: int) -> int:
    """A round that is killed in its middle, again and again, then one that is not. Returns how many kills hit a round at work."""
    print("kills", file=sys.stderr, flush=True)
    hits = 0
    for share in (0.2, 0.5, 0.8):
        with ours(folder) as side:
            assert side.process.stdin is not None
            side.process.stdin.write(f"{days}\n")
            side.process.stdin.flush()
            ends = time.monotonic() + 60
            while new_releases(folder) < share * expected and side.process.poll() is None and time.monotonic() < ends:
                time.sleep(0.002)
            os.killpg(side.process.pid, signal.SIGKILL)
        hits += new_releases(folder) < expected
        days += 0.01  # a quarter of an hour: the leases have run out
    with ours(folder) as side:
        side.ask(f"{days}")
    return hits


def account(folder: Path, sources: int, versions: int) -> tuple[int, int]:
    """Of the items published since the first poll: how many were missed; and how many were taken for new twice, or without being new."""
    numbers = range(0, sources, EVERY)
    wanted = {f"http://artist-{number}.example/releases/{ITEMS + one}" for number in numbers for one in range(1, versions + 1)}
    with runtime_in(folder).reading() as session:
        found = session.exec(select(Release.url).where(col(Release.state).in_(("new", "held")))).all()
        entries = session.exec(select(func.count()).select_from(SourceItem)).one()
    missed, twice = len(wanted - set(found)), len(found) - len(wanted & set(found))
    return missed, twice + max(0, entries - sources * ITEMS - len(wanted))


def run(sources: int, memory_sources: int, workers: int) -> dict[str, object]:
    """Everything, one after the other on one server."""
    with tempfile.TemporaryDirectory() as name, serving() as server:
        mine, theirs, memory = (Path(name) / part for part in ("ours", "reader", "memory"))
        for folder in (mine, theirs, memory):
            folder.mkdir()
        our = measure_ours(server, mine, sources)
        try:
            their: dict[str, float] | None = measure_reader(server, theirs, sources, workers)
            problem = ""
        except (RuntimeError, OSError) as error:
            their, problem = None, f"reader could not be measured: {error}"
        server.set(version=3)
        hits = killed(server, mine, 5, 3 * len(range(0, sources, EVERY)))
        missed, twice = account(mine, sources, 3)
        our["peak_mb"] = round(measure_memory(server, memory, memory_sources), 1) if memory_sources else 0.0
    ratio = None
    if their:
        ratio = {phase: round(their[f"{phase}_s"] / our[f"{phase}_s"], 2) for phase in PHASES}
        ratio |= {f"{phase}_cpu": round(their[f"{phase}_cpu_s"] / our[f"{phase}_cpu_s"], 2) for phase in PHASES}
    result: dict[str, object] = {"sources": sources, "ours": our, "reader": their, "ratio": ratio, "missed": missed, "twice": twice}
    result |= {"kills": hits, "peak_sources": memory_sources}
    return result | ({"problem": problem} if problem else {})


def show(result: dict[str, object]) -> None:
    """The same as a table."""
    our, their, ratio = result["ours"], result["reader"] or {}, result["ratio"] or {}
    assert isinstance(our, dict)
    assert isinstance(their, dict)
    assert isinstance(ratio, dict)
    sources = int(str(result["sources"]))
    print(f"{sources:,} sources of {ITEMS} items, {PER_ARTIST} to an artist, each its own host; sources a second")
    print(f"{'':28}{'ours':>10}{'reader':>10}{'ratio':>8}{'by CPU time':>14}")
    names = ("first poll", "unchanged (304)", "unchanged, no validators", "5 in 100 changed")
    for phase, label in zip(PHASES, names, strict=True):
        other = f"{sources / their[f'{phase}_s']:10,.0f}" if their else f"{'–':>10}"
        print(f"{label:28}{sources / our[f'{phase}_s']:10,.0f}{other}{ratio.get(phase, '–'):>8}{ratio.get(f'{phase}_cpu', '–'):>14}")
    print(f"peak memory of our process with {result['peak_sources']:,} sources: {our['peak_mb']} MB   (limit 250)")
    print(f"killed {result['kills']} times at work: {result['missed']} new items missed, {result['twice']} twice")
    print(result.get("problem", ""))


def main() -> None:
    """Print one table, or the same as JSON."""
    options = argparse.ArgumentParser(prog="bench polling", description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--sources", type=int, default=2_000)
    options.add_argument("--memory-sources", type=int, default=10_000, help="for the peak of memory; 0 leaves it out")
    options.add_argument("--reader-workers", type=int, default=1, help="threads `reader` may use")
    given = options.parse_args()
    result = run(given.sources, given.memory_sources, given.reader_workers)
    print(json.dumps(result)) if given.json else show(result)


if __name__ == "__main__":
    main()
