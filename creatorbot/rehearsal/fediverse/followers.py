"""The followers' servers: a dozen named hosts that fetch a new post's first link, each as its software really does.

Only links to this machine are ever fetched. A host's requests come from an address of its own (127.0.0.x) where the system allows it.
"""

import http.client
import random
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.state import Row
from creatorbot.rehearsal.world import World

PAGE_BYTES, IMAGE_BYTES, SECONDS, HOPS = 1_000_000, 8_000_000, 5.0, 3


@dataclass(frozen=True)
class Server:
    """One server of the network. agent: as it names itself for pages; image_agent: for pictures ("" when it takes none)."""

    host: str
    software: str
    agent: str
    image_agent: str = ""
    head_first: bool = False
    hops: int = HOPS
    headers: tuple[tuple[str, str], ...] = ()


def _mastodon(host: str, version: str) -> Server:
    agent = f"Mastodon/{version} (http.rb/5.3.1; +https://{host}/)"
    return Server(host, "mastodon", f"{agent} Bot", agent, headers=(("Accept-Encoding", "gzip"),))


def _older_mastodon(host: str, version: str) -> Server:
    agent = f"http.rb/5.1.1 (Mastodon/{version}; +https://{host}/)"
    return Server(host, "mastodon", f"{agent} Bot", agent, headers=(("Accept-Encoding", "gzip"),))


OWN = _mastodon("practice.example", "4.5.3")
SERVERS = (
    _mastodon("harbour.example", "4.5.3"),
    _mastodon("choir.example", "4.4.8"),
    _mastodon("lighthouse.example", "4.6.5"),
    _mastodon("fiddle.example", "4.3.14"),
    _mastodon("tea.example", "4.7.4+glitch"),
    _older_mastodon("oldtown.example", "4.2.20"),
    Server("bakery.example", "akkoma", "Akkoma 3.15.2-0-gdeadbee; https://bakery.example <admin@bakery.example>; Bot", head_first=True),
    Server("orchard.example", "pleroma", "Pleroma 2.7.0; https://orchard.example <admin@orchard.example>; Bot", head_first=True),
    Server("village.example", "friendica", "Friendica/2024.12 DatabaseVersion/1576 Request/SiteInfo/1 +https://village.example"),
    Server("comet.example", "misskey", "SummalyBot/5.2.5", hops=0),
    Server("library.example", "lemmy", "Lemmy/0.19.12; +https://library.example", hops=1, headers=(("Range", "bytes=0-1048575"),)),
    _older_mastodon("tram.example", "4.1.25"),
)


class CardTags(HTMLParser):
    """The tags a card is made of, from a page's head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a meta tag, or that a title begins."""
        values = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and "title" not in self.found
        if tag == "meta":
            self.found.setdefault(values.get("property") or values.get("name", ""), values.get("content", ""))

    def handle_data(self, data: str) -> None:
        """The title's words."""
        if self._in_title:
            self.found["title"] = self.found.get("title", "") + data.strip()

    def handle_endtag(self, tag: str) -> None:
        """The title ends."""
        self._in_title = False


@dataclass
class Card:
    """What one server saw behind a link. code 0: it could not be reached."""

    code: int = 0
    title: str = ""
    description: str = ""
    image: bytes | None = None
    image_alt: str = ""
    path: list[str] = field(default_factory=list)


def is_on_this_machine(address: str) -> bool:
    """Whether a link may be fetched at all: plain http, and a loopback address or "localhost"."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _port = parts.port
        return parts.scheme == "http" and parts.username is None and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _request(method: str, address: str, agent: str, accept: str, server: Server, limit: int) -> tuple[int, str, str, bytes]:
    """One request without following anything: status, type, location, body (cut at `limit` bytes). Raises OSError, HTTPException."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    sender = (f"127.0.0.{20 + SERVERS.index(server)}", 0) if server in SERVERS and ":" not in host else None
    try:
        return _asked(http.client.HTTPConnection(host, port, SECONDS, sender), method, address, agent, accept, server, limit)
    except OSError as why:
        if sender is None or why.errno not in (49, 99):  # EADDRNOTAVAIL: this system has one loopback address only
            raise
        return _asked(http.client.HTTPConnection(host, port, SECONDS), method, address, agent, accept, server, limit)


