"""How the artist posts: hours, quiet hours, caps, boosts, an owner's yes; and what happens by itself with a source's news."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from creatorbot.models import Announcement, Consent, Post, PostingRules, Slot, Source, SourceAutomation
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.web.desk import House, fields, open_house, words

FORM = "form[action='/settings/posting']"


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def kept(house: House) -> PostingRules:
    with house.runtime.reading() as session:
        return session.exec(select(PostingRules)).one()


def test_hours_are_added_and_taken_out(house: House) -> None:
    browser = house.browser()
    assert browser.get("/settings").css_first("a[href='/settings/posting']") is not None
    browser.get("/settings/posting")
    browser.post("/settings/posting/hours", weekday=["1", "4"], hour="19:00")
    browser.post("/settings/posting/hours", weekday=["4"], hour="19:00")
    page = browser.get("/settings/posting")
    assert [words(page, f".hours > li:nth-child({number})") for number in (1, 2)] == ["Tuesday, 19:00 ×", "Friday, 19:00 ×"]
    browser.post("/settings/posting/hours/1/remove")
    with house.runtime.reading() as session:
        assert [slot.weekday for slot in session.exec(select(Slot))] == [4]


@pytest.mark.parametrize(("hour", "weekday"), [("25:00", ["1"]), ("soon", ["1"]), ("19:00", []), ("", ["0"])])
def test_an_hour_that_cannot_be_is_said_and_kept(house: House, hour: str, weekday: list[str]) -> None:
    browser = house.browser()
    browser.post("/settings/posting/hours", 422, weekday=weekday, hour=hour)
    assert browser.last is not None
    assert 'role="alert"' in browser.last.text
    assert f'value="{hour}"' in browser.last.text


def test_everything_typed_is_kept_and_shown_again(house: House) -> None:
    browser, account = house.browser(), house.account()
    typed = fields(browser.get("/settings/posting"), FORM)
    typed |= {"quiet_from": "22:00", "quiet_until": "08:30", "most_a_day": "3", "gap": "90", "account_ids": [str(account)]}
    typed |= {"boost_after": "5", "boost_week": "1", "boost_gap": "12", "boost_by": "backup", "owner_yes": "yes"}
    browser.post("/settings/posting", **typed)
    row = kept(house)
    assert (row.quiet_from, row.quiet_until, row.most_a_day, row.gap, row.account_ids) == (1320, 510, 3, 90, [account])
    assert (row.boost_after, row.boost_week, row.boost_gap, row.boost_by, row.owner_yes) == (5, 1, 12, "backup", True)
    again = fields(browser.get("/settings/posting"), FORM)
    assert {name: again[name] for name in ("quiet_from", "boost_gap", "boost_by")} == {
        "quiet_from": "22:00",
        "boost_gap": "12",
        "boost_by": "backup",
    }


@pytest.mark.parametrize(
    ("field", "typed"),
    [("most_a_day", "0"), ("most_a_day", "lots"), ("gap", "-1"), ("quiet_from", "24:30"), ("boost_week", "0"), ("boost_gap", "999")],
)
def test_a_number_that_cannot_be_is_said_beside_it_and_nothing_is_lost(house: House, field: str, typed: str) -> None:
    browser = house.browser()
    form = fields(browser.get("/settings/posting"), FORM) | {"quiet_until": "07:00", "most_a_day": "4", field: typed}
    browser.post("/settings/posting", 422, **form)
    assert browser.last is not None
    assert f'id="w-{field}"' in browser.last.text
    assert f'value="{typed}"' in browser.last.text
    assert 'value="07:00"' in browser.last.text


def test_quiet_hours_over_a_chosen_hour_are_refused(house: House) -> None:
    browser = house.browser()
    browser.get("/settings/posting")
    browser.post("/settings/posting/hours", weekday=["1"], hour="23:00")
    form = fields(browser.get("/settings/posting"), FORM) | {"quiet_from": "22:00", "quiet_until": "08:00"}
    browser.post("/settings/posting", 422, **form)
    assert browser.last is not None
    assert "23:00 lies in the quiet hours" in browser.last.text


def test_what_a_server_asks_is_said(house: House) -> None:
    house.account("aoife", "hachyderm.io")
    said = words(house.browser().get("/settings/posting"))
    assert "At most 5 posts a day that go out by themselves." in said
    assert "Each post has to carry #hachybots." in said


def test_only_an_owner_decides_whether_owners_have_to_agree(house: House) -> None:
    browser = house.browser("manager")
    form = fields(browser.get("/settings/posting"), FORM)
    form.pop("csrf_token")
    browser.post("/settings/posting", **(form | {"owner_yes": "yes"}))
    assert kept(house).owner_yes is False
    house.browser().post("/settings/posting", **(form | {"owner_yes": "yes"}))
    browser.post("/settings/posting", **form)
    assert kept(house).owner_yes is True


# An owner's yes.


def asked(house: House, when: str = "") -> int:
    """A manager wants to post; the announcement that waits for a yes."""
    house.add(PostingRules(artist_id=house.artist_id, owner_yes=True, changed_at=house.runtime.clock()))
    house.account()
    browser = house.browser("manager")
    at = str(browser.post(f"/releases/{house.release()}/announce").headers["Location"])
    form = fields(browser.get(at))
    browser.post(f"{at}/approve", **(form | {"when": when, "do": "schedule" if when else "now"}))
    return int(at.rpartition("/")[2])


def posts(house: House) -> list[Post]:
    with house.runtime.reading() as session:
        return list(session.exec(select(Post)))


def test_without_a_yes_nothing_is_posted_and_the_owner_is_asked(house: House) -> None:
    number = asked(house)
    assert posts(house) == []
    said = words(house.browser("manager").get("/calendar"))
    assert "Manager asks for an owner’s yes" in said
    assert "waits for an owner" in said
    assert "Tall Ships" in words(house.browser().get("/calendar"))
    assert house.browser("manager").get(f"/announcements/{number}/yes").css_first("main form") is None
    house.browser("manager").post(f"/announcements/{number}/yes", 403, seen="x")
    assert posts(house) == []


def test_the_owners_yes_posts_exactly_what_they_read_when_it_was_wished(house: House) -> None:
    number = asked(house, "2026-11-27T19:00")
    page = house.browser().get(f"/announcements/{number}/yes")
    assert "Tall Ships" in words(page, ".pre")
    house.browser().post(f"/announcements/{number}/yes", **fields(page, f"form[action='/announcements/{number}/yes']"))
    (post,) = posts(house)
    assert (post.state, post.due_at) == ("waiting", datetime(2026, 11, 27, 18, tzinfo=UTC))
    with house.runtime.reading() as session:
        consent = session.exec(select(Consent)).one()
    assert (consent.state, consent.answered_by) == ("given", "Owner")
    house.browser().post(f"/announcements/{number}/yes", seen="x")  # a second click
    assert len(posts(house)) == 1


def test_a_yes_that_comes_late_posts_at_once(house: House, clock: TestClock) -> None:
    number = asked(house, "2026-11-20T14:00")
    clock.forward(hours=5)
    page = house.browser().get(f"/announcements/{number}/yes")
    assert "With a yes it goes out at once." in words(page)
    house.browser().post(f"/announcements/{number}/yes", **fields(page, f"form[action='/announcements/{number}/yes']"))
    assert [post.state for post in posts(house)] == ["due"]


def test_a_yes_to_words_that_were_changed_meanwhile_posts_nothing(house: House, clock: TestClock) -> None:
    number = asked(house)
    page = house.browser().get(f"/announcements/{number}/yes")
    clock.forward(minutes=1)
    with house.runtime.session() as session:
        row = session.get_one(Announcement, number)
        row.wording, row.changed_at = "Something else {link}", clock()
    house.browser().post(f"/announcements/{number}/yes", **fields(page, f"form[action='/announcements/{number}/yes']"))
    assert posts(house) == []
    assert "were changed while you were reading" in words(house.browser().get(f"/announcements/{number}/yes"))


def test_a_no_leaves_the_draft_with_what_was_said(house: House) -> None:
    number = asked(house)
    house.browser().post(f"/announcements/{number}/no", sentence="Not before the single.")
    assert posts(house) == []
    said = words(house.browser("manager").get("/calendar"))
    assert "Owner said no" in said
    assert "Not before the single." in said


def test_an_owner_who_posts_needs_no_yes_but_their_own(house: House) -> None:
    house.add(PostingRules(artist_id=house.artist_id, owner_yes=True, changed_at=house.runtime.clock()))
    house.account()
    browser = house.browser()
    at = str(browser.post(f"/releases/{house.release()}/announce").headers["Location"])
    browser.post(f"{at}/approve", **(fields(browser.get(at)) | {"do": "now"}))
    assert [post.state for post in posts(house)] == ["due"]


# A source's own page.


def source(house: House) -> int:
    now = house.runtime.clock()
    return house.add(
        Source(artist_id=house.artist_id, kind="feed", address="https://aoife.example/feed", state="ok", created_at=now, next_poll_at=now)
    )


def test_what_happens_by_itself_is_chosen_on_the_sources_page(house: House) -> None:
    number, browser = source(house), house.browser()
    form = fields(browser.get(f"/connections/sources/{number}"), f"form[action$='/{number}/automation']")
    assert (form["mode"], form["minutes"]) == ("off", "30")
    browser.post(f"/connections/sources/{number}/automation", mode="post", minutes="60")
    form = fields(browser.get(f"/connections/sources/{number}"), f"form[action$='/{number}/automation']")
    assert (form["mode"], form["minutes"]) == ("post", "60")
    with house.runtime.reading() as session:
        assert session.exec(select(SourceAutomation)).one().set_by == "Owner"


@pytest.mark.parametrize(("mode", "minutes"), [("always", "30"), ("post", "0"), ("post", "soon"), ("", "")])
def test_a_choice_that_cannot_be_changes_nothing(house: House, mode: str, minutes: str) -> None:
    number, browser = source(house), house.browser()
    browser.post(f"/connections/sources/{number}/automation", mode=mode, minutes=minutes)
    assert browser.get(f"/connections/sources/{number}").css_first(".note.bad") is not None
    with house.runtime.reading() as session:
        assert session.exec(select(SourceAutomation)).all() == []


def test_a_viewer_and_a_stranger_choose_nothing(house: House) -> None:
    number = source(house)
    house.browser("viewer").post(f"/connections/sources/{number}/automation", 403, mode="post", minutes="30")
    assert "Nothing is announced by itself." in words(house.browser("viewer").get(f"/connections/sources/{number}"), "#itself")
    other = open_house(house.runtime, name="Somebody Else", slug="somebody-else")
    other.browser().post(f"/connections/sources/{number}/automation", 404, mode="post", minutes="30")
