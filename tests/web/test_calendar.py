"""The Calendar: what goes out when, in the artist's own zone; moved by typing as by dragging; stopped; days worth knowing."""

from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.announcements.planning.plan import STOPPABLE
from creatorbot.models import Account, AutoAnnouncement, Boost, Post, PostingRules, Slot
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.web.desk import House, open_house, words

SEVEN = datetime(2026, 11, 27, 18, tzinfo=UTC)  # a Friday, 19:00 in Berlin


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def waiting(house: House, at: datetime = SEVEN, account: int = 0, **more: object) -> int:
    """A post that waits for its time."""
    release = house.release(title=str(more.pop("title", "Tall Ships")))
    return house.post(release, account or house.account(), "waiting", due_at=at, not_before=at, expires_at=at + timedelta(hours=12))[0]


def announcement(house: House, post_id: int) -> int:
    return int(house.read(Post, post_id).announcement_id)


def moved(house: House, post_id: int, status: int = 303, was: datetime = SEVEN, **typed: str) -> str:
    """What the reader sees after a move was asked for."""
    browser = house.browser()
    number = announcement(house, post_id)
    key = f"post{number}w{int(was.timestamp())}"
    browser.post("/calendar/move", status, kind="post", number=str(number), was=was.isoformat(), key=key, **typed)
    return browser.last.text if status != 303 and browser.last else words(browser.get("/calendar"))


def test_an_empty_calendar_offers_the_one_next_step(house: House) -> None:
    page = house.browser().get("/calendar")
    assert "Nothing is planned." in words(page)
    assert page.css_first("main a.go[href='/compose']") is not None


def test_what_waits_stands_on_its_day_at_its_hour_in_the_artists_zone(house: House) -> None:
    waiting(house, datetime(2026, 11, 27, 23, 30, tzinfo=UTC))  # already the 28th in Berlin
    page = house.browser().get("/calendar")
    assert "00:30 Tall Ships" in words(page, "[data-day='2026-11-28']")
    assert "Next: Tall Ships" in words(page, ".lead")


def test_posts_of_one_announcement_on_two_accounts_are_one_line(house: House) -> None:
    first = waiting(house)
    other = house.account("aoife", "far.example")
    house.add(
        Post(
            artist_id=house.artist_id,
            announcement_id=announcement(house, first),
            account_id=other,
            due_at=SEVEN,
            not_before=SEVEN,
            expires_at=SEVEN,
            changed_at=SEVEN,
        )
    )
    page = house.browser().get("/calendar")
    assert len(page.css(".queue > li")) == 1
    assert "@aoife@folk.example, @aoife@far.example" in words(page, ".queue")
    moved(house, first, when="2026-12-01T20:00")
    assert {house.read(Post, one).due_at for one in (first, first + 1)} == {datetime(2026, 12, 1, 19, tzinfo=UTC)}


def test_a_time_that_is_typed(house: House) -> None:
    post = waiting(house)
    assert "It goes out on Tuesday, 1 December 2026, 20:00" in moved(house, post, when="2026-12-01T20:00")
    row = house.read(Post, post)
    assert row.due_at == row.not_before == datetime(2026, 12, 1, 19, tzinfo=UTC)
    assert row.expires_at == row.due_at + timedelta(hours=12)
    assert "Moved to another time (Owner)" in words(house.browser().get(f"/posts/{post}"))


def test_dragged_to_another_day_it_keeps_its_hour(house: House) -> None:
    post = waiting(house)
    moved(house, post, day="2026-12-03")
    assert house.read(Post, post).due_at == datetime(2026, 12, 3, 18, tzinfo=UTC)


def test_dragged_over_the_night_the_clocks_change_it_keeps_its_hour_on_the_wall(house: House) -> None:
    post = waiting(house)
    moved(house, post, day="2027-04-02")
    assert house.read(Post, post).due_at == datetime(2027, 4, 2, 17, tzinfo=UTC)


def test_dropped_on_an_hour_that_does_not_exist(house: House) -> None:
    was = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)  # 2:30
    post = waiting(house, was)
    assert "skip that hour" in moved(house, post, was=was, day="2027-03-28")
    assert house.read(Post, post).due_at == datetime(2027, 3, 28, 1, tzinfo=UTC)  # 3:00, the first minute there is


def test_dropped_on_an_hour_that_happens_twice(house: House) -> None:
    was = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    post = waiting(house, was)
    assert "happens twice that night" in moved(house, post, was=was, day="2027-10-31")
    assert house.read(Post, post).due_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-11-01T12:00", "tomorrow", "2027-03-28T02:30", "9999-12-31T23:59"])
def test_a_time_that_cannot_be_is_said_in_place_and_kept(house: House, typed: str) -> None:
    post = waiting(house)
    page = moved(house, post, 422, when=typed)
    assert f'value="{typed}"' in page
    assert 'role="alert"' in page
    assert house.read(Post, post).due_at == SEVEN