def _asked(
    connection: http.client.HTTPConnection, method: str, address: str, agent: str, accept: str, server: Server, limit: int
) -> tuple[int, str, str, bytes]:
    parts = urlsplit(address)
    try:
        connection.request(
            method,
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            headers={"User-Agent": agent, "Accept": accept, **dict(server.headers)},
        )
        answer = connection.getresponse()
        body = b"" if method == "HEAD" else answer.read(limit)
        if answer.getheader("Content-Encoding") == "gzip":
            body = zlib.decompressobj(31).decompress(body, limit)
        return answer.status, answer.getheader("Content-Type", ""), answer.getheader("Location", ""), body
    finally:
        connection.close()


def fetch_card(address: str, server: Server) -> Card:
    """What this server makes of a link."""
    card = Card()
    try:
        for _hop in range(server.hops + 1):
            if not is_on_this_machine(address):
                return card
            if server.head_first:
                _request("HEAD", address, server.agent, "*/*", server, 0)
            card.code, kind, onward, body = _request("GET", address, server.agent, "text/html", server, PAGE_BYTES)
            if card.code not in (301, 302, 303, 307, 308) or not onward:
                break
            address = urljoin(address, onward)
        if card.code in (200, 206) and kind.startswith("text/html"):
            _read(card, body.decode("utf-8", "replace"), address, server)
    except (OSError, http.client.HTTPException, zlib.error, ValueError):
        return card
    return card


def _read(card: Card, html: str, address: str, server: Server) -> None:
    tags = CardTags()
    tags.feed(html)
    found = tags.found
    card.title = (found.get("og:title") or found.get("title", "")).strip()[:300]
    card.description = (found.get("og:description") or found.get("description", "")).strip()[:600]
    card.image_alt = found.get("og:image:alt", "").strip()[:1500]
    picture = urljoin(address, found.get("og:image", ""))
    if server.image_agent and found.get("og:image") and is_on_this_machine(picture):
        code, kind, _onward, body = _request("GET", picture, server.image_agent, "image/*", server, IMAGE_BYTES)
        card.image = body if code == 200 and kind.split(";")[0] in ("image/jpeg", "image/png", "image/gif", "image/webp") else None


def watch(world: World) -> None:
    """Until the end: fetch the links of new public posts, our own server at once, the others within two seconds."""
    with ThreadPoolExecutor(4, thread_name_prefix="followers") as crew:
        while not world.ended.is_set():
            world.more_work.clear()
            for row in _waiting(world):
                _send_round(world, row, crew)
            world.more_work.wait()


def _send_round(world: World, row: Row, crew: ThreadPoolExecutor) -> None:
    """Let every server know of one post."""
    address = first_link(world, row)
    if address:
        _keep(world, row["id"], OWN, fetch_card(address, OWN))
        for place, server in enumerate(random.sample(SERVERS, len(SERVERS))):
            crew.submit(_visit, world, row["id"], address, server, place)
    world.state.do("UPDATE status SET previewed = 1 WHERE id = ?", row["id"])


def _waiting(world: World) -> list[Row]:
    return world.state.rows("SELECT * FROM status WHERE NOT previewed AND NOT deleted AND reblog_of IS NULL ORDER BY id")


def first_link(world: World, row: Row) -> str:
    """The link that is previewed: the first one, of a post for everybody and without pictures; "" when there is none."""
    addresses = [one for one in text.links(row["text"]) if is_on_this_machine(one)]
    pictures = world.state.number("SELECT count(*) FROM media WHERE status_id = ?", row["id"])
    return addresses[0] if addresses and not pictures and row["visibility"] in ("public", "unlisted") else ""


def _visit(world: World, status_id: int, address: str, server: Server, place: int) -> None:
    """One follower's server, after a moment of its own."""
    if world.ended.wait(random.random() * 0.3 if place else 0):
        return
    _keep(world, status_id, server, fetch_card(address, server))


def _keep(world: World, status_id: int, server: Server, card: Card) -> None:
    world.state.do(
        "INSERT OR REPLACE INTO preview VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        status_id,
        server.host,
        server.software,
        card.code,
        card.title,
        card.description,
        card.image,
        card.image_alt,
        world.state.now(),
    )
