"""A real browser on the release page: what a shop learns when its button is pressed, and that the page is whole and accessible."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser

from creatorbot.links.codes import new_link
from creatorbot.links.totals import totals_of
from creatorbot.models import Link, Release
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from jobs import drain_visits
from tests.browser.conftest import look
from tests.links import rows
from tests.servers.door import nobody_home


class Shop(ThreadingHTTPServer):
    """A shop on another origin that remembers who sent its visitors."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ShopPage)
        self.referrers: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


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


def test_the_pages_fit_and_are_accessible(runtime: Runtime, chromium: Browser, shop: Shop, link: Link, ours: str) -> None:
    far = "https://player.example.org/album=42"  # the browser is given a page for it: nothing here leaves the machine
    with runtime.session() as session:
        new_link(session, artist_id=link.artist_id, release_id=None, kind="page", now=runtime.clock())
        release = session.get_one(Release, link.release_id)
        release.player_url, release.description, release.state = far, "Recorded in a barn. " * 60, "announced"
    sound = rows.make_release(runtime, link.artist_id, title="Small Boats", state="announced", audio_url=f"{shop.origin}/a.mp3")
    paths = {
        "release": f"/l/{link.code}",
        "artist": "/@aoife",
        "player": f"/l/{link.code}/play",
        "sound": f"/l/{link.code}.{sound}/play",
        "embed": f"/l/{link.code}/embed",
    }
    with chromium.new_context() as context:
        page = context.new_page()
        blocked: list[str] = []
        page.on("console", lambda message: blocked.append(message.text))
        context.route(f"{far}**", lambda route: route.fulfill(body="<title>Player</title>", content_type="text/html"))
        for name, path in paths.items():
            page.goto(f"{ours}{path}")
            for summary in page.locator("summary").all():
                summary.click()
            if name != "artist":
                radius = "getComputedStyle(document.querySelector('.button.go')).borderRadius"
                assert page.evaluate(radius) == "999px", "the style sheet arrived"
            look(page, f"link-{name}")
        # axe itself talks to frames
        assert not [text for text in blocked if not any(known in text for known in ("favicon", "404", "postMessage"))]
