"""What a server tells about itself is asked anew once a day, and never lost over a bad day of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from creatorbot.artists import accounts, refreshing
from creatorbot.models import Account, Server
from creatorbot.networks.base import ServerFacts
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from jobs import check_accounts
from tests.stage import Stage, set_stage


@pytest.fixture
def stage(both_runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Stage]:
    """A connected account, on each database."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_stage(both_runtime, practice)


def told(stage: Stage) -> ServerFacts:
    with stage.runtime.reading() as session:
        return accounts.server_facts(session.get_one(Server, session.get_one(Account, stage.account_id).server_id))


def ask(stage: Stage) -> bool:
    with stage.runtime.reading() as session:
        server_id = session.get_one(Account, stage.account_id).server_id
    return refreshing.refresh(stage.runtime, server_id)


def says(stage: Stage, **what: object) -> None:
    requests.post(f"{stage.practice.fediverse_url}/practice/keys", json=what, timeout=20).raise_for_status()


def test_a_new_limit_is_known_the_next_day_and_asked_for_once(stage: Stage, clock: Any) -> None:
    says(stage, max_characters=5000, version="4.7.4+glitch")
    assert not ask(stage)  # it told when it was connected
    clock.forward(hours=24)
    assert ask(stage)
    facts = told(stage)
    assert (facts.limits.characters, facts.software, facts.version) == (5000, "glitch", "4.7.4+glitch")
    assert not ask(stage)


def test_the_daily_look_at_an_account_brings_it_along(stage: Stage, clock: Any) -> None:
    says(stage, max_characters=5000)
    check_accounts.run(stage.runtime, clock.at)
    clock.forward(hours=25)
    check_accounts.run(stage.runtime, clock.at)
    assert told(stage).limits.characters == 5000


@pytest.mark.parametrize("trouble", ["no_description", "down"])
def test_a_server_that_does_not_answer_keeps_what_it_said(stage: Stage, clock: Any, trouble: str) -> None:
    before = told(stage)
    says(stage, max_characters=5000)
    stage.trouble(trouble, times=0)
    clock.forward(hours=24)
    assert not ask(stage)
    assert told(stage) == before


def test_a_server_nobody_has_an_account_on_is_left_alone(stage: Stage, clock: Any) -> None:
    with stage.runtime.session() as session:
        accounts.disconnect(session, stage.runtime.vault, session.get_one(Account, stage.account_id), clock.at)
    says(stage, max_characters=5000)
    clock.forward(days=3)
    assert not ask(stage)
    assert told(stage).limits.characters == 500
