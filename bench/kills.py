"""`kill -9` between "the server accepted" and "we recorded", many times: how many statuses does each post end with?

The practice server runs in a process of its own. Each run forks a sender and kills it at a random moment around the server's answer;
afterwards the service "starts again" and works until every post is settled. Waits are scaled 1:100, the code is the same.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from creatorbot.config import Settings
from creatorbot.models import Post
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from creatorbot.storage.migrate import migrate
from jobs import confirm_posts, send_posts
from tests.stage import Addresses, Stage, codes_in, set_stage

SCALE = 0.01
GIVE_UP_S = 120


@dataclass(frozen=True)
class Tally:
    """What a series of kills came to. caught: the kill fell while nothing was recorded yet."""

    keys: str
    runs: int
    caught: int
    missing: int
    duplicates: int
    seconds: float


def open_runtime(folder: Path, vault_key: str, url: str = "") -> Runtime:
    """A runtime of its own on this folder; a forked process needs a fresh one."""
    settings = Settings(data=folder, database_url=url, wait_scale=SCALE)
    engine = open_engine(settings.sqlalchemy_url)
    return Runtime(
        settings=settings,
        session=session_factory(engine),
        reading=reading_factory(engine),
        door=Door(),
        vault=Vault([vault_key]),
        clock=lambda: datetime.now(UTC),
        cookie_key="bench" * 8,
    )


def series(runs: int, keys: str, seed: int = 1, url: str = "") -> Tally:
    """So many kills against a server that meets repeated keys like this ("same": as Mastodon; "ignored": as most others)."""
    started, chance = time.monotonic(), random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder, vault_key = Path(name), new_vault_key()
        runtime = open_runtime(folder, vault_key, url)
        with runtime.session() as session:
            migrate(session.get_bind())  # type: ignore[arg-type]
        server, places = _practice(folder / "practice")
        try:
            stage = set_stage(runtime, places)
            stage.keys(keys)
            caught = sum(_one(stage, folder, vault_key, url, chance) for _ in range(runs))
            _settle(stage)
            each = Counter(codes_in(stage.posted()))
        finally:
            server.terminate()
            server.wait(10)
    return Tally(keys, runs, caught, runs - len(each), sum(count - 1 for count in each.values()), round(time.monotonic() - started, 1))


def _practice(folder: Path) -> tuple[subprocess.Popen[str], Addresses]:
    program = (
        "import sys; from pathlib import Path; from creatorbot.rehearsal.serve import serve; "
        "serve(Path(sys.argv[1]), ready=lambda one, two: print(one, two, flush=True))"
    )
    server = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    ports = server.stdout.readline().split()
    return server, Addresses(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")


def _one(stage: Stage, folder: Path, vault_key: str, url: str, chance: random.Random) -> bool:
    """Send one post in a process that is killed. True when it died before it had recorded anything."""
    before = len(stage.posted())
    post_id = stage.approve()
    if chance.random() < 0.5:
        stage.trouble("executed_slow", 1, chance.uniform(0.01, 0.1))  # makes the window wide enough to fall into
    child = os.fork()
    if child == 0:
        send_posts.run(open_runtime(folder, vault_key, url), datetime.now(UTC))
        os._exit(0)
    ends = time.monotonic() + 20
    while len(stage.posted()) == before and time.monotonic() < ends:
        pass
    time.sleep(chance.choice((0, 0, 0.002, 0.005, 0.02)))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return stage.post(post_id).state in ("claimed", "due")


def _settle(stage: Stage) -> None:
    ends = time.monotonic() + GIVE_UP_S
    while time.monotonic() < ends:
        send_posts.run(stage.runtime, stage.runtime.clock())
        confirm_posts.run(stage.runtime, stage.runtime.clock())
        with stage.runtime.reading() as session:
            if all(post.state == "confirmed" for post in session.exec(select(Post)).all()):
                return
        time.sleep(0.05)


def main(runs: int = 100) -> list[dict[str, object]]:
    """Both kinds of servers; prints a row each."""
    rows = []
    print(f"{'repeated keys':14} {'kills':>6} {'caught':>7} {'missing':>8} {'duplicates':>11} {'seconds':>8}")
    for keys in ("same", "ignored"):
        tally = series(runs, keys)
        rows.append(asdict(tally))
        print(f"{tally.keys:14} {tally.runs:6} {tally.caught:7} {tally.missing:8} {tally.duplicates:11} {tally.seconds:8}")
    return rows


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
