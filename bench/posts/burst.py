"""A thousand posts due in the same minute: how fast, how late, and with losses and kills: none missing and none twice."""

import random
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from bench.posts.ours import announce, make_releases, migrated, prepare, runtime_on, spread, unsettled
from bench.posts.processes import Lossy, databases, end, first_word, lossy, start
from creatorbot.clock import now
from creatorbot.models import Attempt, Link, Post
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import new_vault_key

ACCOUNTS, THREADS = 100, 8
DELAY_S = 0.1
SCALE = 0.01
GIVE_UP_S = 420
Say = Callable[[str], None]
Fresh = Callable[[], str]


@dataclass(frozen=True)
class Scene:
    """A database with approved posts, and the server they are for."""

    runtime: Runtime
    server: Lossy
    key: str
    posts: int

    def worker(self, scale: float) -> tuple[str, ...]:
        """How to start a worker on it."""
        settings = self.runtime.settings
        return ("bench.posts.worker", str(settings.data), settings.database_url, self.key, str(scale))


def scene(folder: Path, url: str, server: Lossy, posts: int, *, software: str = "mastodon", accounts: int = ACCOUNTS) -> Scene:
    """So many posts over the accounts, approved for tomorrow."""
    key, accounts = new_vault_key(), min(posts, accounts)
    runtime = runtime_on(folder, url, key, 1.0)
    migrated(runtime)
    artist_id = prepare(runtime, server.port, accounts, software)
    with runtime.session() as session:
        releases = make_releases(session, artist_id, [f"Tall Ships {number}" for number in range(posts // accounts)])
    made = [post for release in releases for post in announce(runtime, artist_id, release, now() + timedelta(days=1))]
    return Scene(runtime, server, key, len(made))


def count(runtime: Runtime, server: Lossy) -> tuple[int, int]:
    """(missing, duplicates): each post is known by the code of its link."""
    with runtime.reading() as session:
        wanted = set(session.exec(select(Link.code).where(col(Link.post_id).is_not(None))).all())
    found = Counter(code for one in server.told()["statuses"] for code in re.findall(r"/l/(\w+)", one["text"]) if code in wanted)
    return len(wanted - set(found)), sum(number - 1 for number in found.values())


def clean(fresh: Fresh, posts: int, say: Say) -> dict[str, float]:
    """Ours beside the plain loop, all due at once, twice each and in turns on one server; each side's better run counts."""
    plain, our = [], []
    with lossy() as server:
        server.order(delay=DELAY_S)
        loop = start("bench.posts.plain", str(server.port), str(THREADS))
        try:
            first_word(loop)
            for number in range(2):
                plain.append(posts / _plain(loop, posts))
                with tempfile.TemporaryDirectory() as name:
                    our.append(posts / _at_once(scene(Path(name), fresh(), server, posts)))
                say(f"  clean run {number + 1}: plain loop {plain[-1]:.1f} posts/s, ours {our[-1]:.1f}")
        finally:
            end(loop)
    return {"plain_per_s": round(max(plain), 1), "ours_per_s": round(max(our), 1), "ratio_to_plain_loop": round(max(our) / max(plain), 3)}


def _plain(loop: "subprocess.Popen[str]", posts: int) -> float:
    assert loop.stdin is not None
    loop.stdin.write(f"{ACCOUNTS} {posts}\n")
    loop.stdin.flush()
    return float(first_word(loop))


def _at_once(made: Scene) -> float:
    """Seconds from the moment they are all due to the last one's arrival."""
    before = made.server.count()
    worker = start(*made.worker(1.0))
    try:
        first_word(worker)
        time.sleep(1)
        begins = now() + timedelta(seconds=1)
        spread(made.runtime, begins, 0)
        return _arrived(made, before)[-1] - begins.timestamp()
    finally:
        end(worker)


def _arrived(made: Scene, before: int) -> list[float]:
    """When each post arrived, once all have. Raises RuntimeError when they do not."""
    ends = time.monotonic() + GIVE_UP_S
    while time.monotonic() < ends:
        if made.server.count() - before >= made.posts:
            return sorted(one["made"] for one in made.server.told()["statuses"][before:])
        time.sleep(0.5)
    raise RuntimeError("not all posts arrived")


def late(fresh: Fresh, posts: int, over_s: float, say: Say) -> dict[str, float]:
    """How long after its due time each post arrives, when they are due evenly over a minute, which is within capacity."""
    with lossy() as server, tempfile.TemporaryDirectory() as name:
        server.order(delay=DELAY_S)
        made = scene(Path(name), fresh(), server, posts)
        worker = start(*made.worker(1.0))
        try:
            first_word(worker)
            time.sleep(1)
            spread(made.runtime, now() + timedelta(seconds=2), over_s)
            _arrived(made, 0)
            waited = sorted(_waits(made))
        finally:
            end(worker)
    found = {"late_p50_s": waited[len(waited) // 2], "late_p99_s": waited[len(waited) * 99 // 100], "late_max_s": waited[-1]}
    say(f"  {posts} posts over {over_s:.0f} s: started late by p50 {found['late_p50_s']:.2f} s, p99 {found['late_p99_s']:.2f} s")
    return {name: round(value, 2) for name, value in found.items()}


def _waits(made: Scene) -> list[float]:
    """Seconds from each post's due time to the start of its try."""
    with made.runtime.reading() as session:
        rows = session.exec(select(Post.due_at, Attempt.started_at).join(Attempt, col(Attempt.post_id) == col(Post.id))).all()
    return [(started - due).total_seconds() for due, started in rows]


def rough(fresh: Fresh, posts: int, kills: int, say: Say, seed: int = 1) -> dict[str, int]:
    """One in ten fails in some way, two workers, and kills at random moments; until every post is at its end."""
    chance = random.Random(seed)
    with lossy() as server, tempfile.TemporaryDirectory() as name:
        server.order(delay=DELAY_S, lose="one_in_ten", seed=seed)
        made = scene(Path(name), fresh(), server, posts, software="mastodon" if seed % 2 else "gotosocial")
        server.order(keys="same" if seed % 2 else "ignored")
        workers = [start(*made.worker(SCALE)) for _ in range(2)]
        killed, ends = 0, time.monotonic() + GIVE_UP_S + 8 * kills
        try:
            for worker in workers:
                first_word(worker)
            spread(made.runtime, now() + timedelta(seconds=1), 60 * SCALE)
            while time.monotonic() < ends and (killed < kills or unsettled(made.runtime)):
                if killed < kills:
                    time.sleep(chance.uniform(0, 0.8))
                    killed += _replace(workers, chance.randrange(2), made)
                    say(f"  killed {killed}, not at their end yet: {unsettled(made.runtime)}") if killed % 10 == 0 else None
                else:
                    time.sleep(1)
        finally:
            for worker in workers:
                end(worker)
        missing, duplicates = count(made.runtime, server)
        left = unsettled(made.runtime)
    say(f"  {posts} posts, {killed} kills: {missing} missing, {duplicates} duplicates, left {left}")
    return {"missing": missing, "duplicates": duplicates, "kills": killed, "unsettled": sum(left.values())}


def _replace(workers: "list[subprocess.Popen[str]]", number: int, made: Scene) -> int:
    """Kill one worker without a word and start another in its place."""
    end(workers[number])
    workers[number] = start(*made.worker(SCALE))
    first_word(workers[number])
    return 1


def burst(engines: tuple[str, ...], posts: int, kills: int, say: Say) -> dict[str, object]:
    """Everything, on each engine; the worst counts."""
    each: dict[str, dict[str, float]] = {}
    for engine in engines:
        with databases(engine) as fresh:
            say(f"burst on {engine}")
            each[engine] = {**clean(fresh, posts, say), **late(fresh, posts, 60 * posts / 1000, say)}
            for seed in (1, 2):
                for name, value in rough(fresh, posts, kills // 2, say, seed).items():
                    each[engine][name] = each[engine].get(name, 0) + value
    worst: dict[str, object] = {name: sum(one[name] for one in each.values()) for name in ("missing", "duplicates", "kills", "unsettled")}
    worst["ratio_to_plain_loop"] = min(one["ratio_to_plain_loop"] for one in each.values())
    worst["late_p99_s"] = max(one["late_p99_s"] for one in each.values())
    return {**worst, "engines": each}
