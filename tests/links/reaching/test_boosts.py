"""What came after a boost of ours, and between two looks at the boosts of others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.links.reaching.arrivals import gathered
from creatorbot.links.reaching.boosts import Look, after_others, after_ours, looks_at, own_boosts
from creatorbot.runtime import Runtime
from tests.web.desk import open_house
from tests.web.reach.rows import boosted, looked

OUT = datetime(2026, 11, 1, 19, 0, tzinfo=UTC)


def after(**passed: float) -> datetime:
    return OUT + timedelta(**passed)


def test_servers_after_our_boost_count_until_two_days_later() -> None:
    came = gathered([(30, 100), (7 * 86_400 + 20, 9), (9 * 86_400 + 1, 4)], [(7 * 86_400 + 20, 3)])
    (found,) = after_ours([(after(days=7), "@aoife@folk.example")], came, OUT, after(days=30))
    assert (found.servers, found.new, found.until, found.over) == (9, 3, after(days=9), True)


def test_the_next_boost_of_ours_ends_the_time_of_the_first() -> None:
    came = gathered([(30, 100), (3 * 3600, 5), (6 * 3600, 7)])
    own = [(after(hours=2), "@aoife@folk.example"), (after(hours=5), "@backup@b.example")]
    first, second = after_ours(own, came, OUT, after(hours=8))
    assert (first.servers, first.until, first.over) == (5, after(hours=5), True)
    assert (second.servers, second.over) == (7, False)


def test_others_boosts_are_what_the_count_rose_by_without_ours() -> None:
    came = gathered([(20, 100), (1800, 11), (5 * 86_400, 6)], [(1800, 9)])
    looks = [
        Look(after(minutes=10), 2),
        Look(after(hours=1), 3),
        Look(after(hours=6), None),
        Look(after(days=1), 3),
        Look(after(days=7), 5),
    ]
    found = after_others(looks, [(after(days=3), "@aoife@folk.example")], came, OUT)
    assert [(one.more, one.servers, one.new, one.first) for one in found] == [(2, 0, 0, True), (1, 11, 9, False), (1, 6, 0, False)]
    assert (found[2].since, found[2].until) == (after(days=1), after(days=7))


def test_our_own_boost_alone_is_nobody_elses() -> None:
    looks = [Look(after(minutes=10), 0), Look(after(days=30), 1)]
    assert after_others(looks, [(after(days=7), "@aoife@folk.example")], gathered([(1, 5)]), OUT) == []


@given(
    st.lists(st.tuples(st.integers(1, 100_000), st.none() | st.integers(0, 9)), max_size=8), st.lists(st.integers(0, 100_000), max_size=30)
)
def test_no_server_is_counted_for_two_times_between_looks(told: list[tuple[int, int | None]], ages: list[int]) -> None:
    looks = [Look(after(seconds=age), boosts) for age, boosts in sorted(told, key=lambda one: one[0])]
    found = after_others(looks, [], gathered((age, 1) for age in ages), OUT)
    assert all(one.more > 0 for one in found)
    assert sum(one.servers for one in found) <= len(ages)
    assert all(earlier.until <= later.since for earlier, later in pairwise(found))


@pytest.mark.parametrize("state", ["planned", "failed", "cancelled"])
def test_only_boosts_that_were_done_and_looks_of_this_post_are_read(both_runtime: Runtime, state: str) -> None:
    house = open_house(both_runtime)
    release, account = house.release(), house.account()
    post, _ = house.post(release, account, published_at=OUT)
    other, _ = house.post(release, account, published_at=OUT)
    boosted(house, post, account, after(days=7))
    boosted(house, other, account, after(days=8))
    boosted(house, post, house.account("backup", "b.example"), after(days=1), state)
    looked(house, post, [(after(hours=1), 3), (after(hours=6), None)])
    with house.runtime.reading() as session:
        assert own_boosts(session, post) == [(after(days=7), "@aoife@folk.example")]
        assert looks_at(session, post) == [Look(after(hours=1), 3), Look(after(hours=6), None)]
        assert looks_at(session, other) == []
