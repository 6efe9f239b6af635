"""The bad day, rehearsed in a browser: pairing, the server goes away, the backup posts, the first account boosts; and a move."""

import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import AccountLook
from tests.browser.conftest import Live, look, rehearse, sign_up


def connect_backup(page: Page) -> None:
    """The other practice server, from the rehearsal's page."""
    page.goto("/rehearsal")
    page.get_by_role("button", name="Connect a backup").click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")


def until(live: Live, page: Page, words: str, seconds: float = 90) -> None:
    """Let the jobs run until the page says this."""
    ends = time.monotonic() + seconds
    while True:
        live.work()
        page.reload()
        said = page.get_by_role("main").inner_text()
        if words in said:
            return
        assert time.monotonic() < ends, said
        time.sleep(0.3)


@pytest.fixture
def ready(live: Live, page: Page) -> Page:
    """A rehearsal with a first and a backup account."""
    sign_up(live, page)
    rehearse(live, page)
    connect_backup(page)
    return page


def test_the_bad_day_rehearsed(live: Live, ready: Page) -> None:
    page = ready
    live.work(2)
    page.goto("/connections")
    page.get_by_role("link", name="practice.example").first.click()
    look(page, "backup-unpaired")
    page.get_by_label("Rather twice").check(force=True)
    page.get_by_role("button", name="Let it stand in").click()
    expect(page.get_by_role("main")).to_contain_text("After 20 minutes")
    look(page, "backup-paired")
    page.get_by_role("button", name="Rehearse it").click()
    page.wait_for_url("**/posts/*")
    until(live, page, "posts it instead")
    look(page, "backup-stands-in")
    until(live, page, "boosted that post")
    look(page, "backup-boosted")
    page.goto("/rehearsal/fediverse/")
    expect(page.get_by_role("main")).to_contain_text("boosted")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto("/rehearsal/second/")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto("/connections/backup/choose")
    look(page, "backup-choose")


def test_an_account_that_moved_is_followed_in_two_presses(live: Live, ready: Page) -> None:
    page = ready
    page.goto("/rehearsal/fediverse/practice")
    page.get_by_label("It moves to the other practice server").check()
    page.get_by_role("button", name="Let it happen").click()
    live.work()
    with live.runtime.session() as session:
        for row in session.exec(select(AccountLook)).all():
            row.next_at = row.next_at.replace(year=2020)
    live.work()
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Your account moved to")
    look(page, "backup-home-moved")
    page.goto("/connections")
    look(page, "backup-connections-moved")
    page.get_by_role("button", name=re.compile("^Connect @")).click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")
    expect(page.get_by_role("main")).to_contain_text("It follows @")
    look(page, "backup-followed")
