"""A server that plays thousands of sources, each a host of its own (127.0.x.y). Keep-alive, ETag, Last-Modified. Started as a process."""

import selectors
import socket
import sys
from contextlib import suppress
from functools import lru_cache

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


class Connections:
    """All connections. GET / is the feed of the host asked for; /set/<validators>/<version>/<every> changes all."""

    def __init__(self, listener: socket.socket) -> None:
        self._state, self._listener = State(), listener
        self._selector = selectors.DefaultSelector()
        self._got: dict[socket.socket, tuple[int, bytes]] = {}
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until whoever started us is gone."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj is sys.stdin:
                    return
                else:
                    self._read(key.fileobj)  # type: ignore[arg-type]

    def _accept(self) -> None:
        with suppress(BlockingIOError):
            for _ in range(64):
                connection, peer = self._listener.accept()
                if not peer[0].startswith("127."):
                    connection.close()
                    continue
                self._got[connection] = (number_of(connection.getsockname()[0]), b"")
                self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection: socket.socket) -> None:
        number, got = self._got[connection]
        try:
            data = connection.recv(65536)
            got += data
            while b"\r\n\r\n" in got:
                request, got = got.split(b"\r\n\r\n", 1)
                connection.sendall(self._answer(number, request))
        except OSError:
            data = b""
        if data:
            self._got[connection] = (number, got)
        else:
            self._selector.unregister(connection)
            del self._got[connection]
            connection.close()

    def _answer(self, number: int, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1]
        if path.startswith(b"/set/"):
            validators, version, every = (int(part) for part in path.split(b"/")[2:5])
            self._state.validators, self._state.version, self._state.every = bool(validators), version, every
            return b"HTTP/1.1 204 No Content\r\n\r\n"
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


def main() -> None:
    """Serve on a free port, which is printed."""
    with socket.create_server(("0.0.0.0", 0), backlog=2048) as listener:
        listener.settimeout(0)
        print(listener.getsockname()[1], flush=True)
        Connections(listener).serve()


if __name__ == "__main__":
    main()
