"""The geometry of plots: pure, from counts to coordinates. Marks and words are put on by templates/partials/plots.html, colours by the
style sheet. Each plot is drawn twice, for a phone and for a larger screen, so that its words keep their size; the style sheet shows one."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86_400
STRETCH = 30.0  # seconds: up to here time is drawn nearly even, from here on ever tighter
ENDS = (10 * MINUTE, HOUR, 6 * HOUR, 2 * DAY, 14 * DAY, 45 * DAY, 150 * DAY, 400 * DAY)
# The first that have room are shown.
TICKS = (
    2 * MINUTE,
    HOUR,
    DAY,
    10 * MINUTE,
    7 * DAY,
    30 * DAY,
    6 * HOUR,
    2 * DAY,
    30,
    30 * MINUTE,
    90 * DAY,
    12 * HOUR,
    365 * DAY,
    14 * DAY,
    5 * MINUTE,
    MINUTE,
    3 * HOUR,
)


@dataclass(frozen=True)
class Size:
    """The box a plot is drawn in. apart: how far the words under its axis keep from each other."""

    name: str
    width: int
    height: int
    apart: int


WIDE, NARROW = Size("wide", 760, 300, 64), Size("narrow", 320, 260, 54)
DIGIT, BELOW, BARE, ROW = 8, 28, 12.0, 22
WORDS, LINE = 70, 18  # the room for a mark's words


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what stands there: seconds along the bottom, a count up the side. end: its words end there, no room behind."""

    at: float
    value: int
    end: bool = False


@dataclass(frozen=True)
class Mark:
    """A moment, numbered; its words stand before it where there is no room behind."""

    x: float
    y: float
    number: int
    before: bool


@dataclass(frozen=True)
class Bracket:
    """A stretch of time and what was counted in it. wide: whether the count has room above it."""

    start: float
    end: float
    more: int
    wide: bool


@dataclass(frozen=True)
class Counted:
    """What is drawn, ages in seconds, ascending. total, new: how many had come at each of `ages`, and how many of them were new.

    usual: (age, count), may be empty; now: the age today; marks: ages of our boosts; brackets: (from, to, boosts of others); shaded: the
    first so many seconds.
    """

    ages: Sequence[float]
    total: Sequence[int]
    new: Sequence[int]
    now: float
    usual: Sequence[tuple[float, float]] = ()
    marks: Sequence[float] = ()
    brackets: Sequence[tuple[float, float, int]] = ()
    shaded: float = 0


@dataclass(frozen=True)
class ArrivalPlot:
    """Coordinates in a box of this size. total, fresh, usual: lines, "" for none; area: what lies under the first; shade: where the shaded
    part ends; tip: where the first line ends."""

    size: Size
    left: float
    right: float
    top: float
    bottom: float
    total: str
    area: str
    fresh: str
    usual: str
    shade: float
    tip: tuple[float, float]
    across: list[Tick]
    up: list[Tick]
    marks: list[Mark]
    brackets: list[Bracket]


def end_of(counted: Counted) -> float:
    """Where the time axis ends: two days, less while the post is younger, more when something happened later."""
    latest = max([0.0, *counted.ages[-1:], *counted.marks, *(end for _, end, _ in counted.brackets)])
    needed = max(min(counted.now, 2 * DAY), latest)
    return next((float(end) for end in ENDS if end >= needed), needed)


def stretched(age: float, end: float) -> float:
    """How far along the axis this age lies, 0 to 1. As a logarithm, so that the first minute and a boost a week later both have room."""
    return math.log1p(max(0.0, min(age, end)) / STRETCH) / math.log1p(end / STRETCH)


def unstretched(part: float, end: float) -> float:
    """The age that lies so far along the axis."""
    return STRETCH * math.expm1(part * math.log1p(end / STRETCH))


