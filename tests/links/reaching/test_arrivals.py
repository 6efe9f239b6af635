"""How many servers had come at which age, and who was new, by the figures and on both databases."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.links.reaching.arrivals import arrivals_of, counts_at, gathered
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house
from tests.web.reach.rows import reached_by

AGES = st.lists(st.integers(-4000, 400_000), max_size=60)


@pytest.fixture
def house(both_runtime: Runtime) -> House:
    return open_house(both_runtime)


@given(AGES, st.data())
def test_what_had_come_only_grows_and_ends_with_all(ages: list[int], data: st.DataObject) -> None:
    new = data.draw(st.lists(st.sampled_from(ages), max_size=len(ages), unique=True)) if ages else []
    found = gathered([(age, 1) for age in ages], [(age, 1) for age in new])
    looks = sorted(data.draw(st.lists(st.integers(0, 500_000), max_size=8)))
    counts = [found.reached(timedelta(seconds=age)) for age in looks]
    assert counts == sorted(counts)
    assert all(0 <= fresh <= servers for servers, fresh in counts)
    assert (found.servers, found.fresh) == (len(ages), len(new))
    assert found.reached(timedelta(days=30)) == (len(ages), len(new))
    for start, end in pairwise(looks):
        came = sum(start < max(0, age) <= end for age in ages), sum(start < max(0, age) <= end for age in new)
        assert found.between(timedelta(seconds=start), timedelta(seconds=end)) == came


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=50))
def test_half_had_come_by_then_and_not_before(ages: list[int]) -> None:
    found = gathered((age, 1) for age in ages)
    assert found.half is not None
    seconds = found.half.total_seconds()
    assert sum(age <= seconds for age in ages) * 2 >= len(ages)
    assert sum(age < seconds for age in ages) * 2 < len(ages)


def test_too_few_have_no_half_and_nobody_has_nothing() -> None:
    assert gathered([(3, 3)]).half is None
    nobody = gathered([])
    assert (nobody.servers, nobody.fresh, nobody.half, nobody.last) == (0, 0, None, timedelta(0))
    assert nobody.reached(timedelta(days=1)) == (0, 0)


def test_who_came_before_the_post_counts_from_the_start_and_is_told_apart_when_long_before() -> None:
    found = gathered([(-7200, 5), (-2, 1), (10, 1)])
    assert found.reached(timedelta(0)) == (6, 0)
    assert found.early == 5


def test_a_name_beyond_the_limit_of_a_link_is_no_new_server_of_it() -> None:
    found = gathered([(1, 2)], [(1, 2), (2, 3)])
    assert (found.servers, found.fresh) == (2, 2)


def test_the_first_post_meets_everybody_and_the_second_only_who_is_new(house: House) -> None:
    release, account, now = house.release(), house.account(), house.runtime.clock()
    _, first = house.post(release, account, published_at=now - timedelta(days=20))
    _, second = house.post(release, account, published_at=now - timedelta(days=2))
    reached_by(house, first, [0.2, 5.9, 61])
    reached_by(house, second, [1, 5.4, 5.5, 90_000])
    with house.runtime.reading() as session:
        one = arrivals_of(session, first, now - timedelta(days=20))
        two = arrivals_of(session, second, now - timedelta(days=2))
    assert (one.servers, one.fresh) == (3, 3)
    assert one.reached(timedelta(seconds=5)) == (2, 2)  # to the second, rounded down: 5.9 is 5
    assert (two.servers, two.fresh) == (4, 1)
    assert two.between(timedelta(hours=1), timedelta(days=2)) == (1, 1)
    assert two.last == timedelta(seconds=90_000)


def test_the_counts_of_several_posts_are_each_by_its_own_clock(house: House) -> None:
    release, account, now = house.release(), house.account(), house.runtime.clock()
    posts = []
    for days, ages in ((20, [1.0, 40.0]), (10, [3.0, 4.0, 5000.0]), (1, [])):
        _, link = house.post(release, account, published_at=now - timedelta(days=days))
        if ages:
            reached_by(house, link, ages)
        posts.append((link, now - timedelta(days=days)))
    with house.runtime.reading() as session:
        found = counts_at(session, posts, [timedelta(seconds=2), timedelta(minutes=1), timedelta(days=1)])
    assert found == [[1, 2, 2], [0, 2, 3], [0, 0, 0]]
