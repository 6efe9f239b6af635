"""What came back, being told on Home and by mail, stopping the mails, and taking a post down: in a real browser, at three widths."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Error, Page, expect
from sqlmodel import delete, select

from creatorbot.models import Booster, Engagement, Link, Measuring, Post, Reach, Wish
from tests.browser.conftest import Live, follow, look, rehearse, sign_up
from tests.servers.mail import Mailbox, mail_server


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    """A mail server."""
    (tmp_path / "mail").mkdir()
    with mail_server(tmp_path / "mail") as made:
        yield made


def work_until(live: Live, page: Page, address: str, words: str) -> None:
    """The jobs run until the page says this."""
    ends = time.monotonic() + 40
    while True:
        live.work()
        with suppress(Error):  # a page that looks after itself may be on its way to itself
            page.goto(address)
        if re.search(words, page.get_by_role("main").inner_text()):
            return
        assert time.monotonic() < ends, page.get_by_role("main").inner_text()
        time.sleep(0.3)


def set_mail(page: Page, box: Mailbox) -> None:
    """The keeper sets the server, tries it, and wishes mails."""
    page.goto("/")
    page.get_by_role("link", name="Settings").first.click()
    follow(page.get_by_role("link", name="Mail", exact=True))
    look(page, "mail-none")
    page.get_by_label("Its name").fill("localhost")
    page.get_by_label("How it is spoken to").select_option("none")
    page.get_by_label("Port").fill(str(box.port))
    page.get_by_label("Address the mails come from").fill("news@label")
    page.locator("#server").get_by_role("button", name="Save").click()
    expect(page.locator("#server")).to_contain_text("not a mail address we can write to")
    look(page, "mail-wrong")
    page.get_by_label("Address the mails come from").fill("news@label.example")
    page.locator("#server").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send me a test").click()
    expect(page.get_by_role("main")).to_contain_text("Your mail server took the test")
    page.get_by_label("Your mail address").fill("aoife@home.example")
    page.locator("form[action='/settings/mail']").get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("A first mail is on its way")
    look(page, "mail-set")


def announce(live: Live, page: Page) -> str:
    """A post that is out; the address of its page."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    address = page.url
    work_until(live, page, address, "we have seen it on")
    return address


def echo(live: Live) -> None:
    """Two boosts, three favourites and answers on the practice server; a look before them; and servers that came in between."""
    with live.runtime.session() as session:
        post = session.exec(select(Post)).one()
        assert post.published_at is not None
        answers = [
            {"who": "ben@far.example", "words": "What a lovely record, the second side above all."},
            {"who": "cleo@other.example", "words": "Ordered!"},
        ]
        wanted = {
            "status": post.remote_id,
            "boosters": ["dan@third.example", "ann@far.example"],
            "favourites": 3,
            "quotes": 1,
            "replies": answers,
        }
        requests.post(f"{live.practice.fediverse_url}/practice/echoes", json=wanted, timeout=5).raise_for_status()
        now = live.runtime.clock()
        row = session.exec(select(Measuring)).one()
        row.step, row.next_at = 1, now
        session.exec(delete(Engagement))
        before = post.published_at + timedelta(seconds=1)
        first = {"artist_id": post.artist_id, "post_id": post.id or 0}
        session.add(Engagement(**first, step=0, at=before, boosts=1, favourites=0, replies=0, quotes=0))
        session.add(Booster(**first, handle="@dan@third.example", name="Dan", url="https://third.example/@dan", seen_at=before))
        link = session.exec(select(Link).where(Link.post_id == post.id)).one()
        for number in range(7):
            at = before + timedelta(milliseconds=number + 1)
            session.add(Reach(link_id=link.id or 0, host=f"s{number}.example", software="mastodon", first_seen_at=at))


def test_told_and_taken_down(live: Live, page: Page, box: Mailbox) -> None:
    sign_up(live, page)
    rehearse(live, page)
    set_mail(page, box)
    address = announce(live, page)
    echo(live)
    work_until(live, page, address, "boosted it")
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile("[0-9] new servers fetched the link after @ann@far.example boosted it. ●●○○ a guess"))
    expect(main).to_contain_text("What a lovely record")
    expect(main.get_by_role("link", name="Ben")).to_have_attribute("href", "https://far.example/@ben/1")
    look(page, "post-echo")
    page.get_by_text("2 people who boosted it").click()
    page.get_by_text("Look by look", exact=True).click()
    look(page, "post-echo-open")

    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("“Tall Ships” is out on")
    look(page, "home-told")
    follow(page.get_by_role("link", name="All that happened"))
    look(page, "happened")
    ends = time.monotonic() + 40
    while not [one for one in box.mails if "is out on" in str(one["Subject"])]:
        assert time.monotonic() < ends, [str(one["Subject"]) for one in box.mails]
        live.work()
        time.sleep(0.3)
    html = box.mails[-1].get_body(("html",))
    assert html is not None
    (live.folder / "mail.html").write_text(html.get_content(), encoding="utf-8")
    page.goto(f"file://{live.folder}/mail.html")
    look(page, "mail-itself")

    with live.runtime.reading() as session:
        key = session.exec(select(Wish)).one().stop_key
    page.goto(f"{live.url}/stop/{key}")
    look(page, "stop")
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("No more mails about Aoife Marsh")

    page.goto(address)
    follow(page.get_by_role("link", name="Take it down"))
    look(page, "take-down")
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_role("main")).to_contain_text("It is being taken down")
    look(page, "being-taken-down")
    work_until(live, page, address, "Taken down as")
    look(page, "taken-down")
    work_until(live, page, "/happened", "was taken down from")


def test_a_post_that_waits_says_why_on_home(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    requests.post(f"{live.practice.fediverse_url}/practice/faults", json={"behaviour": "down", "times": 0}, timeout=5).raise_for_status()
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    work_until(live, page, "/happened", "It will not appear twice|it will not appear twice|nothing was sent")
    page.goto("/")
    look(page, "home-late")