@pytest.mark.parametrize("day", ["2026-11-01", "never", "", "9999-01-01"])
def test_dropped_where_it_cannot_be_it_stays(house: House, day: str) -> None:
    post = waiting(house)
    moved(house, post, day=day)
    assert house.read(Post, post).due_at == SEVEN


def test_what_has_gone_out_meanwhile_is_left_alone(house: House) -> None:
    post = waiting(house)
    with house.runtime.session() as session:
        session.get_one(Post, post).state = "claimed"
    assert "Nothing was changed." in moved(house, post, day="2026-12-03")
    assert house.read(Post, post).due_at == SEVEN


def test_another_artists_post_cannot_be_moved(house: House) -> None:
    other = open_house(house.runtime, name="Somebody Else", slug="somebody-else")
    post = waiting(other)
    house.browser().post(
        "/calendar/move", 404, kind="post", number=str(announcement(other, post)), was=SEVEN.isoformat(), when="2026-12-01T20:00"
    )
    assert house.read(Post, post).due_at == SEVEN


def test_a_viewer_sees_it_and_changes_nothing(house: House) -> None:
    post = waiting(house)
    page = house.browser("viewer").get("/calendar")
    assert page.css_first("[draggable=true]") is None
    assert page.css_first("main form") is None
    house.browser("viewer").post("/calendar/move", 403, kind="post", number=str(announcement(house, post)), was=SEVEN.isoformat())


def test_what_speaks_against_a_chosen_hour_is_said_and_not_forbidden(house: House) -> None:
    account = house.account("aoife", "hachyderm.io")
    house.add(PostingRules(artist_id=house.artist_id, quiet_from=22 * 60, quiet_until=8 * 60, most_a_day=1, changed_at=SEVEN))
    waiting(house, datetime(2026, 12, 3, 18, tzinfo=UTC), account, title="Salt")
    post = waiting(house, SEVEN, account)
    said = moved(house, post, when="2026-12-03T23:30")
    assert "Your quiet hours last until 08:00." in said
    assert "At most 1 a day go out on hachyderm.io." in said
    assert house.read(Post, post).due_at == datetime(2026, 12, 3, 22, 30, tzinfo=UTC)
    assert "2 posts are planned on @aoife@hachyderm.io" in words(house.browser().get("/calendar?month=2026-12"), ".note")


def test_why_it_is_then_and_stopping_what_was_planned_by_itself(house: House) -> None:
    post = waiting(house)
    number = announcement(house, post)
    row = house.add(
        AutoAnnouncement(
            artist_id=house.artist_id,
            release_id=house.release(title="Salt"),
            announcement_id=number,
            state="planned",
            sentence=STOPPABLE,
            values={"minutes": 30},
            created_at=SEVEN,
            changed_at=SEVEN,
            not_before=SEVEN,
        )
    )
    browser = house.browser()
    assert "It goes out by itself, 30 minutes after it was found" in words(browser.get("/calendar"), ".queue")
    moved(house, post, day="2026-11-28")
    assert "at a time you chose" in words(browser.get("/calendar"), ".queue")
    browser.post(f"/calendar/stop/{row}")
    assert house.read(Post, post).state == "cancelled"
    assert house.read(AutoAnnouncement, row).state == "stopped"
    assert browser.get("/calendar").css_first(".queue") is None
    browser.post(f"/calendar/stop/{row}")  # twice is once


def test_the_release_day_the_friday_and_a_day_of_ones_own(house: House) -> None:
    house.release(title="Harbour", released_on=datetime(2026, 12, 11).date())
    browser = house.browser()
    browser.get("/calendar?month=2026-12")
    browser.post("/calendar/dates", day="2026-12-12", title="Concert in Cork", kind="own", month="2026-12")
    page = browser.get("/calendar?month=2026-12")
    assert "Harbour comes out" in words(page, "[data-day='2026-12-11']")
    assert "Concert in Cork" in words(page, "[data-day='2026-12-12']")
    assert "Bandcamp Friday 09:00 to Saturday 09:00" in words(page, "[data-day='2026-12-04']")
    browser.post("/calendar/dates/remove", friday="2026-12-04", month="2026-12")
    browser.post("/calendar/dates/remove", number="1", month="2026-12")
    page = browser.get("/calendar?month=2026-12")
    assert "Bandcamp Friday" not in words(page, "[data-day='2026-12-04']")
    assert "Concert" not in words(page, ".month")


def test_a_friday_of_ones_own_list(house: House) -> None:
    browser = house.browser()
    browser.post("/calendar/dates", day="2027-02-05", title="", kind="friday", month="2027-02")
    assert "added by you" in words(browser.get("/calendar?month=2027-02"), "#dates")


