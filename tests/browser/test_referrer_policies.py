"""Which address a shop sees, by the policy of the page its visitor came from: what our links are built on, held in a real browser.

The table stands in docs/adr/0026-what-is-counted-how.md; when a browser changes its mind this says so.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser


class Site(ThreadingHTTPServer):
    """One origin. As a page: links to the shop under the policy its path names. As a shop: remembers who sent its visitors."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.shop = ""
        self.referrers: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        _, where, *rest = self.path.split("/")
        policy = rest[0] if rest else ""
        if where == "shop":
            self.server.referrers.append(self.headers.get("Referer", ""))
        self.send_response(303 if where == "on" else 200)
        if where in ("page", "on") and policy:
            self.send_header("Referrer-Policy", policy)
        if where == "on":
            self.send_header("Location", f"{self.server.shop}/shop")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        marked = ' referrerpolicy="unsafe-url"' if policy == "marked" else ""
        self.wfile.write(
            f'<a id="plain" href="{self.server.shop}/shop"{marked}>shop</a><a id="ours" href="/on/{policy}">by us</a>'.encode()
        )

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    with Site() as ours, Site() as shop:
        ours.shop = shop.origin
        for site in (ours, shop):
            threading.Thread(target=site.serve_forever, daemon=True).start()
        yield ours, shop
        for site in (ours, shop):
            site.shutdown()


@pytest.mark.parametrize(
    ("policy", "plain", "by_us"),
    [
        ("", "origin", "origin"),
        ("no-referrer", "", ""),
        ("same-origin", "", ""),
        ("origin", "origin", "origin"),
        ("strict-origin", "origin", "origin"),
        ("origin-when-cross-origin", "origin", "origin"),
        ("strict-origin-when-cross-origin", "origin", "origin"),
        ("no-referrer-when-downgrade", "page", "page"),
        ("unsafe-url", "page", "page"),
        ("marked", "page", "origin"),
    ],
)
def test_what_the_shop_learns(chromium: Browser, sites: tuple[Site, Site], policy: str, plain: str, by_us: str) -> None:
    ours, shop = sites
    page_address = f"{ours.origin}/page/{policy}"
    expected = {"": "", "origin": f"{ours.origin}/", "page": page_address}
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for name in ("#plain", "#ours"):
            page.goto(page_address)
            page.locator(name).click()
            page.wait_for_url("**/shop")
    assert shop.referrers == [expected[plain], expected[by_us]]
