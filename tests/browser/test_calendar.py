"""The Calendar in a browser: a source has news, it is announced by itself with time to stop it; dragging and typing; boosted later."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.announcements.drafts import new_draft
from creatorbot.announcements.planning import consent
from creatorbot.models import Account, Artist, AutoAnnouncement, Boost, Post, Release, Source
from tests.browser.conftest import Live, follow, look, rehearse, sign_up


@pytest.fixture
def ready(live: Live, page: Page) -> Page:
    """A rehearsal with an account and a shop that is watched."""
    sign_up(live, page)
    rehearse(live, page)
    live.work()
    return page


def shop_page(live: Live, page: Page) -> None:
    with live.runtime.reading() as session:
        source = session.exec(select(Source)).one()
    page.goto(f"/connections/sources/{source.id}")


def news(live: Live) -> str:
    """Release day at the practice shop, seen at the next look."""
    title = str(requests.post(f"{live.practice.shop_url}/practice/new-release", json={}, timeout=5).json()["title"])
    with live.runtime.session() as session:
        session.exec(select(Source)).one().next_poll_at = live.runtime.clock()
    for _ in range(3):
        live.work()
    # The cover is fetched by now, or is not waited for any longer.
    with live.runtime.session() as session:
        for row in session.exec(select(AutoAnnouncement)):
            row.not_before = live.runtime.clock()
    live.work()
    return title


def posts(live: Live) -> list[Post]:
    with live.runtime.reading() as session:
        return list(session.exec(select(Post)))


def test_news_goes_out_by_itself_and_can_be_stopped_moved_and_boosted(live: Live, ready: Page) -> None:
    page = ready
    shop_page(live, page)
    page.get_by_label("It is announced, and I have some time to stop it.").check()
    page.get_by_label("Time to stop it, at least").select_option("120")
    page.locator("#itself").get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Until it goes out you can stop it in the Calendar.")
    look(page, "calendar-source")

    first = news(live)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Calendar").click()
    expect(page.get_by_role("heading", name="What goes out next")).to_be_visible()
    expect(page.locator(".queue")).to_contain_text(first)
    expect(page.locator(".queue")).to_contain_text("It goes out by itself, 120 minutes after it was found")
    look(page, "calendar-automatic")
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("main")).to_contain_text("It is not announced by itself any more")
    assert [post.state for post in posts(live)] == ["cancelled"]

    second = news(live)
    assert second != first
    page.goto("/calendar")
    expect(page.locator(".queue")).to_contain_text(second)

    # Dragged to the day after tomorrow, it keeps its hour.
    zone = ZoneInfo("Europe/Dublin")
    before = posts(live)[1].due_at
    aim = (datetime.now(zone) + timedelta(days=2)).date()
    if not page.locator(f"[data-day='{aim}']").count():
        page.get_by_role("link", name="The month after").click()
    page.locator(".entry[draggable=true]").drag_to(page.locator(f"[data-day='{aim}']"))
    expect(page.get_by_role("main")).to_contain_text("It goes out on")
    after = posts(live)[1].due_at
    assert after.astimezone(zone).date() == aim
    assert f"{after.astimezone(zone):%H:%M}" == f"{before.astimezone(zone):%H:%M}"
    expect(page.locator(f"[data-day='{aim}']")).to_contain_text(second)

    # Typed: what is wrong is said in place, then it goes.
    page.get_by_text("Another time").click()
    page.get_by_label("When").fill("2020-01-01T10:00")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("alert")).to_contain_text("already passed")
    look(page, "calendar-typed")
    page.get_by_label("When").fill(f"{aim}T12:30")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator(".queue")).to_contain_text(re.compile("12:30|in "))

    # Its time comes, and it goes out once.
    with live.runtime.session() as session:
        post = session.exec(select(Post).where(Post.state == "waiting")).one()
        post.due_at = post.not_before = live.runtime.clock() - timedelta(seconds=1)
    for _ in range(4):
        live.work()
    out = [post for post in posts(live) if post.state in ("published", "confirmed")]
    assert len(out) == 1
    there = requests.get(f"{live.practice.fediverse_url}/practice/statuses", timeout=5).json()["statuses"]
    assert sum(second in str(status["content"]) for status in there) == 1

    # And later it is boosted, politely.
    page.goto(f"/posts/{out[0].id}")
    follow(page.get_by_role("link", name="Boost it later"))
    look(page, "calendar-boost")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("#boosts")).to_contain_text("planned")
    page.goto("/calendar")
    expect(page.locator(".queue")).to_contain_text(f"Boost of “{second}”")
    with live.runtime.session() as session:
        boost = session.exec(select(Boost)).one()
        boost.due_at = boost.not_before = live.runtime.clock() - timedelta(seconds=1)
    live.work(2)
    page.goto(f"/posts/{out[0].id}")
    expect(page.locator("#boosts")).to_contain_text("boosted")
    look(page, "calendar-boosted")


def asked_for_a_yes(live: Live) -> None:
    """A member would like to post, and an owner has to agree."""
    now = live.runtime.clock()
    with live.runtime.session() as session:
        release = session.exec(select(Release).where(Release.title == "Harbour Lights")).one()
        draft = new_draft(session, session.get_one(Artist, release.artist_id), release, None, now)
        account = session.exec(select(Account).where(Account.artist_id == release.artist_id)).one()
        consent.ask(session, draft, [account.id or 0], None, "Bran", now)


def test_the_pages_at_three_widths(live: Live, ready: Page) -> None:
    page = ready
    page.goto("/calendar")
    look(page, "calendar-empty")
    page.goto("/settings/posting")
    for day in ("Tuesday", "Friday"):
        page.get_by_label(day).check()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".hours")).to_contain_text("Friday, 19:00")
    page.get_by_label("From", exact=True).fill("22:00")
    page.get_by_label("Until", exact=True).fill("08:00")
    page.get_by_label("Posts on one account in a day, at most").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("“many” is not a whole number.")
    look(page, "calendar-posting-wrong")
    page.get_by_label("Posts on one account in a day, at most").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Kept.")
    look(page, "calendar-posting")
    asked_for_a_yes(live)
    page.goto("/calendar")
    look(page, "calendar-waits")
    page.get_by_role("link", name="Look at it").click()
    page.get_by_text("Not like this").click()
    look(page, "calendar-yes")
    page.get_by_role("button", name="Yes, post it").click()
    expect(page.get_by_role("main")).to_contain_text("Thank you. It goes out now.")
    page.goto("/releases")
    page.locator(".covers a").first.click()
    page.get_by_role("button", name=re.compile("^(Announce|Tell)")).first.click()
    page.get_by_role("button", name="At your next free hour").click()
    page.goto("/calendar")
    page.get_by_text("Add a day").click()
    page.get_by_label("Day", exact=True).fill(f"{datetime.now(UTC).date() + timedelta(days=1)}")
    page.get_by_label("What it is").fill("Concert in Cork")
    page.get_by_role("button", name="Add it").click()
    page.goto("/calendar")
    look(page, "calendar")
    page.goto("/calendar?month=2026-12")
    look(page, "calendar-december")
