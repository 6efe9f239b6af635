"""Plans: never early, never in quiet hours, never more than is allowed, and always the same for the same facts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.announcements.planning import plan as plans
from creatorbot.announcements.planning.plan import Hour, Place, Rules, Taken, Wish, is_quiet, most_on, plan
from creatorbot.announcements.planning.wall import clock_text, day_of, minute_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
HOME = Place(1, "folk.example")
FRIDAY_SEVEN = Hour(4, 19 * 60)


def local(moment: datetime | None, zone: str = "Europe/Dublin") -> str:
    assert moment is not None
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %H:%M}"


def messages(planned: plans.Planned) -> list[str]:
    return [reason.message for reason in planned.reasons]


def test_half_an_hour_to_stop_it() -> None:
    (one,) = plan(Wish(wait=timedelta(minutes=30)), Rules("Europe/Dublin"), [HOME], [], NOW)
    assert one.at == NOW + timedelta(minutes=30)
    assert messages(one) == [plans.STOPPABLE]


def test_the_next_free_hour_is_taken() -> None:
    rules = Rules("Europe/Dublin", (FRIDAY_SEVEN, Hour(1, 600)))
    (first,) = plan(Wish(slot=True), rules, [HOME], [], NOW)
    assert local(first.at) == "Fri 20 19:00"
    assert first.at
    (second,) = plan(Wish(slot=True), rules, [HOME], [Taken(1, first.at)], NOW)
    assert local(second.at) == "Tue 24 10:00"


def test_an_hour_that_is_too_near_to_stop_it_is_left_for_the_next() -> None:
    (one,) = plan(Wish(slot=True, wait=timedelta(hours=8)), Rules("Europe/Dublin", (FRIDAY_SEVEN,)), [HOME], [], NOW)
    assert local(one.at) == "Fri 27 19:00"


def test_without_hours_of_their_own_it_goes_out_as_soon_as_allowed() -> None:
    (one,) = plan(Wish(slot=True, wait=timedelta(minutes=5)), Rules("Europe/Dublin"), [HOME], [], NOW)
    assert one.at == NOW + timedelta(minutes=5)


def test_quiet_hours_over_midnight_are_waited_for() -> None:
    rules = Rules("Asia/Kolkata", quiet_from=17 * 60, quiet_until=8 * 60)  # now is 17:30 there
    (one,) = plan(Wish(), rules, [HOME], [], NOW)
    assert local(one.at, "Asia/Kolkata") == "Sat 21 08:00"
    assert messages(one) == [plans.QUIET]


def test_two_hours_between_two_posts() -> None:
    (one,) = plan(Wish(), Rules("UTC"), [HOME], [Taken(1, NOW - timedelta(minutes=30))], NOW)
    assert one.at == NOW + timedelta(minutes=90)
    assert messages(one) == [plans.GAP]


def test_a_full_day_leaves_it_for_tomorrow() -> None:
    taken = [Taken(1, NOW - timedelta(hours=9)), Taken(1, NOW - timedelta(hours=5))]
    (one,) = plan(Wish(), Rules("UTC"), [HOME], taken, NOW)
    assert one.at == datetime(2026, 11, 21, tzinfo=UTC)
    assert messages(one) == [plans.CAP]


def test_a_server_s_own_number_counts_where_it_is_lower() -> None:
    strict = Place(2, "strict.example", most_a_day=1)
    planned = plan(Wish(), Rules("UTC", most_a_day=4, gap=timedelta(0)), [strict, HOME], [Taken(1, NOW), Taken(2, NOW)], NOW)
    assert [one.account_id for one in planned] == [1, 2]
    assert planned[0].at == NOW
    assert planned[1].at == datetime(2026, 11, 21, tzinfo=UTC)


def test_the_best_hour_is_used_where_one_is_known() -> None:
    (one,) = plan(Wish(best_hour=20), Rules("Europe/Dublin"), [HOME], [], NOW)
    assert local(one.at) == "Fri 20 20:00"
    assert messages(one) == [plans.BEST]


def test_no_room_is_said_and_not_forced() -> None:
    full = [Taken(1, NOW + timedelta(days=number)) for number in range(-1, 63)]
    (one,) = plan(Wish(), Rules("UTC", most_a_day=1), [HOME], full, NOW)
    assert one.at is None
    assert messages(one)[-1] == plans.NO_ROOM


minutes = st.integers(0, 1439)
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "America/New_York"]
)
nows = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))
rules = st.builds(
    Rules,
    zone=zones,
    slots=st.lists(st.builds(Hour, st.integers(0, 6), minutes), max_size=6).map(tuple),
    quiet_from=minutes,
    quiet_until=minutes,
    most_a_day=st.integers(1, 4),
    gap=st.integers(0, 300).map(lambda length: timedelta(minutes=length)),
)
places = st.lists(
    st.builds(Place, st.integers(1, 3), st.just("folk.example"), st.none() | st.integers(1, 3)),
    max_size=3,
    unique_by=lambda one: one.account_id,
)
wishes = st.builds(Wish, st.booleans(), st.integers(0, 3000).map(lambda length: timedelta(minutes=length)), st.none() | st.integers(0, 23))
around = st.lists(st.tuples(st.integers(1, 3), st.integers(-3000, 6000)), max_size=8)


@settings(max_examples=300)
@given(wishes, rules, places, around, nows)
def test_what_holds_for_every_plan(wish: Wish, own: Rules, where: list[Place], near: list[tuple[int, int]], now: datetime) -> None:
    zone, taken = ZoneInfo(own.zone), [Taken(account, now + timedelta(minutes=away)) for account, away in near]
    planned = plan(wish, own, where, taken, now)
    assert [one.account_id for one in planned] == sorted(place.account_id for place in where)
    assert plan(wish, own, list(reversed(where)), list(reversed(taken)), now) == planned
    for place, one in zip(sorted(where, key=lambda place: place.account_id), planned, strict=True):
        if one.at is None:
            assert one.reasons[-1].message == plans.NO_ROOM
            continue
        others = [post.at for post in taken if post.account_id == one.account_id]
        assert one.at >= now + wish.wait
        assert not is_quiet(minute_of(one.at, zone), own.quiet_from, own.quiet_until)
        assert sum(day_of(at, zone) == day_of(one.at, zone) for at in others) < most_on(own, place)
        assert all(abs(at - one.at) >= own.gap for at in others)
        assert one.reasons or one.at == now


@settings(max_examples=60)
@given(rules, nows, st.integers(1, 12))
def test_a_queue_never_breaks_a_cap(own: Rules, now: datetime, how_many: int) -> None:
    zone, taken = ZoneInfo(own.zone), list[Taken]()
    for _ in range(how_many):
        (one,) = plan(Wish(slot=True), own, [HOME], taken, now)
        if one.at is not None:
            taken.append(Taken(1, one.at))
    moments = sorted(one.at for one in taken)
    assert all(later - earlier >= own.gap for earlier, later in pairwise(moments))
    days = [day_of(at, zone) for at in moments]
    assert all(days.count(day) <= own.most_a_day for day in days)


def test_clock_text() -> None:
    assert clock_text(65) == "01:05"
