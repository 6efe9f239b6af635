"""The main job, start to “credited to this post”: the real processes, a real browser at three widths, a practice server; and once more
with a server that was not written by us."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as TooLong
from sqlmodel import select

from creatorbot.models import Admission, Artist
from tests.browser.conftest import PASSWORD, SIZES, Live, again, rehearse, sign_up
from tests.servers.mock_mastodon import mock_mastodon

# A browser that says it is headless is a robot, and rightly counted as one; this is what an iPad's says.
PEOPLE = "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"


@dataclass(frozen=True)
class Service:
    """`creatorbot run`, as somebody would start it. key_address: what it printed."""

    url: str
    key_address: str


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole group of processes on a free port, in an empty folder; ended by SIGTERM, which must be clean."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {**os.environ, "CREATORBOT_DATA": str(tmp_path / "data"), "CREATORBOT_PORT": str(port), "CREATORBOT_WAIT_SCALE": "0.05"}
    running = subprocess.Popen([sys.executable, "-m", "creatorbot", "run"], env=told, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    printed = ""
    while "setup?key=" not in printed:
        line = running.stdout.readline()
        assert line, f"it ended without an address: {printed}"
        printed += line
    yield Service(f"http://127.0.0.1:{port}", re.findall(r"http\S+", printed)[-1])
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0


def until(page: Page, address: str, words: str | re.Pattern[str], seconds: float = 60) -> None:
    """Open a page again and again until it says this."""
    ends = time.monotonic() + seconds
    while True:
        page.goto(address)
        said = page.get_by_role("main").inner_text()
        if re.search(words, said):
            return
        assert time.monotonic() < ends, f"{address} never said {words!r}, but: {said}"
        time.sleep(0.5)


def connect(page: Page) -> None:
    """Press the first “Connect it”. On a crowded machine the practice server may not answer in time: then the page says so, and it is
    pressed once more, as a person would. What it said stands in the test's output.
    """
    page.get_by_role("button", name="Connect it").first.click()
    onward = page.get_by_role("link", name=re.compile("^Continue to"))
    try:
        onward.click()
    except TooLong:
        said = page.get_by_role("main").inner_text()
        print(f"{page.url} said: {said}")
        assert said.strip(), "a page that says nothing helps nobody"
        page.goto("/rehearsal")
        page.get_by_role("button", name="Connect it").first.click()
        onward.click()


@pytest.mark.parametrize("size", SIZES)
def test_first_evening_to_credited_tip(service: Service, chromium: Browser, size: str) -> None:
    width, height = SIZES[size]
    member = chromium.new_context(base_url=service.url, viewport={"width": width, "height": height}, locale="en-GB")
    member.set_default_timeout(30_000)
    page = member.new_page()
    page.goto(service.key_address)
    page.get_by_label("Artist name").fill("Aoife Marsh")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Login name").fill("aoife")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my creatorbot").click()
    page.get_by_role("link", name="Start a rehearsal").or_(page.get_by_role("button", name="Start a rehearsal")).click()
    if page.get_by_role("button", name="Start the rehearsal").count():
        page.get_by_role("button", name="Start the rehearsal").click()
    until(page, "/rehearsal", "practice server and shop are ready")
    connect(page)
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/connections/sources/*")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Connect it").click()
    page.wait_for_url("**/connections/payments/stripe")
    link = announce(page)
    give(chromium, link, size)
    until(page, "/results", r"€7\b")
    expect(page.get_by_role("main")).to_contain_text("1 payment")
    page.locator("main a[href*='/results/posts/']").first.click()
    until(page, page.url.partition("#")[0], "1 paid €7")  # with its "#…" it would not be fetched anew
    main = page.get_by_role("main")
    expect(main).to_contain_text("It reached 12 servers. 1 person came. 1 paid €7")
    expect(main).to_contain_text("Paid through this post’s link: Stripe sent our reference back.")
    member.close()


def announce(page: Page) -> str:
    """From the list of releases to a post that followers see; the link it carries."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    expect(page.locator("article.post")).to_contain_text("Tall Ships")
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    until(page, page.url, "It is out")
    until(page, "/rehearsal/fediverse/", "12 of 12 followers’ servers")
    address = page.locator("a[href*='/l/']").first.get_attribute("href")
    assert address is not None
    return address


def give(chromium: Browser, link: str, size: str) -> None:
    """A fan follows the link and pays what was suggested. The practice shop's page is shown to members only, so the fan logs in for it."""
    width, height = SIZES[size]
    fan = chromium.new_context(viewport={"width": width, "height": height}, user_agent=PEOPLE, locale="en-GB")
    page = fan.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tall Ships")
    page.get_by_role("link", name=re.compile("^Give €7")).click()
    assert fan.cookies() == []
    page.get_by_role("button", name="Pay").click()
    page.wait_for_load_state()
    if "/login" in page.url:
        page.get_by_label("Login name").fill("aoife")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name=re.compile("practice card")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Thank you"))
    fan.close()


def test_the_same_on_a_server_not_written_by_us(live: Live, page: Page) -> None:
    """mastodon_mock in place of the practice server: connect, announce, one status there, its link opens the release page."""
    sign_up(live, page)
    rehearse(live, page)
    with mock_mastodon() as server:
        parts = urlsplit(server)
        with live.runtime.session() as session:
            artist = session.exec(select(Artist).where(Artist.badge != "")).one()
            assert artist.id is not None
            session.add(Admission(artist_id=artist.id, host=parts.hostname or "", port=parts.port or 0))
        page.goto("/connections/mastodon")
        page.get_by_label("Server or full name").fill(parts.netloc)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("link", name=re.compile("^Continue to")).click()
        page.locator("button, input[type=submit]").first.click()
        page.wait_for_url("**/connections/accounts/*")
        expect(page.get_by_role("heading", level=1)).to_contain_text("@alice")
        page.goto("/releases")
        page.get_by_role("link", name="Tall Ships").first.click()
        page.get_by_role("button", name="Announce it").click()
        page.locator("label.account", has_text="@alice").get_by_role("checkbox").check()
        page.locator("label.account", has_text="@you").get_by_role("checkbox").uncheck()
        page.get_by_role("button", name="Post now").click()
        page.wait_for_url("**/posts/*")
        for _ in range(4):
            live.work()
            time.sleep(0.7)
        again(page)
        expect(page.get_by_role("main")).to_contain_text("It is out")
        expect(page.get_by_role("main")).to_contain_text("Looked again: it is there")
        link = re.findall(r"http://127\S+/l/\w+", page.get_by_role("main").inner_text())[0]
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tall Ships")
