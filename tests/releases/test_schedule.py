"""When a source is looked at next: always between five minutes and a day, sooner where news comes, later where it is asked for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.releases.polling.schedule import Pace, after_success, after_trouble, cached_for, retry_after

MINUTE, HOUR, DAY = 60, 3600, 86_400
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
kinds = st.sampled_from(["feed", "podcast", "bandcamp", "owncast", "mastodon"])
states = st.sampled_from(["busy", "failing", "broken", "refused", "missing", "gone", "robot_check"])
spreads = st.floats(0, 1)
looks = st.fixed_dictionaries(
    {
        "kind": kinds,
        "before_s": st.integers(0, 10 * DAY),
        "silent_s": st.floats(-DAY, 3000 * DAY),
        "news": st.booleans(),
        "by_itself": st.booleans(),
        "asked_s": st.integers(0, 10**9),
        "tells_itself": st.booleans(),
        "spread": spreads,
    }
)


@given(looks)
def test_the_next_look_is_between_five_minutes_and_a_day(look: dict[str, object]) -> None:
    pace = after_success(**look)  # type: ignore[arg-type]
    assert 5 * MINUTE <= pace.interval_s <= DAY
    assert pace.interval_s - 1 <= pace.wait_s <= min(DAY, pace.interval_s * 1.1 + 1)


@given(looks)
def test_what_a_source_asks_for_is_kept_to_and_bandcamp_is_left_alone_for_three_hours(look: dict[str, object]) -> None:
    pace = after_success(**look)  # type: ignore[arg-type]
    assert pace.wait_s >= min(int(str(look["asked_s"])), DAY) - 1
    if look["kind"] == "bandcamp":
        assert pace.wait_s >= 3 * HOUR
    if look["tells_itself"]:
        assert pace.wait_s >= 12 * HOUR


@given(looks)
def test_news_never_makes_the_next_look_later(look: dict[str, object]) -> None:
    quiet, busy = ({**look, "news": news} for news in (False, True))
    assert after_success(**busy).wait_s <= after_success(**quiet).wait_s  # type: ignore[arg-type]


@given(looks, st.floats(0, 3000 * DAY))
def test_longer_silence_never_makes_it_sooner(look: dict[str, object], more: float) -> None:
    longer = {**look, "silent_s": max(0.0, float(str(look["silent_s"]))) + more}
    assert after_success(**longer).wait_s >= after_success(**look).wait_s  # type: ignore[arg-type]


def quiet_for(days: float, pace: Pace) -> Pace:
    """The pace after so many days without news."""
    silent = 0.0
    while silent < days * DAY:
        silent += pace.wait_s
        pace = after_success("feed", pace.interval_s, silent)
    return pace


def test_a_place_with_news_is_looked_at_often_and_a_silent_one_ever_more_seldom() -> None:
    pace = after_success("feed", 0, 0, news=True)
    for _ in range(3):
        pace = after_success("feed", pace.interval_s, 0, news=True)
    assert pace.interval_s == 5 * MINUTE
    assert quiet_for(0.5, pace).interval_s == 15 * MINUTE
    assert 40 * MINUTE < quiet_for(7, pace).interval_s < HOUR
    assert 3 * HOUR < quiet_for(30, pace).interval_s < 4 * HOUR
    assert quiet_for(300, pace).interval_s == DAY


def test_many_304s_in_a_row_slow_it_down_step_by_step() -> None:
    paces = [after_success("feed", 5 * MINUTE, 60 * DAY)]
    for _ in range(12):
        paces.append(after_success("feed", paces[-1].interval_s, 60 * DAY))
    assert all(later.interval_s > before.interval_s for before, later in pairwise(paces[:9]))
    assert paces[-1].interval_s == round(60 * DAY / 200)


def test_who_presses_the_button_again_and_again_does_not_slow_it_down() -> None:
    pace = Pace(15 * MINUTE, 0)
    for _ in range(20):
        pace = after_success("feed", pace.interval_s, 90 * DAY, by_itself=False)
    assert pace.interval_s == 15 * MINUTE


def test_a_stream_is_looked_for_every_five_minutes_however_long_nobody_streamed() -> None:
    assert after_success("owncast", 0, 400 * DAY).interval_s == 5 * MINUTE


@given(kinds, states, st.integers(1, 500), st.floats(0, 10**9), spreads)
def test_trouble_waits_longer_each_time_and_never_for_ever(kind: str, state: str, failures: int, asked: float, spread: float) -> None:
    wait = after_trouble(kind, state, failures, asked_s=asked, spread=spread)  # type: ignore[arg-type]
    assert 15 * MINUTE <= wait <= 7 * DAY * 1.1
    assert wait >= min(asked, 7 * DAY)
    assert after_trouble(kind, state, failures + 1, asked_s=asked, spread=spread) >= wait  # type: ignore[arg-type]
    if not asked and state != "gone":
        assert wait <= DAY * 1.1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE=600, must-revalidate", "age": "100"}, 500),
        ({"cache-control": 'private, max-age="60"'}, 60),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=x"}, 0),
        ({"cache-control": "max-age=99999999999999999999"}, 10**9),
        ({"expires": "Fri, 20 Nov 2026 13:00:00 GMT", "date": "Fri, 20 Nov 2026 12:30:00 GMT"}, 1800),
        ({"expires": "Fri, 20 Nov 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Fri, 20 Nov 2020 13:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Thu, 01 Dec 1994 16:00:00"}, 0),
        ({"cache-control": "max-age=60", "expires": "Fri, 20 Nov 2026 13:00:00 GMT"}, 60),
        ({"last-modified": "Fri, 20 Nov 2020 13:00:00 GMT"}, None),
    ],
)
def test_how_long_an_answer_stays_as_it_is(headers: dict[str, str], seconds: int | None) -> None:
    assert cached_for(headers, NOW) == seconds


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "age", "date", "retry-after"]), st.text(max_size=60)))
def test_no_header_can_break_it(headers: dict[str, str]) -> None:
    cached, asked = cached_for(headers, NOW), retry_after(headers, NOW)
    assert cached is None or cached >= 0
    assert asked is None or 0 <= asked <= 7 * DAY


@given(st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_a_date_to_come_back_at_is_obeyed(away: timedelta) -> None:
    away = timedelta(seconds=round(away.total_seconds()))
    told = retry_after({"retry-after": format_datetime(NOW + away, usegmt=True)}, NOW)
    assert told == min(max(away.total_seconds(), 0), 7 * DAY)
