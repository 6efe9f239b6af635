"""A server that plays thousands of sources, each a host of its own (127.0.x.y). Keep-alive, ETag, Last-Modified. Started as a process."""

import asyncio
import sys
from functools import lru_cache
from ipaddress import ip_address

ITEMS = 20
_MARK = b"@@"
_WORDS = [
    "tape",
    "loop",
    "field",
    "organ",
    "cello",
    "rain",
    "harbour",
    "night",
    "winter",
    "silver",
    "slow",
    "light",
    "river",
    "stone",
    "paper",
    "northern",
    "hollow",
    "quiet",
    "long",
]
_ITEM = """<item><title>{title} @@/{number}</title><link>http://artist-@@.example/releases/{number}</link>
<guid isPermaLink="false">urn:source-@@:{number}</guid><pubDate>{day:02d} Oct 2026 10:{number:02d}:00 +0000</pubDate>
<description><![CDATA[<p>{text}</p><p>Pay what you want at <a href="http://artist-@@.example/releases/{number}">our page</a>,
<em>from today</em>. <img src="http://artist-@@.example/covers/{number}.jpg" alt="cover"/></p>]]></description>
<category>ambient</category><category>field recording</category>
<enclosure url="http://artist-@@.example/audio/{number}.mp3" length="3456789" type="audio/mpeg"/></item>
"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Artist @@</title><link>http://artist-@@.example/</link>
<description>All releases of artist @@</description><language>en</language><generator>bench</generator>
"""


def place(number: int) -> str:
    """The address of this source's host: 127.1.0.1 and so on, 250 to a net."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def number_of(host: str) -> int:
    """Which source lives at this address."""
    first, second, third = (int(part) for part in host.split(".")[1:])
    return (first - 1) * 62_500 + second * 250 + third - 1


@lru_cache(maxsize=8)
def _template(version: int) -> bytes:
    items = []
    for number in range(ITEMS + version, version, -1):  # each version has one more, and the oldest falls off
        words = [_WORDS[(number * step + step) % len(_WORDS)] for step in range(1, 41)]
        title, text = " ".join(words[:4]).title(), " ".join(words).capitalize() + "."
        items.append(_ITEM.format(title=title, number=number, day=1 + number % 28, text=text * 2))
    return (_HEAD + "".join(items) + "</channel></rss>").encode()


class State:
    """What the benchmark has set: whether answers carry validators, and every how manyth source is how many versions further."""

    validators = True
    version = 0
    every = 1


def version_of(number: int, state: State) -> int:
    """How many items this source has published since the beginning."""
    return state.version if number % state.every == 0 else 0


class Connection(asyncio.Protocol):
    """One connection: GET / is the feed of the host asked for; /set/<validators>/<version>/<every> changes all."""

    def __init__(self, state: State) -> None:
        self._state, self._got, self._transport = state, b"", asyncio.Transport()
        self._host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Loopback only."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        if not ip_address(transport.get_extra_info("peername")[0]).is_loopback:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._got += data
        while b"\r\n\r\n" in self._got:
            request, self._got = self._got.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1]
        if path.startswith(b"/set/"):
            validators, version, every = (int(part) for part in path.split(b"/")[2:5])
            self._state.validators, self._state.version, self._state.every = bool(validators), version, every
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        number = number_of(self._host)
        version = version_of(number, self._state)
        tag = b'"%d-%d"' % (number, version)
        if not self._state.validators:
            return _whole(number, version, b"")
        told = b"ETag: %s\r\nLast-Modified: Fri, 06 Nov 2026 09:%02d:00 GMT\r\n" % (tag, version)
        if b"if-none-match: " + tag in request.lower():
            return b"HTTP/1.1 304 Not Modified\r\n" + told + b"\r\n"
        return _whole(number, version, told)


def _whole(number: int, version: int, told: bytes) -> bytes:
    body = _template(version).replace(_MARK, b"%d" % number)
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n%sContent-Length: %d\r\n\r\n%s" % (told, len(body), body)


async def _serve() -> None:
    state = State()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(state), "0.0.0.0", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started us is gone


if __name__ == "__main__":
    asyncio.run(_serve())
