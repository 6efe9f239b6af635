"""The artist's wall clock: both nights that lie, odd offsets, and the past."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements.when import local, parse_local
from creatorbot.errors import InvalidInput

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_summer_and_winter_mean_different_moments() -> None:
    assert parse_local("2026-03-28T19:00", "Europe/Berlin", NOW) == datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
    assert parse_local("2026-03-30T19:00", "Europe/Berlin", NOW) == datetime(2026, 3, 30, 17, 0, tzinfo=UTC)


def test_the_hour_that_does_not_exist_is_refused_with_one_that_does() -> None:
    with pytest.raises(InvalidInput, match=r"02:30 does not exist\. Choose 03:30") as refused:
        parse_local("2026-03-29T02:30", "Europe/Berlin", NOW)
    assert refused.value.field == "when"


def test_the_hour_that_happens_twice_means_the_first() -> None:
    assert parse_local("2026-10-25T02:30", "Europe/Berlin", NOW) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_half_hour_zones() -> None:
    chosen = parse_local("2026-03-28T19:00", "Asia/Kolkata", NOW)
    assert chosen == datetime(2026, 3, 28, 13, 30, tzinfo=UTC)
    assert local(chosen, "Asia/Kolkata").strftime("%H:%M") == "19:00"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tomorrow",
        "2026-03-01T06:00",
        "2025-01-01T00:00",
        "2031-01-01T00:00",
        "2026-13-01T00:00",
        "9999-12-31T23:59",
        "2026-05-01T10:00+02:00",
    ],
)
def test_what_cannot_be_scheduled_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_local(typed, "America/New_York", NOW)
    assert refused.value.field == "when"


@given(
    st.integers(1, 700 * 24 * 60), st.sampled_from(["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
)
def test_every_moment_survives_the_way_to_the_wall_and_back(minutes: int, zone: str) -> None:
    moment = NOW + timedelta(minutes=minutes)
    wall = local(moment, zone)
    back = parse_local(wall.strftime("%Y-%m-%dT%H:%M"), zone, NOW)
    assert back == moment or wall.fold == 1
