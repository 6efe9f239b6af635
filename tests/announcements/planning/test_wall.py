"""A wall clock against UTC: the night that loses an hour, the night that has one twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements.planning.wall import minute_of, next_at, utc_of

ZONES = [
    "UTC",
    "Europe/Dublin",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Antarctica/Troll",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(1996, 1, 1), date(2037, 12, 31))
minutes = st.integers(0, 1439)
moments = st.datetimes(datetime(1996, 1, 2), datetime(2037, 12, 30), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("zone", "day", "minute", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 150, "2026-03-29T01:00"),  # 2:30 does not exist: 3:00
        ("Europe/Berlin", date(2026, 10, 25), 150, "2026-10-25T00:30"),  # twice: the first, still summer time
        ("Australia/Lord_Howe", date(2026, 10, 4), 135, "2026-10-03T15:30"),  # half an hour is lost from 2:00: 2:30
        ("Australia/Lord_Howe", date(2026, 4, 5), 105, "2026-04-04T14:45"),  # half an hour comes twice from 1:30: the first
        ("Asia/Kolkata", date(2026, 11, 27), 1140, "2026-11-27T13:30"),
        ("America/Sao_Paulo", date(2018, 11, 4), 0, "2018-11-04T03:00"),  # midnight does not exist: 1:00
        ("Pacific/Apia", date(2011, 12, 30), 720, "2011-12-30T10:00"),  # a whole day does not exist: the next one's first minute
    ],
)
def test_known_nights(zone: str, day: date, minute: int, expected: str) -> None:
    assert utc_of(day, minute, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") == expected


@given(zones, days, minutes)
def test_the_wall_shows_what_was_asked_for_or_the_first_minute_after_a_gap(zone: ZoneInfo, day: date, minute: int) -> None:
    found = utc_of(day, minute, zone)
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
    shown = found.astimezone(zone).replace(tzinfo=None)
    assert shown >= wall
    if shown == wall:
        earlier = found - timedelta(hours=3)
        again = [earlier + timedelta(minutes=step) for step in range(180)]
        assert all(one.astimezone(zone).replace(tzinfo=None) != wall for one in again)  # the first of two
    else:
        before = (found - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wall  # nothing between the minute before the gap and what we chose


@given(zones, moments, minutes)
def test_the_next_time_is_never_earlier_and_nothing_was_missed(zone: ZoneInfo, moment: datetime, minute: int) -> None:
    found = next_at(moment, minute, zone)
    assert moment <= found <= moment + timedelta(hours=50)
    whole = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    between = (whole + timedelta(minutes=step) for step in range((found - whole) // timedelta(minutes=1)))
    assert all(minute_of(one, zone) != minute for one in between)
