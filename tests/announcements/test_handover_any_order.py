"""Whatever the servers do, and wherever the program stops: with "rather late" a post never appears twice, and in the end it is there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creatorbot.announcements import claim, send
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.networks import REGISTRY
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from tests.announcements.pairs import Pair, set_pair

THINGS = ("away", "back", "lost", "nothing", "killed before", "killed after", "soon", "later")


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
    """A sender takes a due post in hand, writes its try down, perhaps sends it, and dies."""
    runtime = duo.stage.runtime
    for post in duo.posts():
        with runtime.session() as session:
            taken = claim.claim_to_send(session, post.id or 0, duo.clock.at, Waits())
        parcel = send._pack(runtime, post.id or 0) if taken else None
        if parcel is None or not after:
            continue
        try:
            REGISTRY[parcel.network].publish(parcel.draft, parcel.account, key=parcel.key, door=parcel.door)
        except ServiceError:
            pass  # it died before it could know


def happen(duo: Pair, thing: str, is_away: bool) -> bool:
    """One thing; returns whether the first server is away afterwards."""
    if thing == "away" and not is_away:
        duo.away()
    elif thing == "back" and is_away:
        duo.back()
    elif thing in ("lost", "nothing") and not is_away:
        duo.stage.trouble("executed_answer_lost" if thing == "lost" else "not_executed_503")
    elif thing.startswith("killed"):
        killed(duo, after=thing == "killed after")
    elif thing in ("soon", "later"):
        duo.work(4, minutes=1 if thing == "soon" else 6)
    return {"away": True, "back": False}.get(thing, is_away)


@settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(st.sampled_from(THINGS), min_size=2, max_size=7))
def test_never_twice_and_never_lost(duo: Pair, things: list[str]) -> None:
    before = duo.written()
    post_id = duo.stage.approve()
    is_away = False
    for thing in things:
        is_away = happen(duo, thing, is_away)
    if is_away:
        duo.back()
    duo.stage.trouble("none")
    duo.work(40, minutes=4)
    assert duo.written() == before + 1, things
    states = sorted(post.state for post in duo.posts() if post.announcement_id == duo.stage.post(post_id).announcement_id)
    assert states in (["confirmed"], ["confirmed", "handed_over"], ["cancelled", "confirmed"]), (things, states)
