"""Never silent: whatever goes wrong, five minutes after it was due a post is out or explained, on Home and by mail."""

import os
from datetime import timedelta

import pytest

from creatorbot.announcements.claim import claim_to_send
from creatorbot.announcements.waits import Waits
from creatorbot.models import Account
from creatorbot.rehearsal.fediverse.troubles import TABLE
from jobs import edit_posts, send_mails, tell_members
from tests.artists.telling.conftest import Round

SAID = {"posted", "changed", "failed", "needs_you", "late", "vanished"}
SLOWLY = {"executed_slow": 0.2, "executed_drip": 0.2, "refused": 600.0}  # seconds that really pass


def five_minutes(one: Round, *, sending: bool = True) -> list[tuple[str, str]]:
    """The jobs run every twenty seconds until it is explained, at most for five minutes; what was told until then."""
    ends = one.clock.at + timedelta(minutes=5)
    told: list[tuple[str, str]] = []
    while one.clock.at < ends and not (told and one.subjects()):
        if sending:
            one.stage.work(1)
            edit_posts.run(one.runtime, one.clock.at)
        told = one.tell()
        send_mails.run(one.runtime, one.clock.at)
        one.clock.forward(seconds=20)
    return told


def ready(one: Round) -> int:
    one.set_server()
    one.wish()
    one.mail()
    tell_members.run(one.runtime, one.clock.at)
    return one.stage.approve()


def explained(one: Round, told: list[tuple[str, str]]) -> None:
    assert {kind for kind, _ in told} & SAID, told
    for _, said in told:
        assert "%(" not in said
        assert "Tall Ships" in said or "home" in said or "@" in said
    assert one.subjects(), "and by mail"


# Once is what the matrix of every server and every trouble plays; here those that leave a doubt behind, in the long run of the benchmarks.
DOUBTFUL = [name for name in sorted(TABLE) if TABLE[name].executed and "CREATORBOT_EVERY" in os.environ]


@pytest.mark.parametrize(("behaviour", "times"), [*((name, 0) for name in sorted(TABLE)), *((name, 1) for name in DOUBTFUL)])
def test_whatever_the_server_does(round_: Round, behaviour: str, times: int) -> None:
    """times: how often it does so, 0 for ever."""
    ready(round_)
    round_.stage.trouble(behaviour, times, SLOWLY.get(behaviour))
    explained(round_, five_minutes(round_))


def test_nobody_sends(round_: Round) -> None:
    ready(round_)
    explained(round_, five_minutes(round_, sending=False))


def test_whoever_sent_it_died(both: Round) -> None:
    post_id = ready(both)
    with both.runtime.session() as session:
        assert claim_to_send(session, post_id, both.clock.at, Waits())
    explained(both, five_minutes(both))


@pytest.mark.parametrize("state", ["reconnect", "suspended", "disabled", "moved", "gone", "removed"])
def test_the_account_cannot_post(round_: Round, state: str) -> None:
    ready(round_)
    with round_.runtime.session() as session:
        session.get_one(Account, round_.stage.account_id).state = state
    explained(round_, five_minutes(round_))


def test_the_machine_was_off_too_long(round_: Round) -> None:
    ready(round_)
    round_.clock.forward(hours=13)
    told = five_minutes(round_)
    explained(round_, told)
    assert round_.stage.posted() == [], "so late the artist is asked first"
