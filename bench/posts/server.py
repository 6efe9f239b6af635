"""A small server of the fediverse that loses answers to order, with a feed beside it. Many accounts, all in memory. Run as a process.

Control by POST /control with JSON, each field kept until changed: delay (s before each answer to a new post), keys ("same" or
"ignored"), lose ("every4", "one_in_ten" or ""), exactly ({"3": "executed_504"}: the third new post from now on), lag (s until a post
is listed), feed (its bytes as text), kind (its media type), seed. GET /control tells everything that was posted, GET /control/count how
many posts that are.
"""

import asyncio
import json
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import parse_qs, urlsplit

from bench.posts.shapes import Account, Status, account_json, instance_json, status_json

TROUBLES = ("executed_cut", "executed_504", "executed_html", "executed_slow", "cut", "not_executed_503", "busy")
SLOW_S = 1.5
BUSY_S = 1


@dataclass
class World:
    """Everything the server knows."""

    port: int = 0
    delay: float = 0.0
    keys: str = "same"
    lose: str = ""
    exactly: dict[str, str] = field(default_factory=dict)
    lag: float = 0.0
    feed: str = ""
    kind: str = "application/rss+xml"
    seed: int = 1
    statuses: list[Status] = field(default_factory=list)
    seen: dict[tuple[int, str], Status] = field(default_factory=dict)
    asked: int = 0
    conditional: int = 0
    fetched: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def set(self, given: dict[str, object]) -> None:
        """Change what is given; counting begins anew."""
        for name, value in given.items():
            setattr(self, name, value)
        self.asked, self.conditional, self.fetched = 0, 0, 0
        self.chance = random.Random(self.seed)

    def trouble(self) -> str:
        """What happens to this new post."""
        self.asked += 1
        if str(self.asked) in self.exactly:
            return self.exactly[str(self.asked)]
        if self.lose == "every4" and self.asked % 4 == 0:
            return "executed_cut"
        if self.lose == "one_in_ten" and self.chance.random() < 0.1:
            return self.chance.choice(TROUBLES)
        return ""

    def write(self, account: int, key: str, text: str, visibility: str) -> Status:
        """Store it, unless this key was seen and the server honours keys."""
        if key and self.keys == "same" and (account, key) in self.seen:
            return self.seen[account, key]
        status = Status(len(self.statuses) + 1, account, text, visibility or "public", time.time())
        self.statuses.append(status)
        self.seen[account, key] = status
        return status


@dataclass(frozen=True)
class Request:
    """One request, read. fields: of its form or JSON; lists keep their first entry."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    fields: dict[str, object]

    @property
    def account(self) -> int:
        """Whose permission it carries; 0 for nobody's."""
        name = self.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("permission-")
        return int(name) if name.isdigit() else 0


Answer = tuple[int, str, bytes, dict[str, str]]


class Cut(Exception):
    """The connection ends without an answer."""


def as_json(body: object, code: int = 200) -> Answer:
    """An answer in JSON."""
    return code, "application/json; charset=utf-8", json.dumps(body).encode(), {}


def as_page(code: int) -> Answer:
    """A page as proxies show it."""
    return code, "text/html", b"<!DOCTYPE html><title>Sorry</title><h1>We're sorry, but something went wrong.</h1>", {}


async def publish(world: World, request: Request) -> Answer:
    """A new post, as the order of the day has it."""
    trouble = world.trouble()
    if world.delay:
        await asyncio.sleep(world.delay)
    if trouble == "cut":
        raise Cut
    if trouble == "not_executed_503":
        return as_page(503)
    if trouble == "busy":
        code, kind, body, headers = as_json({"error": "Too many requests"}, 429)
        return code, kind, body, {**headers, "Retry-After": str(BUSY_S)}
    text, visibility = str(request.fields.get("status", "")), str(request.fields.get("visibility", ""))
    status = world.write(request.account, request.headers.get("idempotency-key", ""), text, visibility)
    if trouble == "executed_cut":
        raise Cut
    if trouble == "executed_504":
        return as_page(504)
    if trouble == "executed_html":
        return as_page(200)
    if trouble == "executed_slow":
        await asyncio.sleep(SLOW_S)
    return as_json(status_json(world.port, status))


def listed(world: World, request: Request, account: int) -> Answer:
    """An account's posts, newest first, in pages; what is younger than the lag is not there yet."""
    until, limit = int(request.query.get("max_id", 2**62)), min(40, int(request.query.get("limit", 20)))
    latest = time.time() - world.lag
    found = [one for one in reversed(world.statuses) if one.account == account and one.id < until and one.made <= latest]
    return as_json([status_json(world.port, one) for one in found[:limit]])


def feed(world: World, request: Request) -> Answer:
    """The feed, with both validators."""
    world.fetched += 1
    tag = f'"{blake2b(world.feed.encode(), digest_size=8).hexdigest()}"'
    world.conditional += "if-none-match" in request.headers
    if request.headers.get("if-none-match") == tag:
        return 304, world.kind, b"", {"ETag": tag}
    return 200, world.kind, world.feed.encode(), {"ETag": tag}


async def respond(world: World, request: Request) -> Answer:
    """What the server says to this request."""
    parts = request.path.strip("/").split("/")
    if request.path == "/control":
        if request.method == "POST":
            world.set(request.fields)
        told = [{"id": one.id, "account": one.account, "text": one.text, "made": one.made} for one in world.statuses]
        return as_json({"statuses": told, "fetched": world.fetched, "conditional": world.conditional, "asked": world.asked})
    if request.path == "/control/count":
        return as_json({"count": len(world.statuses)})
    if request.path.startswith("/feed"):
        return feed(world, request)
    if parts[:3] == ["api", "v1", "instance"] or parts[:3] == ["api", "v2", "instance"]:
        return as_json(instance_json(world.port))
    if parts[:3] == ["api", "v1", "accounts"] and len(parts) > 3:
        if not request.account:
            return as_json({"error": "The access token is invalid"}, 401)
        if parts[3] == "verify_credentials":
            return as_json(account_json(world.port, Account(request.account)))
        return listed(world, request, int(parts[3]))
    if parts[:3] == ["api", "v1", "statuses"]:
        if request.method == "POST":
            return await publish(world, request) if request.account else as_json({"error": "The access token is invalid"}, 401)
        found = [one for one in world.statuses if len(parts) > 3 and str(one.id) == parts[3]]
        return as_json(status_json(world.port, found[0])) if found else as_json({"error": "Record not found"}, 404)
    return as_json({"error": "Record not found"}, 404)


async def read(reader: asyncio.StreamReader) -> Request:
    """The next request of a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    address = urlsplit(target)
    if "json" in headers.get("content-type", ""):
        fields: dict[str, object] = json.loads(body or b"{}")
    else:
        fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    return Request(method, address.path, query, headers, fields)


async def serve_connection(world: World, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection until it ends."""
    with suppress(asyncio.IncompleteReadError, ConnectionError, Cut):
        while True:
            code, kind, body, headers = await respond(world, await read(reader))
            told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {code} Answer\r\nContent-Type: {kind}\r\n{told}Content-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
    writer.transport.abort()


async def serve() -> None:
    """On a free port of loopback, which is printed, until standard input ends."""
    world = World()
    server = await asyncio.start_server(lambda reader, writer: serve_connection(world, reader, writer), "127.0.0.1", 0)
    world.port = server.sockets[0].getsockname()[1]
    print(world.port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
