"""`kill -9` at random points of a single send, many times: how many statuses does each post end with?

The server runs in a process of its own. Each run sends one post in a process that is killed at a moment drawn evenly over the time that
a send takes; afterwards the service "starts again" and works until every post is settled. Waits are scaled 1:100, the code is the same.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from bench.posts.burst import SCALE, Scene, count, scene
from bench.posts.ours import unsettled
from bench.posts.processes import databases, end, first_word, lossy, start
from creatorbot.clock import now
from creatorbot.models import Post

DELAY_S = 0.03
TRIED_FIRST = 5
GIVE_UP_S = 300
ACCOUNTS = 5
Say = Callable[[str], None]
# How the server meets a repeated key, and what it therefore says it is.
SERVERS = {"same": "mastodon", "ignored": "gotosocial"}


def series(runs: int, keys: str, engine: str, say: Say, seed: int = 1) -> dict[str, object]:
    """So many kills against one kind of server on one kind of database. caught: killed before the send had ended."""
    began = time.monotonic()
    with databases(engine) as fresh, lossy() as server, tempfile.TemporaryDirectory() as name:
        server.order(delay=DELAY_S, keys=keys)
        wanted = -(-(runs + TRIED_FIRST) // ACCOUNTS) * ACCOUNTS
        made = scene(Path(name), fresh(), server, wanted, software=SERVERS[keys], accounts=ACCOUNTS)
        caught = _kill_all(made, runs, random.Random(seed), say)
        left = _settle(made)
        missing, duplicates = count(made.runtime, server)
        missing -= wanted - runs - TRIED_FIRST  # made to fill the last announcement, and never due
    found = {"runs": runs, "caught": caught, "missing": missing, "duplicates": duplicates, "unsettled": left}
    say(f"kills: {engine}, keys {keys}: {found} in {time.monotonic() - began:.0f} s")
    return {"keys": keys, "engine": engine, **found}


def _kill_all(made: Scene, runs: int, chance: random.Random, say: Say) -> int:
    with made.runtime.reading() as session:
        posts = list(session.exec(select(Post.id).order_by(col(Post.id))).all())
    sender = start("bench.posts.sender", *made.worker(SCALE)[1:])
    try:
        first_word(sender)
        longest = max(_send(made, sender, posts.pop() or 0, None) for _ in range(TRIED_FIRST))
        caught = 0
        for number in range(runs):
            post_id = posts.pop() or 0
            _send(made, sender, post_id, chance.uniform(0, longest))
            with made.runtime.reading() as session:
                caught += session.get_one(Post, post_id).state not in ("published", "confirmed")
            if number % 100 == 99:
                say(f"  {number + 1} kills, {caught} of them before the end")
    finally:
        end(sender)
    return caught


def _send(made: Scene, sender: "subprocess.Popen[str]", post_id: int, kill_after_s: float | None) -> float:
    """Send one post; returns how long it took, in seconds."""
    with made.runtime.session() as session:
        due = now()
        session.execute(
            update(Post).where(col(Post.id) == post_id).values(due_at=due, not_before=due, expires_at=due + timedelta(hours=12))
        )
    assert sender.stdin is not None
    sender.stdin.write(f"{post_id}\n")
    sender.stdin.flush()
    began, process = time.monotonic(), int(first_word(sender))
    while _alive(process) and time.monotonic() - began < 30:
        if kill_after_s is not None and time.monotonic() - began >= kill_after_s:
            _kill(process)
        time.sleep(0.001)
    return time.monotonic() - began


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _settle(made: Scene) -> int:
    """Let a worker finish what the dead began; returns how many posts that were due are not at their end."""
    worker, ends = start(*made.worker(SCALE)), time.monotonic() + GIVE_UP_S
    try:
        first_word(worker)
        while (left := _open(made)) and time.monotonic() < ends:
            time.sleep(0.5)
    finally:
        end(worker)
    return left


def _open(made: Scene) -> int:
    return sum(number for state, number in unsettled(made.runtime).items() if state != "waiting")


def kills(runs: int, engines: tuple[str, ...], say: Say) -> dict[str, object]:
    """The runs shared out over both kinds of servers, and over the databases."""
    kinds = [(keys, engine) for engine in engines for keys in SERVERS]
    each = [series(-(-runs // len(kinds)), keys, engine, say, seed) for seed, (keys, engine) in enumerate(kinds, 1)]
    whole: dict[str, object] = {name: sum(int(str(one[name])) for one in each) for name in ("runs", "caught", "missing", "duplicates")}
    return {**whole, "each": each}


def main() -> None:
    """By itself: `python -m bench kills [RUNS]`."""
    found = kills(int(sys.argv[1]) if len(sys.argv) > 1 else 100, ("sqlite",), lambda said: print(said, file=sys.stderr, flush=True))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