def steps_up(most: float) -> list[int]:
    """Round counts for the side: 0, then two to four even steps; the last is not below `most`."""
    size = 10 ** max(0, math.floor(math.log10(max(most, 1))) - 1)
    step = next(part * size for part in (1, 2, 5, 10, 20, 50) if part * size * 4 >= most)
    return [step * number for number in range(max(1, math.ceil(most / step)) + 1)]


def arrivals(counted: Counted, size: Size) -> ArrivalPlot:
    """Draw how many had come at each age."""
    end = end_of(counted)
    up = steps_up(max([1.0, float(max(counted.total, default=0)), *(count for _, count in counted.usual)]))
    left = 10.0 + DIGIT * len(f"{up[-1]:,}")
    right, bottom = size.width - 8.0, float(size.height - BELOW)

    def x(age: float) -> float:
        return round(left + (right - left) * stretched(age, end), 1)

    first = BARE + ROW * bool(counted.brackets)
    marks = _marks(sorted(counted.marks), first + 12, right, x)
    top = max([first, *(mark.y + 8 for mark in marks)])

    def y(count: float) -> float:
        return round(bottom - (bottom - top) * count / up[-1], 1)

    stop = min(counted.now, end)
    total = _stairs(counted.ages, counted.total, stop, end, left, right, y)
    return ArrivalPlot(
        size=size,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        total=_path(total),
        area=_path(total) + f"V{_short(bottom)}H{_short(left)}Z",
        fresh=_path(_stairs(counted.ages, counted.new, stop, end, left, right, y)) if any(counted.new[-1:]) else "",
        usual="M" + "L".join(f"{_short(x(age))} {_short(y(count))}" for age, count in counted.usual) if counted.usual else "",
        shade=x(counted.shaded),
        tip=total[-1],
        across=_across(end, size, x),
        up=[Tick(y(count), count) for count in up],
        marks=marks,
        brackets=[Bracket(x(a), x(b), more, x(b) - x(a) >= DIGIT * (2 + len(str(more)))) for a, b, more in counted.brackets],
    )


Along = Callable[[float], float]


def _stairs(
    ages: Sequence[float], counts: Sequence[int], stop: float, end: float, left: float, right: float, y: Along
) -> list[tuple[float, float]]:
    """Corners of the stairs, at most one step for each unit along: thousands of servers come within a few of them."""

    def count_at(age: float) -> int:
        place = bisect_right(ages, age)
        return counts[place - 1] if place else 0

    tip = left + (right - left) * stretched(stop, end)
    corners, known = [(left, y(count_at(0)))], count_at(0)
    for column in range(math.ceil(left), math.ceil(tip)):
        count = count_at(min(stop, unstretched((column - left) / (right - left), end)))
        if count != known:
            corners.append((float(column), y(count)))
            known = count
    return [*corners, (round(tip, 1), y(count_at(stop)))]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    (x, y), *others = corners
    return f"M{_short(x)} {_short(y)}" + "".join(f"H{_short(x)}V{_short(y)}" for x, y in others)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _across(end: float, size: Size, x: Along) -> list[Tick]:
    chosen: list[Tick] = []
    middles: list[float] = []
    for age in TICKS:
        at = x(age)
        last = at > size.width - size.apart / 2  # its words would stick out on the right
        middle = at - size.apart / 2 if last else at
        if age <= end and all(abs(middle - other) >= size.apart for other in middles):
            chosen.append(Tick(at, age, last))
            middles.append(middle)
    return sorted(chosen, key=lambda tick: tick.at)


def _marks(ages: Sequence[float], first: float, right: float, x: Along) -> list[Mark]:
    """Each with its words on the first line that has room for them, from `first` downwards."""
    taken: list[tuple[int, float]] = []
    found = []
    for number, age in enumerate(ages, 1):
        before = x(age) > right - WORDS
        start = x(age) - WORDS if before else x(age)
        line = next(one for one in range(len(ages)) if all(one != other or abs(start - at) >= WORDS for other, at in taken))
        taken.append((line, start))
        found.append(Mark(x(age), first + LINE * line, number, before))
    return found
