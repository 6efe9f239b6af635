"""Handing a page over from the artist's own browser: the bookmark button on another site, and back here to say yes."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Source
from tests.browser.conftest import Live, look
from tests.servers.scripted import answer, scripted
from tests.web.desk import House, open_house

SHOP = """<!doctype html><html><head><title>Music | Aoife</title><meta name="generator" content="Bandcamp"></head><body>
<ol id="music-grid" class="music-grid">
<li data-item-id="album-1"><a href="/album/tall-ships"><p class="title">Tall Ships</p></a></li>
<li data-item-id="album-2"><a href="/album/low-water"><p class="title">Low Water</p></a></li></ol></body></html>"""


@pytest.fixture
def house(live: Live, page: Page) -> House:
    """A house on the running service; the page is its owner's."""
    made = open_house(live.runtime)
    cookie = made.browser().client.get_cookie("creatorbot")
    assert cookie is not None
    page.context.add_cookies([{"name": "creatorbot", "value": cookie.value, "url": live.url, "sameSite": "Lax"}])
    return made


def test_the_page_that_explains_it(house: House, page: Page) -> None:
    page.goto("/connections/sources/by-hand")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand over a page yourself")
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    look(page, "by-hand")


def test_from_another_site_and_back(house: House, live: Live, page: Page) -> None:
    page.goto("/connections/sources/by-hand")
    button = page.locator("#bookmark").get_attribute("href") or ""
    with scripted() as shop:
        shop.on("GET", "/music", answer(200, SHOP, {"Content-Type": "text/html; charset=utf-8"}))
        page.goto(f"http://localhost:{shop.port}/music")  # another site than 127.0.0.1
        page.evaluate(unquote(button.removeprefix("javascript:")))
        page.wait_for_url("**/connections/sources/hand-over/*")
        expect(page.get_by_role("heading", level=1)).to_have_text("We read 2 releases")
        look(page, "handed-over")
        with live.runtime.reading() as session:
            assert session.exec(select(Source)).all() == []
        page.get_by_role("button", name="Add it").click()
        page.wait_for_url("**/connections/sources/*")
        expect(page.get_by_text("Tall Ships").first).to_be_visible()
