"""What pages say about posts that ended, wait or are changed before they go out, and about accounts, is true and said once."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from creatorbot.announcements.handover.pausing import pause
from creatorbot.models import Account, Announcement, Artist, Boost, Post, PostingRules
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def scheduled(house: House) -> tuple[int, int]:
    """A post that waits for the day after tomorrow: its id and that of its announcement."""
    due = house.runtime.clock() + timedelta(days=2)
    post, _ = house.post(house.release(), house.account(), "waiting", due_at=due, not_before=due)
    with house.runtime.session() as session:
        announcement = session.get_one(Announcement, session.get_one(Post, post).announcement_id)
        announcement.when_at, announcement.content_warning = due, "Loud"
        return post, announcement.id or 0


def state_of(house: House, post_id: int) -> str:
    with house.runtime.reading() as session:
        return session.get_one(Post, post_id).state


def test_what_was_out_and_ended_was_not_called_off(house: House) -> None:
    release, now = house.release(), house.runtime.clock()
    post, _ = house.post(release, house.account(), "cancelled", published_at=now)
    with house.runtime.session() as session:
        announcement = session.get_one(Announcement, session.get_one(Post, post).announcement_id)
        announcement.state, number = "announced", announcement.id
    viewer = house.browser("viewer")
    assert "It was out, and is not there any more. " in words(viewer.get(f"/announcements/{number}"))
    assert "It was out on folk.example, and is not there any more." in words(viewer.get(f"/posts/{post}"))
    for path in (f"/announcements/{number}", f"/posts/{post}", f"/releases/{release}"):
        said = words(viewer.get(path))
        assert "called off" not in said
        assert "no longer there" in said


def test_what_waits_for_its_time_is_not_on_its_way(house: House) -> None:
    _, announcement = scheduled(house)
    viewer = house.browser("viewer")
    assert "It waits for its time" in words(viewer.get(f"/announcements/{announcement}"))
    said = words(viewer.get("/compose"))
    assert "scheduled" in said
    assert "on its way" not in said


def test_the_words_of_a_scheduled_post_can_be_changed(house: House) -> None:
    post, announcement = scheduled(house)
    owner = house.browser()
    assert "Change the words" in words(owner.get(f"/posts/{post}"))
    assert "{title} is out" in words(owner.get(f"/posts/{post}")), "what it will say is shown"
    assert "Change the words" not in words(house.browser("viewer").get(f"/posts/{post}"))
    draft = owner.post(f"/announcements/{announcement}/anew").location
    assert state_of(house, post) == "cancelled"
    page = owner.get(draft)
    typed = page.css_first("#f-content_warning")
    assert typed is not None
    assert typed.attributes["value"] == "Loud"
    assert "Tall Ships is out" in words(page, "article.post")
    assert "It does not go out at its old time any more." in words(page)
    assert owner.post(f"/announcements/{announcement}/anew").location == draft, "twice is the same as once"


def test_the_words_of_a_post_that_was_called_off_are_not_lost(house: House) -> None:
    post, announcement = scheduled(house)
    owner = house.browser()
    owner.get(f"/posts/{post}")
    owner.post(f"/posts/{post}/cancel")
    assert "It was called off. Nothing goes out." in words(owner.get(f"/announcements/{announcement}"))
    assert "Write it anew with these words" in words(owner.get(f"/posts/{post}"))
    assert "Here are its words" in words(owner.get(owner.post(f"/announcements/{announcement}/anew").location))


@pytest.mark.parametrize("state", ["claimed", "unknown", "published", "confirmed", "held"])
def test_what_may_be_out_is_not_written_anew(house: House, state: str) -> None:
    post, _ = house.post(house.release(), house.account(), state)
    with house.runtime.reading() as session:
        announcement = session.get_one(Post, post).announcement_id
    owner = house.browser()
    assert owner.get(f"/posts/{post}").css_first("form[action$='/anew']") is None
    owner.post(f"/announcements/{announcement}/anew", status=409)
    assert state_of(house, post) == state


def test_a_post_that_waits_for_its_account_asks_for_the_account_once(house: House) -> None:
    post, _ = scheduled(house)
    with house.runtime.session() as session:
        account = session.exec(select(Account)).one()
        account.state, account.sentence = "reconnect", "folk.example no longer accepts our permission."
        assert pause(session, account, house.runtime.clock()) == 1
    owner = house.browser()
    assert words(owner.get("/")).count("folk.example no longer accepts our permission.") == 1
    page = owner.get(f"/posts/{post}")
    assert "It waits until @aoife@folk.example can post again." in words(page, ".state")
    assert page.css_first("a.go[href^='/connections/accounts/']") is not None
    assert page.css_first(f"form[action='/posts/{post}/again']") is None, "there is nothing to try before it can post again"


def test_a_wording_that_nobody_would_see_is_said_before_and_not_compared_after(house: House) -> None:
    account, other, owner = house.account(), house.account("other"), house.browser()
    draft = owner.post(f"/releases/{house.release()}/announce").location
    owner.get(draft)
    form = {"wording": "{title} {link}", "wording_B": "Hear {title} {link}", "look": "card", "visibility": "public", "language": "en"}
    carried = {"accounts": [str(account), str(other)], f"carries_{account}": "A"}
    idle = "Wording B is on none of the chosen accounts"
    assert idle in owner.post(f"{draft}/preview", status=200, **form, **carried, **{f"carries_{other}": "A"}).text
    assert idle not in owner.post(f"{draft}/preview", status=200, **form, **carried, **{f"carries_{other}": "B"}).text
    owner.post(f"{draft}/approve", do="now", **form, **carried, **{f"carries_{other}": "A"})
    with house.runtime.session() as session:
        for post in session.exec(select(Post)):
            post.state, post.published_at = "confirmed", house.runtime.clock()
    assert "They stood on different accounts" not in words(owner.get(draft))


def test_an_hour_chosen_in_the_quiet_hours_is_said(house: House) -> None:
    house.add(PostingRules(artist_id=house.artist_id, quiet_from=22 * 60, quiet_until=8 * 60, changed_at=house.runtime.clock()))
    account, owner = house.account(), house.browser()
    draft = owner.post(f"/releases/{house.release()}/announce").location
    owner.get(draft)
    night = f"{house.runtime.clock() + timedelta(days=2):%Y-%m-%d}T23:30"
    form = {"wording": "{title} {link}", "look": "card", "visibility": "public", "language": "en"}
    there = owner.post(f"{draft}/approve", do="schedule", when=night, accounts=str(account), **form).location
    assert "Your quiet hours last until 08:00." in words(owner.get(there))


def test_an_hour_that_happens_twice_is_said_where_it_was_typed(house: House) -> None:
    with house.runtime.session() as session:
        session.get_one(Artist, house.artist_id).time_zone = "Europe/Dublin"
    account, owner, now = house.account(), house.browser(), house.runtime.clock()
    last_day = date(now.year + 1, 10, 31)
    night = last_day - timedelta(days=(last_day.weekday() + 1) % 7)
    draft = owner.post(f"/releases/{house.release()}/announce").location
    owner.get(draft)
    form = {"wording": "{title} {link}", "look": "card", "visibility": "public", "language": "en", "accounts": str(account)}
    there = owner.post(f"{draft}/approve", do="schedule", when=f"{night}T01:30", **form).location
    assert "That hour happens twice that night" in words(owner.get(there))


def test_the_calendar_says_that_a_boost_comes_next(house: House) -> None:
    now = house.runtime.clock()
    account = house.account()
    post, _ = house.post(house.release(), account, published_at=now)
    later = {"created_at": now, "changed_at": now, "due_at": now + timedelta(days=2), "not_before": now}
    house.add(Boost(artist_id=house.artist_id, post_id=post, account_id=account, **later))
    assert "Next: Boost of “Tall Ships”, " in words(house.browser("viewer").get("/calendar"), ".lead")
