"""A reminder is polite in every zone and on both odd nights: never in quiet hours, never close to anything, never too many."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements.boosting.polite import ENOUGH, NEAR, WEEK, Manners, polite_at
from creatorbot.announcements.planning.plan import QUIET, is_quiet
from creatorbot.announcements.planning.wall import minute_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"]

manners = st.builds(
    Manners,
    zone=st.sampled_from(ZONES),
    quiet_from=st.integers(0, 1439),
    quiet_until=st.integers(0, 1439),
    most_a_week=st.integers(1, 4),
    gap=st.integers(1, 48).map(lambda hours: timedelta(hours=hours)),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
near = st.lists(st.integers(-20 * 24 * 60, 20 * 24 * 60), max_size=12)


def test_it_goes_out_when_asked_where_nothing_speaks_against_it() -> None:
    chosen = polite_at(NOON, Manners("Europe/Berlin"), [], [NOON - timedelta(days=7)])
    assert (chosen.at, chosen.reasons) == (NOON, ())


def test_a_post_nearby_is_given_room() -> None:
    chosen = polite_at(NOON, Manners("UTC", gap=timedelta(hours=6)), [], [NOON + timedelta(hours=2)])
    assert chosen.at == NOON + timedelta(hours=8)
    assert [reason.message for reason in chosen.reasons] == [NEAR]


def test_the_third_in_a_week_waits_for_the_first_to_be_a_week_old() -> None:
    boosts = [NOON - timedelta(days=5), NOON - timedelta(days=2)]
    chosen = polite_at(NOON, Manners("UTC", most_a_week=2), boosts, [])
    assert chosen.at == NOON + timedelta(days=2)
    assert [reason.message for reason in chosen.reasons] == [ENOUGH]


def test_one_is_not_squeezed_in_before_those_that_are_planned() -> None:
    boosts = [NOON + timedelta(days=2), NOON + timedelta(days=4)]
    assert polite_at(NOON, Manners("UTC", most_a_week=2), boosts, []).at == NOON + timedelta(days=9)


def test_the_night_is_waited_for() -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    chosen = polite_at(late, Manners("Europe/Berlin", 22 * 60, 8 * 60), [], [])
    assert chosen.at == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert [reason.message for reason in chosen.reasons] == [QUIET]


@given(manners, moments, near, near)
def test_what_holds_for_every_boost(own: Manners, asked: datetime, boosts: list[int], posts: list[int]) -> None:
    there = [asked + timedelta(minutes=one) for one in boosts]
    around = [asked + timedelta(minutes=one) for one in posts]
    at = polite_at(asked, own, there, around).at
    if at is None:
        return
    assert at >= asked
    assert not is_quiet(minute_of(at, ZoneInfo(own.zone)), own.quiet_from, own.quiet_until)
    assert all(abs(at - one) >= own.gap for one in (*there, *around))
    for start in (at - WEEK, *(one for one in there if at - WEEK < one <= at)):
        begins = max(start, at - WEEK + timedelta(minutes=1))
        others = sum(begins <= one < begins + WEEK for one in there)
        assert others < own.most_a_week or not begins <= at < begins + WEEK


@given(manners, moments, st.integers(1, 10))
def test_a_row_of_boosts_never_breaks_the_week(own: Manners, asked: datetime, how_many: int) -> None:
    made: list[datetime] = []
    for _ in range(how_many):
        at = polite_at(asked, own, made, []).at
        if at is not None:
            made.append(at)
    assert made
    for start in made:
        assert sum(start <= one < start + WEEK for one in made) <= own.most_a_week