@pytest.mark.parametrize(("day", "title"), [("", "Concert"), ("2026-13-40", "Concert"), ("2026-12-12", "  ")])
def test_a_day_that_cannot_be_is_said_and_kept(house: House, day: str, title: str) -> None:
    browser = house.browser()
    browser.post("/calendar/dates", 422, day=day, title=title, kind="own", month="2026-12")
    assert browser.last is not None
    assert 'role="alert"' in browser.last.text
    assert (title.strip() or day) in browser.last.text


@pytest.mark.parametrize("asked", ["", "2026-13", "x", "0001-01", "9999-12", "2026-12-01"])
def test_any_month_in_the_address_shows_one(house: House, asked: str) -> None:
    assert house.browser().get(f"/calendar?month={asked}").css(".day")


def test_months_hold_whole_weeks_also_when_the_clocks_change(house: House, clock: TestClock) -> None:
    for month in ("2027-03", "2027-10", "2027-02"):
        page = house.browser().get(f"/calendar?month={month}")
        found = [node.attributes["data-day"] for node in page.css("[data-day]")]
        assert len(found) % 7 == 0
        assert found == sorted(set(found))
        assert datetime.fromisoformat(str(found[0])).weekday() == 0


def test_free_hours_are_shown_until_something_takes_them(house: House) -> None:
    house.add(Slot(artist_id=house.artist_id, weekday=4, minute=19 * 60))
    page = house.browser().get("/calendar")
    assert "free: 19:00" in words(page, "[data-day='2026-11-27']")
    waiting(house)
    assert "free" not in words(house.browser().get("/calendar"), "[data-day='2026-11-27']")


def test_a_draft_takes_the_next_free_hour(house: House) -> None:
    house.account()
    for weekday in (4, 6):
        house.add(Slot(artist_id=house.artist_id, weekday=weekday, minute=19 * 60))
    waiting(house, datetime(2026, 11, 20, 18, tzinfo=UTC), account=1)
    release = house.release(title="Salt")
    browser = house.browser()
    draft = str(browser.post(f"/releases/{release}/announce").headers["Location"]).rpartition("/")[2]
    assert "A draft, begun" in words(browser.get("/calendar"))
    browser.post(f"/calendar/place/{draft}")
    assert "19:00 Salt" in words(browser.get("/calendar"), "[data-day='2026-11-22']")
    browser.post(f"/calendar/place/{draft}")  # a second click makes nothing
    assert len(browser.get("/calendar").css(".queue > li")) == 2


def test_without_hours_of_ones_own_nothing_is_placed(house: House) -> None:
    house.account()
    browser = house.browser()
    draft = str(browser.post(f"/releases/{house.release()}/announce").headers["Location"]).rpartition("/")[2]
    browser.post(f"/calendar/place/{draft}")
    assert "You have chosen no hours yet." in words(browser.get("/calendar"))


def test_boosts_stand_beside_the_posts_and_can_be_moved_and_left(house: House) -> None:
    account = house.account()
    post, _ = house.post(house.release(), account, remote_url="https://folk.example/1", remote_id="1")
    boost = house.add(
        Boost(
            artist_id=house.artist_id, post_id=post, account_id=account, due_at=SEVEN, not_before=SEVEN, created_at=SEVEN, changed_at=SEVEN
        )
    )
    browser = house.browser()
    assert "19:00 Boost of “Tall Ships”" in words(browser.get("/calendar"), "[data-day='2026-11-27']")
    assert "Boost of “Tall Ships” 27 Nov 2026, 19:00" in words(browser.get("/"))
    browser.post("/calendar/move", kind="boost", number=str(boost), was=SEVEN.isoformat(), day="2026-11-29")
    assert house.read(Boost, boost).due_at == SEVEN + timedelta(days=2)
    browser.post(f"/posts/{post}/boosts/{boost}/stop", **{"from": "calendar"})
    assert house.read(Boost, boost).state == "cancelled"


def test_a_boost_is_planned_on_the_posts_page(house: House) -> None:
    account = house.account()
    post, _ = house.post(house.release(), account, remote_url="https://folk.example/1", remote_id="1")
    browser = house.browser()
    assert browser.get(f"/posts/{post}").css_first(f"a[href='/posts/{post}/boost']") is not None
    page = browser.get(f"/posts/{post}/boost")
    proposed = page.css_first("input[name=when]")
    assert proposed is not None
    assert proposed.attributes["value"] == "2026-11-27T13:00"
    browser.post(f"/posts/{post}/boost", 422, when="yesterday", do="then")
    assert browser.last is not None
    assert 'value="yesterday"' in browser.last.text
    browser.post(f"/posts/{post}/boost", when="2026-11-27T13:00", do="then")
    assert "planned @aoife@folk.example" in words(browser.get(f"/posts/{post}"), "#boosts")
    assert house.read(Account, account).state == "ok"
