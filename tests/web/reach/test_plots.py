"""The geometry of plots: everything inside its box, counts never drawn falling, both the first minute and the last boost with room."""

import re
from datetime import timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.links.reaching.arrivals import gathered
from creatorbot.web.house import plots
from creatorbot.web.house.plots import DAY, HOUR, MINUTE, NARROW, WIDE, Counted, Size, arrivals

MARK = 7.0 * DAY


def drawn(ages: list[int], now: float, size: Size = WIDE, **more: list[float]) -> plots.ArrivalPlot:
    found = gathered([(age, 1) for age in ages], [(age, 1) for age in ages[::3]])
    return arrivals(Counted(found.ages, found.total, found.new, now, shaded=2 * MINUTE, **more), size)  # type: ignore[arg-type]


def corners(path: str) -> list[tuple[float, float]]:
    """The points a stair goes through: M x y, then H x V y again and again."""
    x, y = re.match(r"M([\d.]+) ([\d.]+)", path).groups()  # type: ignore[union-attr]
    return [(float(x), float(y)), *((float(a), float(b)) for a, b in re.findall(r"H([\d.]+)V([\d.]+)", path))]


@given(
    st.lists(st.integers(0, 40 * DAY), max_size=80),
    st.floats(0, 60 * DAY),
    st.lists(st.floats(0, 40 * DAY), max_size=2),
    st.sampled_from([WIDE, NARROW]),
)
def test_all_of_it_lies_in_the_box_and_counts_only_rise(ages: list[int], now: float, marks: list[float], size: Size) -> None:
    plot = drawn([age for age in ages if age <= now], now, size, marks=[age for age in marks if age <= now])
    for path in filter(None, (plot.total, plot.fresh)):
        points = corners(path)
        assert [x for x, _ in points] == sorted(x for x, _ in points)
        assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)
        assert all(plot.left <= x <= plot.right + 0.1 and plot.top - 0.1 <= y <= plot.bottom for x, y in points)
    assert all(plot.left <= mark.x <= plot.right + 0.1 for mark in plot.marks)
    assert plot.tip == corners(plot.total)[-1]
    middles = [tick.at - size.apart / 2 if tick.end else tick.at for tick in plot.across]
    assert all(later - earlier >= size.apart for earlier, later in pairwise(middles))


@given(st.floats(0, 1), st.sampled_from(plots.ENDS))
def test_a_place_on_the_axis_and_its_age_are_one(part: float, end: int) -> None:
    assert plots.stretched(plots.unstretched(part, end), end) == pytest.approx(part, abs=1e-9)


@given(st.floats(0, 50_000))
def test_steps_up_are_round_few_and_even(most: float) -> None:
    steps = plots.steps_up(most)
    assert steps[0] == 0
    assert steps[-1] >= most
    assert 2 <= len(steps) <= 5
    assert {later - earlier for earlier, later in pairwise(steps)} == {steps[1]}
    assert re.fullmatch(r"[125]0*", str(steps[1]))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_first_two_minutes_and_a_boost_a_week_later_both_have_room(size: Size) -> None:
    plot = drawn([*range(60), int(MARK) + 30], 10 * DAY, size, marks=[MARK])
    width = plot.right - plot.left
    assert 0.12 < (plot.shade - plot.left) / width < 0.4
    assert 0.8 < (plot.marks[0].x - plot.left) / width < 1
    assert {2 * MINUTE, HOUR, DAY} <= {tick.value for tick in plot.across}


@pytest.mark.parametrize(
    ("now", "last", "end"),
    [
        (90, 80, 10 * MINUTE),
        (50 * MINUTE, 80, HOUR),
        (5 * DAY, 80, 2 * DAY),
        (5 * DAY, 3 * DAY, 14 * DAY),
        (3000 * DAY, 2000 * DAY, 2000 * DAY),
    ],
)
def test_the_axis_ends_where_nothing_more_happened(now: int, last: int, end: int) -> None:
    assert plots.end_of(Counted([0, last], [1, 2], [0, 0], now)) == end


@given(st.lists(st.floats(0, 40 * DAY), max_size=4), st.sampled_from([WIDE, NARROW]))
def test_the_words_of_two_boosts_never_lie_on_each_other(marks: list[float], size: Size) -> None:
    plot = drawn([5, 20], 40.0 * DAY, size, marks=marks)
    boxes = [(mark.x - plots.WORDS if mark.before else mark.x, mark.y) for mark in plot.marks]
    assert all(one[1] != other[1] or abs(one[0] - other[0]) >= plots.WORDS for one, other in combinations(boxes, 2))
    assert all(plot.left - plots.WORDS <= x <= plot.right - plots.WORDS + 1 and y < plot.top for x, y in boxes)
    assert [mark.x for mark in plot.marks] == sorted(mark.x for mark in plot.marks)


def test_a_young_post_is_drawn_up_to_now_only() -> None:
    plot = drawn([5, 20], 60)
    assert plot.tip[0] < plot.left + (plot.right - plot.left) * 0.5
    assert plot.area.endswith("Z")


def test_twenty_thousand_servers_make_a_short_line() -> None:
    plot = drawn([number // 20 for number in range(20_000)], 2.0 * DAY)
    assert len(plot.total) < 12_000
    assert corners(plot.total)[-1][1] == plot.top


def test_what_was_new_has_no_line_when_nobody_was() -> None:
    found = gathered([(3, 5)])
    assert arrivals(Counted(found.ages, found.total, found.new, 60), WIDE).fresh == ""


def test_others_boosts_get_their_words_only_where_there_is_room() -> None:
    brackets = [(0.0, 600.0, 2), (6.0 * DAY, 6.1 * DAY, 12)]
    plot = arrivals(Counted([1], [1], [0], timedelta(days=8).total_seconds(), brackets=brackets), NARROW)
    assert [one.wide for one in plot.brackets] == [True, False]
    assert plot.top > arrivals(Counted([1], [1], [0], 8.0 * DAY), NARROW).top
