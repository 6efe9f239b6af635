"""The bad day, rehearsed in a browser: pairing, the server goes away, the backup posts, the first account boosts; and a move."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import AccountLook
from tests.browser.conftest import Live, again, follow, look, rehearse, sign_up


def connect_backup(live: Live, page: Page) -> None:
    """The other practice server, from the page of all networks."""
    page.goto("/connections/mastodon")
    page.get_by_role("textbox").first.fill(live.practice.second_url)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")


def until(live: Live, page: Page, words: str, seconds: float = 90) -> None:
    """Let the jobs run until the page says this."""
    ends = time.monotonic() + seconds
    while True:
        live.work()
        again(page)
        said = page.get_by_role("main").inner_text()
        if words in said:
            return
        assert time.monotonic() < ends, said
        time.sleep(0.3)


@contextmanager
def fulfilling(live: Live) -> Iterator[None]:
    """The supervisor at work beside the page."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.2):
            live.fulfil()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join(5)


@pytest.fixture
def ready(live: Live, page: Page) -> Page:
    """A rehearsal with a first and a backup account."""
    sign_up(live, page)
    rehearse(live, page)
    connect_backup(live, page)
    return page


def test_the_bad_day_in_one_press(live: Live, page: Page) -> None:
    sign_up(live, page)
    page.goto("/connections/backup/choose")
    look(page, "backup-choose")
    with fulfilling(live):
        page.get_by_role("button", name="Rehearse it").click()
        page.wait_for_url("**/posts/*", timeout=30_000)
    expect(page.get_by_role("main")).to_contain_text("This is the rehearsal")
    until(live, page, "@you@backup.example stands in")
    look(page, "backup-stands-in")
    until(live, page, "boosted that post")
    look(page, "backup-boosted")
    page.goto("/rehearsal/fediverse/")
    expect(page.get_by_role("main")).to_contain_text("boosted")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto("/rehearsal/second/")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto("/results")
    expect(page.get_by_role("main")).to_contain_text("stood in for @you@practice.example")
    look(page, "backup-results")
    page.goto("/rehearsal")
    look(page, "backup-rehearsal")


def test_pairing_and_its_wishes(live: Live, ready: Page) -> None:
    page = ready
    page.goto("/connections")
    follow(page.get_by_role("link", name="With a backup account"))
    look(page, "backup-unpaired")
    page.get_by_label("Rather twice").check(force=True)
    page.get_by_role("button", name="Let it stand in").click()
    expect(page.get_by_role("main")).to_contain_text("After 20 minutes")
    look(page, "backup-paired")
    page.goto("/connections")
    expect(page.get_by_role("main")).to_contain_text("@you@backup.example stands in")
    look(page, "backup-connections")


def day_passes(live: Live) -> None:
    """Every account's turn has come."""
    with live.runtime.session() as session:
        for row in session.exec(select(AccountLook)).all():
            row.next_at = row.next_at.replace(year=2020)
    live.work()


def test_an_account_that_moved_is_followed_in_two_presses(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    page.goto("/rehearsal/fediverse/practice")
    page.get_by_label("It moves to the other practice server").check()
    page.get_by_role("button", name="Let it happen").click()
    live.work()
    day_passes(live)
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
    page.get_by_role("button", name="Write that post").click()
    page.wait_for_url("**/announcements/*")
    expect(page.get_by_role("main")).to_contain_text("We have moved")
    look(page, "backup-move-told")
