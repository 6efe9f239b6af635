"""A real browser on the release page: what a shop learns when its button is pressed, and that the page is whole and accessible."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from creatorbot.links.totals import totals_of
from creatorbot.models import Link
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from jobs import drain_visits
from tests.links import rows
from tests.servers.door import nobody_home


class Shop(ThreadingHTTPServer):
    """A shop on another origin that remembers who sent its visitors."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ShopPage)
        self.referrers: list[str] = []


class ShopPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Shop)
        if self.path == "/album/tall-ships":
            self.server.referrers.append(self.headers.get("Referer", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>The shop</title>")

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def link(runtime: Runtime, shop: Shop) -> Link:
    artist_id = rows.make_artist(runtime)
    url = f"http://127.0.0.1:{shop.server_address[1]}/album/tall-ships"
    return rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id, url=url))


@pytest.fixture
def ours(runtime: Runtime) -> Iterator[str]:
    front = FrontDoor(nobody_home, runtime)
    with make_server("127.0.0.1", 0, front, server_class=Server, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
    front.stop()


def test_the_shop_sees_the_address_of_our_page_and_we_see_a_person(
    runtime: Runtime, chromium: Browser, shop: Shop, link: Link, ours: str
) -> None:
    with chromium.new_context(java_script_enabled=False, user_agent=rows.CHROME) as context:
        page = context.new_page()
        page.goto(f"{ours}/l/{link.code}")
        page.get_by_role("link", name="Get it on 127.0.0.1").click()
        page.wait_for_url("**/album/tall-ships")
        assert shop.referrers == [f"{ours}/l/{link.code}"]
        assert context.cookies() == []
    drain_visits.run(runtime, runtime.clock())
    with runtime.reading() as session:
        assert link.id is not None
        totals = totals_of(session, [link.id])[link.id]
    assert (totals.people, totals.person, totals.presses) == (1, 1, 1)


@pytest.mark.parametrize("width", [390, 820, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(chromium: Browser, link: Link, ours: str, width: int, scheme: str) -> None:
    with chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        blocked: list[str] = []
        page.on("console", lambda message: blocked.append(message.text))
        page.goto(f"{ours}/l/{link.code}")
        page.get_by_text("What we count").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("getComputedStyle(document.querySelector('.button.go')).borderRadius") == "999px", "the style sheet arrived"
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not [text for text in blocked if "favicon" not in text and "404" not in text]
