"""Two workers as real processes, killed without warning while the first server goes and comes: one post in the end, never two."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from creatorbot.clock import now
from creatorbot.rehearsal.serve import start
from creatorbot.security.secrets import new_vault_key
from tests.announcements.pairs import Pair, set_pair
from tests.announcements.worker import runtime_on

SCALE = 0.01
ROOT = Path(__file__).resolve().parents[2]
RUNS = int(os.environ.get("CREATORBOT_KILLS", "0"))
pytestmark = pytest.mark.skipif(not RUNS, reason="a long run: python -m bench faults")


class Workers:
    """Two of them, on one database."""

    def __init__(self, *told: str) -> None:
        self.told = told
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Both begin; returns when both work."""
        command = [sys.executable, "-m", "tests.announcements.worker", *self.told]
        self.running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
        for one in self.running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"

    def kill(self) -> None:
        """Both end at once, in the middle of whatever they do."""
        for one in self.running:
            one.kill()
        for one in self.running:
            one.wait(10)
            assert one.stdout is not None
            one.stdout.close()
        self.running = []


@pytest.fixture
def scene(postgresql_engine: Engine, tmp_path: Path) -> Iterator[tuple[Pair, Workers]]:
    """A pair of accounts, and workers on the same database: the one where two really write at a time."""
    url, key = postgresql_engine.url.render_as_string(hide_password=False), new_vault_key()
    runtime = runtime_on(url, tmp_path, key, SCALE)
    workers = Workers(url, str(tmp_path), key, str(SCALE))
    with start(tmp_path / "practice") as practice:
        yield set_pair(runtime, practice, SimpleNamespace(at=now()), patience=5), workers
        workers.kill()


def settled(duo: Pair) -> bool:
    """Whether nothing more will happen."""
    stand_in = duo.stand_in()
    over = stand_in is None or stand_in.state == "done"
    return over and all(post.state in ("confirmed", "handed_over", "cancelled") for post in duo.posts())


def test_one_post_whatever_is_killed(scene: tuple[Pair, Workers]) -> None:
    duo, workers = scene
    chance = random.Random(int(os.environ.get("CREATORBOT_SEED", "7")))
    for run in range(RUNS):
        duo.away()
        duo.stage.approve()
        for _ in range(2):
            workers.start()
            time.sleep(chance.uniform(0.05, 3.0))
            workers.kill()
        duo.back()
        workers.start()
        ends = time.monotonic() + 60
        while not settled(duo):
            assert time.monotonic() < ends, [(post.state, post.sentence) for post in duo.posts()]
            time.sleep(0.1)
        workers.kill()
        assert duo.written() == run + 1
        assert duo.boosts() <= run + 1
