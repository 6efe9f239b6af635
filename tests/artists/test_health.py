"""What a look at an account proves: what a server says in so many words at once, what it only seems to say when seen again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.artists.health.decide import ANOTHER_DAY, BROKEN, SENTENCES, SOON, Doubt, Verdict, decide
from creatorbot.networks.base import Health
from creatorbot.networks.returning import Seen

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE, HIDDEN, GONE = Seen("here"), Seen("hidden"), Seen("gone")
MOVED = Seen("moved", "@alice@new.example", "https://new.example/@alice")
OK, AWAY, REVOKED = Health("ok"), Health("unreachable"), Health("revoked")


def after(looks: Sequence[tuple[Seen | None, Health | None]], apart: timedelta) -> list[Verdict]:
    """The verdicts of looks at equal distances."""
    doubt, said = Doubt(), []
    for number, (seen, health) in enumerate(looks):
        said.append(decide(seen, health, doubt, START + number * apart))
        doubt = said[-1].doubt
    return said


def test_a_move_and_a_suspension_count_at_once() -> None:
    [moved] = after([(MOVED, None)], SOON)
    assert (moved.state, moved.there, moved.there_url) == ("moved", "@alice@new.example", "https://new.example/@alice")
    assert after([(Seen("suspended"), None)], SOON)[0].state == "suspended"


@pytest.mark.parametrize("trouble", [AWAY, None])
def test_a_server_that_is_away_proves_nothing_about_the_account(trouble: Health | None) -> None:
    assert {one.state for one in after([(None, trouble)] * 50, timedelta(hours=1))} == {"unreachable"}


def test_one_refusal_is_a_blip_and_two_are_a_proof() -> None:
    first, second = after([(HERE, REVOKED)] * 2, SOON)
    assert first.state is None
    assert first.again <= SOON
    assert second.state == "reconnect"


def test_refusals_in_one_moment_are_one() -> None:
    assert [one.state for one in after([(HERE, REVOKED)] * 5, timedelta(seconds=10))] == [None] * 5


def test_a_good_answer_between_two_refusals_forgets_the_first() -> None:
    assert [one.state for one in after([(HERE, REVOKED), (HERE, OK), (HERE, REVOKED)], SOON)] == [None, "ok", None]


def test_gone_needs_two_days() -> None:
    assert [one.state for one in after([(GONE, None)] * 3, timedelta(hours=8))] == [None, None, None]
    assert after([(GONE, None)] * 2, ANOTHER_DAY)[-1].state == "gone"


def test_a_server_that_says_no_without_taking_anything_back_disconnects_nobody() -> None:
    states = {one.state for one in after([(HERE, Health("refused", "no"))] * 20, timedelta(hours=1))}
    assert states == {None, "disabled"}


LOOKS = st.tuples(
    st.sampled_from([None, HERE, HIDDEN, GONE, MOVED, Seen("suspended")]),
    st.sampled_from([None, OK, AWAY, REVOKED, Health("locked"), Health("refused", "no"), Health("moved", "", {"there": "@a@b.example"})]),
)


@given(looks=st.lists(LOOKS, max_size=12), minutes=st.integers(0, 3000))
def test_only_a_permission_refused_twice_running_disconnects(looks: list[tuple[Seen | None, Health | None]], minutes: int) -> None:
    said = after(looks, timedelta(minutes=minutes))
    for number, verdict in enumerate(said):
        assert verdict.again > timedelta()
        assert verdict.state in (None, "ok", "unreachable", *BROKEN)
        if verdict.state == "reconnect":
            refused = [health == REVOKED for _, health in looks[: number + 1]]
            assert refused[-1]
            assert sum(refused) >= 2
        if verdict.state == "gone":
            assert sum(seen is GONE for seen, _ in looks[: number + 1]) >= 2


def test_each_state_has_one_sentence() -> None:
    assert set(BROKEN) <= set(SENTENCES)
