"""Threads in the browser: connect with a key, announce, and read the post as followers do.

The service uses the real address; a world of our own makes it lead, over TLS, to a small Threads in a process of its own.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Artist, Installation, Post
from creatorbot.security.dial import connect_address, resolve_name
from creatorbot.security.http import Door
from tests.browser.conftest import Live, again, look, sign_up
from tests.servers.certificate import certificate
from tests.servers.threads import Running, threads
from tests.servers.threads.state import KEY
from tests.stage import make_release

HOME = "graph.threads.net"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Running]:
    """The small Threads."""
    with threads(tmp_path / "threads", certificate(tmp_path, HOME)) as running:
        yield running


@pytest.fixture
def outside(there: Running, tmp_path: Path) -> Door:
    """A world in which the name of Threads leads to it."""

    def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"] if host == HOME else resolve_name(host, port)

    def connect(ip: str, port: int, timeout: float) -> socket.socket:
        if ip.startswith("127."):
            return connect_address(ip, port, timeout)
        assert (ip, port) == ("93.184.216.34", 443)
        return socket.create_connection(("127.0.0.1", there.tls_port), timeout)

    return Door(resolve=resolve, connect=connect, tls=ssl.create_default_context(cafile=str(tmp_path / f"{HOME}.crt")))


def ready(live: Live, page: Page) -> None:
    """An artist with a release, on an installation that has a public address."""
    sign_up(live, page)
    with live.runtime.session() as session:
        artist = session.exec(select(Artist)).one()
        installation = session.get_one(Installation, 1)
        installation.public_url, installation.public_answered_at = "https://aoife.example", live.runtime.clock()
    make_release(live.runtime, artist.id or 0)


def connected(page: Page, *, seen: bool = False) -> None:
    """Through the connect page, with the mistake people make."""
    page.goto("/connections/networks")
    page.get_by_role("link", name="Connect Threads").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("never tried with the real Threads")
    expect(main).to_contain_text("cannot be changed")
    if seen:
        look(page, "threads-connect")
    page.get_by_label("Key").fill("0123456789abcdef0123456789abcdef")
    page.get_by_role("button", name="Go on").click()
    expect(main).to_contain_text("not sent anywhere")
    if seen:
        look(page, "threads-refused")
    expect(page.get_by_label("Key")).to_have_value("")
    page.get_by_label("Key").fill(KEY)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/connections/accounts/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("@aoife@threads.net")
    expect(main).to_contain_text("Posts can go out from here.")
    if seen:
        look(page, "threads-account")


def announce(page: Page) -> None:
    """From the release to the post's page."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_role("main")).to_contain_text("All who read it do so on threads.net")
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")


def work(live: Live, page: Page, words: str) -> None:
    """Until the post's page says so."""
    for _ in range(8):
        live.work()
        again(page)
        if words in page.get_by_role("main").inner_text():
            break
        time.sleep(0.5)
    expect(page.get_by_role("main")).to_contain_text(words)


def test_from_a_key_to_a_post(live: Live, page: Page, there: Running) -> None:
    ready(live, page)
    connected(page, seen=True)
    announce(page)
    address = page.url
    work(live, page, "Looked again: it is there")
    look(page, "threads-post")
    expect(page.get_by_role("main")).to_contain_text("not measured")
    (post,) = there.posts
    assert post["link_attachment_url"].startswith("https://aoife.example/l/")
    expect(page.get_by_role("link", name="Change the text")).to_have_count(0)
    page.goto(f"{address.partition('?')[0]}/edit")
    expect(page.get_by_role("main")).to_contain_text("does not let posts be changed")
    with live.runtime.reading() as session:
        remote_url = session.exec(select(Post)).one().remote_url
    page.goto(remote_url)
    expect(page.locator("#text")).to_contain_text("Tall Ships")
    expect(page.locator("aside a")).to_have_attribute("href", post["link_attachment_url"])


def test_an_answer_that_is_lost_and_a_server_that_dies_make_one_post(live: Live, page: Page, there: Running) -> None:
    ready(live, page)
    connected(page)
    announce(page)
    there.order("publish", "die after")
    work(live, page, "No clear answer came back")
    live.work()
    there.start()
    work(live, page, "Found on the server")
    assert len(there.posts) == 1
