"""Bluesky in the browser: connect by name and app password, announce, and read the post as followers do.

The service uses the real addresses; a world of our own makes them lead, over TLS, to a small Bluesky in a process of its own.
"""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Installation, Post
from creatorbot.security.dial import connect_address, resolve_name
from creatorbot.security.http import Door
from tests.browser.conftest import Live, again, look, rehearse, sign_up
from tests.servers.bluesky import DID, HANDLE, PASSWORD
from tests.servers.bluesky_process import Running, bluesky
from tests.servers.certificate import certificate

HOME = "morel.us-east.host.bsky.network"
NAMES = (HOME, "public.api.bsky.app", "plc.directory")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Running]:
    """The small Bluesky."""
    with bluesky(tmp_path / "bluesky", certificate(tmp_path, *NAMES), f"https://{HOME}") as running:
        yield running


@pytest.fixture
def outside(there: Running, tmp_path: Path) -> Door:
    """A world in which Bluesky's names lead to it."""

    def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"] if host in NAMES else resolve_name(host, port)

    def connect(ip: str, port: int, timeout: float) -> socket.socket:
        if ip.startswith("127."):
            return connect_address(ip, port, timeout)
        assert (ip, port) == ("93.184.216.34", 443)
        return socket.create_connection(("127.0.0.1", there.tls_port), timeout)

    return Door(resolve=resolve, connect=connect, tls=ssl.create_default_context(cafile=str(tmp_path / f"{HOME}.crt")))


def connected(page: Page, *, seen: bool = False) -> None:
    """Through the connect page, with the mistakes people make."""
    page.goto("/connections/networks")
    page.get_by_role("link", name="Connect Bluesky").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("never yet with the real Bluesky")
    if seen:
        look(page, "bluesky-connect")
    page.get_by_label("Your name there").fill("aoife@mail.example")
    page.get_by_label("App password").fill("my own password")
    page.get_by_role("button", name="Go on").click()
    expect(main).to_contain_text("e-mail address")
    page.get_by_label("Your name there").fill(f"@{HANDLE}")
    page.get_by_label("App password").fill("my own password")
    page.get_by_role("button", name="Go on").click()
    expect(main).to_contain_text("not sent anywhere")
    if seen:
        look(page, "bluesky-refused")
    expect(page.get_by_label("App password")).to_have_value("")
    page.get_by_label("App password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/connections/accounts/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(HANDLE)
    if seen:
        look(page, "bluesky-account")


def chosen(page: Page) -> None:
    """An announcement of Tall Ships, on Bluesky alone."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.locator("label.account", has_text=HANDLE).get_by_role("checkbox").check()
    page.locator("label.account", has_text="@you").get_by_role("checkbox").uncheck()


def out(live: Live, page: Page) -> None:
    """Until the post is there and has been seen there once more."""
    for _ in range(4):
        live.work()
        time.sleep(0.7)
    again(page)
    expect(page.get_by_role("main")).to_contain_text("Looked again: it is there")


def ready(live: Live, page: Page) -> None:
    """An artist with a release whose cover is here, on an installation that has a public address."""
    sign_up(live, page)
    rehearse(live, page)
    live.work(2)
    with live.runtime.session() as session:
        installation = session.get_one(Installation, 1)
        installation.public_url, installation.public_answered_at = "https://aoife.example", live.runtime.clock()


def test_from_an_app_password_to_a_post_with_its_card(live: Live, page: Page, there: Running) -> None:
    ready(live, page)
    connected(page, seen=True)
    chosen(page)
    expect(page.get_by_role("main")).to_contain_text("Bluesky draws the card from what we send")
    look(page, "bluesky-compose")
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    address = page.url
    out(live, page)
    look(page, "bluesky-post")
    (record,) = there.records.values()
    card = record["embed"]["external"]
    assert re.fullmatch(r"https://aoife\.example/l/\w+", card["uri"])
    assert card["thumb"]["mimeType"] == "image/jpeg"
    page.goto(f"{address}/edit")
    expect(page.get_by_role("main")).to_contain_text("changed")
    expect(page.get_by_role("button", name="Change the post")).to_have_count(0)
    page.goto(f"{there.url}/profile/{DID}")
    expect(page.locator("article.post")).to_have_count(1)
    expect(page.locator("article.post a").first).to_have_text(card["uri"].removeprefix("https://"))
    expect(page.locator("article.post aside")).to_contain_text("Tall Ships")


def test_an_answer_that_is_lost_and_a_server_that_dies_make_one_post(live: Live, page: Page, there: Running) -> None:
    ready(live, page)
    connected(page)
    chosen(page)
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    there.fault("dies")
    live.work()
    again(page)
    expect(page.get_by_role("main")).to_contain_text("No clear answer came back")
    there.stop()
    live.work()
    there.start()
    for _ in range(5):
        live.work()
        time.sleep(0.7)
    again(page)
    expect(page.get_by_role("main")).to_contain_text("Found on the server")
    assert len(there.records) == 1
    with live.runtime.reading() as session:
        post = session.exec(select(Post)).one()
    assert post.remote_id in there.records
