"""Whatever the servers do, and wherever the program stops: with "rather late" a post never appears twice, and in the end it is there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creatorbot.announcements import send
from creatorbot.announcements.handover import returning
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.networks import REGISTRY
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from tests.announcements.pairs import Pair, set_pair

TROUBLES = {"lost": "executed_answer_lost", "nothing": "not_executed_503", "gateway": "down"}
THINGS = ("away", "back", *TROUBLES, "killed before", "killed after", "died asking", "soon", "later")
EXAMPLES = int(os.environ.get("CREATORBOT_ORDERS", "6"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the practice servers remember."""
    return tmp_path_factory.mktemp("practice")


@pytest.fixture
def duo(runtime: Runtime, clock: Any, folder: Path) -> Iterator[Pair]:
    """A first and a backup account; every example announces anew on them."""
    with start(folder, clock=lambda: clock.at.timestamp()) as practice:
        yield set_pair(runtime, practice, clock)


def killed(duo: Pair, *, after: bool) -> None:
    """A sender takes each due post in hand, writes its try down, perhaps sends it, and dies."""
    runtime = duo.stage.runtime
    for post in duo.posts():
        taken = send.take(runtime, [post.id or 0])
        parcel = taken.to_send[0] if taken.to_send else None
        if parcel is None or not after:
            continue
        try:
            REGISTRY[parcel.network].publish(parcel.draft, parcel.account, key=parcel.key, door=parcel.door)
        except ServiceError:
            pass  # it died before it could know


def died_asking(duo: Pair) -> None:
    """Whoever asks the first server whether it is back, dies with the answer in hand."""
    runtime = duo.stage.runtime
    with runtime.reading() as session:
        due = returning.due_stand_ins(session, duo.clock.at)
    for stand_in_id in due:
        with runtime.session() as session:
            returning._claim(session, stand_in_id, duo.clock.at, Waits())


def happen(duo: Pair, thing: str, second: bool, away: set[bool]) -> None:
    """One thing, on the backup's server where `second` says so. away: which servers are."""
    if thing == "away" and second not in away:
        duo.away(second=second)
        away.add(second)
    elif thing == "back" and second in away:
        duo.back(second=second)
        away.remove(second)
    elif thing in TROUBLES and second not in away:
        duo.trouble(TROUBLES[thing], second=second)
    elif thing in ("killed before", "killed after"):
        killed(duo, after=thing == "killed after")
    elif thing == "died asking":
        died_asking(duo)
    elif thing in ("soon", "later"):
        duo.work(4, minutes=1 if thing == "soon" else 6)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(st.tuples(st.sampled_from(THINGS), st.booleans()), min_size=2, max_size=9))
def test_never_twice_and_never_lost(duo: Pair, things: list[tuple[str, bool]]) -> None:
    before = duo.written()
    post_id = duo.stage.approve()
    away: set[bool] = set()
    try:
        for thing, second in things:
            happen(duo, thing, second, away)
    finally:
        for second in sorted(away):
            duo.back(second=second)
        for second in (False, True):
            duo.trouble("none", second=second)
    duo.work(40, minutes=4)
    assert duo.written() == before + 1, things
    states = sorted(post.state for post in duo.posts() if post.announcement_id == duo.stage.post(post_id).announcement_id)
    assert states in (["confirmed"], ["confirmed", "handed_over"], ["cancelled", "confirmed"]), (things, states)
