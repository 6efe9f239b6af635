"""Ours and the neighbours on one lossy server: twenty items with lost answers, and the changes that feeds go through in life."""

import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col, select

from bench.posts import neighbours
from bench.posts.items import KINDS, Item, feed, item, moved, renamed, undated
from bench.posts.ours import announce, migrated, prepare, runtime_on, unsettled
from bench.posts.processes import Lossy, lossy
from creatorbot.clock import now
from creatorbot.models import Release, Source
from creatorbot.releases.poll import add_source, poll_source
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import new_vault_key
from jobs import confirm_posts, send_posts

ITEMS, RUNS = 20, 3
SETTLE_S = 90
Say = Callable[[str], None]
Turn = Callable[[], None]
Side = Callable[[Path, Lossy], Turn]


@dataclass(frozen=True)
class Scenario:
    """before: what the feed has at first. after: what it has then. posts: how many the change should lead to. lose: of the new posts."""

    name: str
    before: list[Item]
    after: list[Item]
    posts: int
    lose: dict[str, str] = field(default_factory=dict)
    first: bool = False


def scenarios() -> list[Scenario]:
    """The changes, with the right answer to each."""
    one, two, three, four = (item(number) for number in range(1, 5))
    old = item(2, datetime.now(UTC) - timedelta(days=60))
    return [
        Scenario("first run with 3 old items", [one, two, three], [one, two, three], 0, first=True),
        Scenario("2 new at once", [one], [one, two, three], 2),
        Scenario("edited item, same id", [one], [renamed(one)], 0),
        Scenario("link changed, same id", [one], [moved(one)], 0),
        Scenario("undated new item", [one], [one, undated(two)], 1),
        Scenario("back-dated new item", [one], [one, old], 1),
        Scenario("answer lost after acceptance", [one], [one, two], 1, {"1": "executed_cut"}),
        Scenario("504 after acceptance", [one], [one, two], 1, {"1": "executed_504"}),
        Scenario("504 on the third of 3", [one], [one, two, three, four], 3, {"3": "executed_504"}),
    ]


def ours(folder: Path, server: Lossy) -> Turn:
    """A turn of ours: look at the feed, let the artist say yes to what is new, send. The first turn connects the feed."""
    runtime = runtime_on(folder, "", new_vault_key(), 0.01)
    migrated(runtime)
    artist_id = prepare(runtime, server.port, 1)

    def turn() -> None:
        with runtime.reading() as session:
            source_id = session.exec(select(Source.id)).first()
        if source_id is None:
            add_source(runtime, artist_id, f"http://127.0.0.1:{server.port}/feed")
        else:
            poll_source(runtime, source_id, now(), "polled")
        with runtime.reading() as session:
            new = session.exec(select(Release.id).where(col(Release.state).in_(("new", "held"))).order_by(col(Release.id))).all()
        for release_id in new:
            announce(runtime, artist_id, release_id or 0)
        _settle(runtime)

    return turn


def _settle(runtime: Runtime) -> None:
    ends = time.monotonic() + SETTLE_S
    while unsettled(runtime) and time.monotonic() < ends:
        send_posts.run(runtime, runtime.clock())
        confirm_posts.run(runtime, runtime.clock())
        time.sleep(0.02)


def theirs(neighbour: neighbours.Neighbour, programs: Path) -> Side:
    """A turn of a neighbour's: what its timer starts."""

    def side(folder: Path, server: Lossy) -> Turn:
        return lambda: _run(neighbour, programs, folder, server)

    return side


def _run(neighbour: neighbours.Neighbour, programs: Path, folder: Path, server: Lossy) -> None:
    neighbours.run(neighbour, programs, folder, server.port)


@contextmanager
def _stage(side: Side) -> Iterator[tuple[Lossy, Turn]]:
    with lossy() as server, tempfile.TemporaryDirectory() as name:
        server.order(keys="ignored")
        yield server, side(Path(name), server)


def lost_answers(side: Side) -> dict[str, int]:
    """Twenty new items, every fourth post executed while its answer is lost, three turns."""
    with _stage(side) as (server, turn):
        items = [item(number) for number in range(ITEMS + 1)]
        server.order(feed=feed("rss", items[:1]), kind=KINDS["rss"])
        turn()
        server.order(feed=feed("rss", items), lose="every4")
        for _ in range(RUNS):
            turn()
        found = _count(server, 0)
    wanted = {number: found.get(number, 0) for number in range(1, ITEMS + 1)}
    posted = sum(1 for times in wanted.values() if times)
    return {"posted": posted, "duplicates": sum(wanted.values()) - posted, "missing": ITEMS - posted}


def _count(server: Lossy, since: int) -> Counter[int]:
    """How often each item stands on the server, of those posted after the first `since`."""
    texts = [one["text"] for one in server.told()["statuses"][since:]]
    return Counter(int(found[1]) for text in texts if (found := re.search(r"Item (\d{3})", text)))


def run_scenario(side: Side, scenario: Scenario, kind: str) -> tuple[int, bool]:
    """(how many posts the change led to, whether that is right)."""
    with _stage(side) as (server, turn):
        server.order(feed=feed(kind, scenario.before), kind=KINDS[kind])
        turn()
        since = 0 if scenario.first else len(server.told()["statuses"])
        server.order(feed=feed(kind, scenario.after), exactly=scenario.lose)
        turn()
        turn()
        found = _count(server, since)
    posts = sum(found.values())
    return posts, posts == scenario.posts and len(found) == scenario.posts


def asks_politely(side: Side) -> bool:
    """Whether an unchanged feed is asked for with what was known of it."""
    with _stage(side) as (server, turn):
        server.order(feed=feed("rss", [item(1)]), kind=KINDS["rss"])
        turn()
        turn()
        return server.told()["conditional"] > 0


def race(say: Say) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    """(the race, the scenarios). A neighbour that cannot be had says why instead."""
    sides: dict[str, Side] = {"ours": ours}
    results: dict[str, dict[str, object]] = {}
    versions: dict[str, object] = {}
    for neighbour in neighbours.NEIGHBOURS:
        try:
            sides[neighbour.name] = theirs(neighbour, neighbours.installed(neighbour))
            versions[neighbour.name] = neighbour.version
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            results[neighbour.name] = {"unavailable": f"it could not be installed here: {error}"}
            say(f"race: {neighbour.name} could not be installed here: {error}")
    details: dict[str, object] = {"versions": versions}
    for name, side in sides.items():
        score = lost_answers(side)
        results[name] = dict(score)
        say(f"race: {name:11} posted {score['posted']}, duplicates {score['duplicates']}, missing {score['missing']}")
        details[name] = _all_scenarios(name, side, say)
    return results, details


def _all_scenarios(name: str, side: Side, say: Say) -> dict[str, object]:
    found: dict[str, object] = {}
    for scenario in scenarios():
        for kind in KINDS:
            posts, right = run_scenario(side, scenario, kind)
            found[f"{scenario.name}, {kind}"] = {"posts": posts, "should": scenario.posts, "right": right}
            if not right or name == "ours":
                say(f"  {name:11} {scenario.name:30} {kind:5} {posts} of {scenario.posts} {'right' if right else 'WRONG'}")
    polite = asks_politely(side)
    say(f"  {name:11} asks only for what changed: {'yes' if polite else 'no'}")
    found["asks only for what changed"] = {"right": polite}
    found["right"] = sum(1 for one in found.values() if isinstance(one, dict) and one["right"])
    found["of"] = len(found) - 1
    return found
