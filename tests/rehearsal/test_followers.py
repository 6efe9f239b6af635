"""The followers' servers: who fetches a post's link, how, and the card that is made of it."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import requests

from creatorbot.rehearsal.covers import cover
from creatorbot.rehearsal.fediverse.followers import OWN, SERVERS, fetch_card, is_on_this_machine

from .conftest import Client

PAGE = """<!DOCTYPE html><html><head><title>Plain title</title><meta property="og:title" content="Tall Ships &amp; more">
<meta property="og:description" content="Eight tunes"><meta property="og:image" content="/cover.jpg">
<meta property="og:image:alt" content="Two ships at night"></head><body>Hello</body></html>"""


class Site(http.server.ThreadingHTTPServer):
    """A page server that remembers its requests: method, path, user agent, sender."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, str, str]] = []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves one page, one picture and one redirect."""

    server: Site

    def do_GET(self) -> None:
        self.server.seen.append((self.command, self.path, self.headers["User-Agent"], self.client_address[0]))
        kind, body = ("image/jpeg", cover("x", 150)) if self.path == "/cover.jpg" else ("text/html; charset=utf-8", PAGE.encode())
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/l/abc")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body if self.command == "GET" else b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def until(what: Callable[[], bool]) -> None:
    """Wait for something that happens in the background; gives up after ten seconds."""
    pause = threading.Event()
    for _ in range(200):
        if what():
            return
        pause.wait(0.05)
    raise AssertionError("it did not happen")


def previews(client: Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = requests.get(f"{client.base}/practice/statuses", timeout=5).json()["statuses"][-1]["previews"]
    return found


def test_a_dozen_servers_fetch_the_link_of_a_public_post(client: Client, site: Site) -> None:
    answer = client.post(f"Out now {site.base}/l/abc and {site.base}/second").json()
    until(lambda: len(previews(client)) == len(SERVERS) + 1)
    pages = [(agent, sender) for method, path, agent, sender in site.seen if (method, path) == ("GET", "/l/abc")]
    assert {agent for agent, _sender in pages} == {server.agent for server in (OWN, *SERVERS)}
    assert not [path for _method, path, _agent, _sender in site.seen if path == "/second"]
    assert all(agent.endswith(" Bot") for agent, _ in pages if "Mastodon" in agent)
    pictures = [agent for _method, path, agent, _sender in site.seen if path == "/cover.jpg"]
    assert pictures
    assert not [agent for agent in pictures if agent.endswith("Bot") or "akkoma" in agent.lower()]
    assert len({agent for method, _path, agent, _sender in site.seen if method == "HEAD"}) == 2
    card = client.call("GET", f"/api/v1/statuses/{answer['id']}").json()["card"]
    assert (card["title"], card["description"], card["image_description"]) == ("Tall Ships & more", "Eight tunes", "Two ships at night")
    assert card["url"] == f"{site.base}/l/abc"
    assert requests.get(card["image"], timeout=5).content == cover("x", 150)
    shown = requests.get(client.base, timeout=5).text
    assert "Tall Ships &amp; more" in shown
    assert f"{len(SERVERS)} of {len(SERVERS)} followers’ servers have fetched the link" in shown


def test_posts_with_a_picture_private_posts_and_links_elsewhere_are_not_previewed(client: Client, site: Site) -> None:
    made = client.call("POST", "/api/v2/media", files={"file": ("c.jpg", cover("y", 150), "image/jpeg")}).json()
    client.call("POST", "/api/v1/statuses", data={"status": f"{site.base}/with-picture", "media_ids[]": made["id"]})
    client.post(f"{site.base}/private", visibility="private")
    client.post("https://example.com/elsewhere")
    client.post(f"{site.base}/public", visibility="unlisted")
    until(lambda: len(previews(client)) == len(SERVERS) + 1)
    assert {path for _method, path, _agent, _sender in site.seen} == {"/public", "/cover.jpg"}


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("http://127.0.0.1:8080/l/abc", True),
        ("http://localhost/l/abc", True),
        ("http://[::1]:80/x", True),
        ("https://127.0.0.1/x", False),
        ("http://example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://u:p@127.0.0.1/", False),
        ("http://127.0.0.1:99999/", False),
        ("file:///etc/passwd", False),
        ("http://[broken/", False),
    ],
)
def test_only_this_machine_is_ever_fetched(address: str, allowed: bool) -> None:
    assert is_on_this_machine(address) is allowed


def test_redirects_are_followed_as_each_software_does(site: Site) -> None:
    misskey = next(server for server in SERVERS if server.software == "misskey")
    assert fetch_card(f"{site.base}/moved", SERVERS[0]).title == "Tall Ships & more"
    assert fetch_card(f"{site.base}/moved", misskey).code == 302


def test_a_link_that_nobody_answers_does_no_harm(client: Client) -> None:
    client.post("http://127.0.0.1:9/nobody")
    until(lambda: len(previews(client)) == len(SERVERS) + 1)
    assert {one["code"] for one in previews(client)} == {0}
    assert client.post("still working").status_code == 200
