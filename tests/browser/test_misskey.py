"""A Misskey server of another process, in the browser: its connect page, there and back, post, change, and what stands there."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Admission, Artist, Post
from tests.browser.conftest import PHONE, Live, again, look, sign_up
from tests.servers.misskey import Family, family
from tests.stage import make_release


@pytest.fixture
def sharkey(tmp_path: Path) -> Iterator[Family]:
    """One of the family where posts can be changed."""
    with family(tmp_path / "sharkey", "sharkey") as running:
        yield running


@pytest.fixture
def misskey(tmp_path: Path) -> Iterator[Family]:
    """Misskey itself, where they cannot."""
    with family(tmp_path / "misskey", "misskey") as running:
        yield running


def settle_in(live: Live, page: Page, server: Family) -> None:
    """An artist with one release, who may reach the server."""
    sign_up(live, page)
    with live.runtime.session() as session:
        artist = session.exec(select(Artist)).one()
        session.add(Admission(artist_id=artist.id or 0, host="127.0.0.1", port=urlsplit(server.url).port or 0))
    make_release(live.runtime, artist.id or 0)


def connect(page: Page, server: Family) -> None:
    """From the choice of networks to the account's page."""
    page.goto("/connections/networks")
    page.get_by_role("link", name="Connect Misskey").click()
    page.get_by_label("Server or full name").fill(server.url.removeprefix("http://"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/connections/accounts/*")


def announce(live: Live, page: Page) -> None:
    """From the release to the post's page, where it is out and was looked at again."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    for _ in range(3):
        live.work()
        time.sleep(0.7)
    again(page)
    expect(page.get_by_role("main")).to_contain_text("It is out")
    expect(page.get_by_role("main")).to_contain_text("Looked again: it is there")


def test_from_the_connect_page_to_a_changed_post(live: Live, page: Page, sharkey: Family) -> None:
    settle_in(live, page, sharkey)
    page.goto("/connections/networks")
    look(page, "networks")
    page.goto("/connections/misskey")
    expect(page.get_by_role("main")).to_contain_text("never tried against a real one")
    look(page, "connect-misskey")
    connect(page, sharkey)
    expect(page.get_by_role("heading", level=1)).to_contain_text("@alice@")
    expect(page.get_by_role("main")).to_contain_text("Posts can go out from here.")
    look(page, "account-misskey")
    announce(live, page)
    look(page, "post-misskey")
    page.get_by_role("link", name="Change the text").click()
    words = page.get_by_label("What it shall say")
    words.fill(words.input_value() + "\nNow on vinyl, $[shake too]")
    page.get_by_role("button", name="Change the post").click()
    page.wait_for_url("**/posts/*")
    live.work()
    again(page)
    expect(page.get_by_role("main")).to_contain_text("The text was changed")
    with live.runtime.reading() as session:
        post = session.exec(select(Post)).one()
    assert len(sharkey.notes()) == 1
    page.goto(post.remote_url)
    expect(page.locator("#text")).to_contain_text("Now on vinyl, $\u2060[shake too]")
    expect(page.locator("#text")).to_contain_text("/l/")


def test_where_posts_cannot_be_changed_that_is_said(live: Live, page: Page, misskey: Family) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    settle_in(live, page, misskey)
    connect(page, misskey)
    misskey.order("notes/create", "lost")
    announce(live, page)
    assert len(misskey.notes()) == 1
    expect(page.get_by_role("link", name="Change the text")).to_have_count(0)
    page.goto(f"{page.url.partition('?')[0]}/edit")
    expect(page.get_by_role("main")).to_contain_text("does not let posts be changed")


def test_a_server_of_another_network_is_sent_to_its_own_page(live: Live, page: Page, sharkey: Family) -> None:
    settle_in(live, page, sharkey)
    page.goto("/connections/mastodon")
    typed = sharkey.url.removeprefix("http://")
    page.get_by_label("Server or full name").fill(typed)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("main")).to_contain_text("That server belongs to Misskey.")
    look(page, "another-network")
    page.get_by_role("link", name="Connect Misskey").click()
    expect(page.get_by_label("Server or full name")).to_have_value(typed)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("link", name=re.compile("^Continue to"))).to_be_visible()
    look(page, "server-misskey")
