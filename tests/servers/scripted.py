"""A loopback server that answers by script, byte by byte where need be: it plays every bad day a real server can have."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it arrived. headers: lower-case names."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        """The body as a form."""
        return parse_qs(self.body.decode(), keep_blank_values=True)


Reply = Callable[[socket.socket, Asked, threading.Event], None]


def answer(status: int = 200, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> Reply:
    """A plain answer."""
    content = body.encode() if isinstance(body, str) else body

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        given = {"Content-Length": str(len(content)), "Connection": "close"} | dict(headers or {})
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
        connection.sendall(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content)

    return send


def data(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    return answer(status, json.dumps(value), {"Content-Type": "application/json"} | dict(headers or {}))


def page(status: int = 200) -> Reply:
    """An answer in HTML, such as a maintenance page."""
    return answer(status, "<!doctype html><title>Back soon</title><p>We are working on it.", {"Content-Type": "text/html"})


def moved(to: str, status: int = 302) -> Reply:
    """A redirect."""
    return answer(status, b"", {"Location": to})


def raw(content: bytes) -> Reply:
    """These bytes, then the end of the connection: cut bodies, nonsense."""

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        connection.sendall(content)

    return send


def reset() -> Reply:
    """Read the request, then break the connection without an answer."""

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return send


def silence() -> Reply:
    """Read the request and say nothing until the server is closed."""

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        closing.wait(30)

    return send


def drip(content: bytes, pause: float = 0.02) -> Reply:
    """One byte after the other, for ever so slowly."""

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        for at in range(len(content)):
            if closing.wait(pause):
                return
            connection.sendall(content[at : at + 1])

    return send


def flood(megabytes: int, headers: str = "") -> Reply:
    """Very many bytes."""

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}\r\n".encode())
        for _ in range(megabytes):
            connection.sendall(b"x" * 1_000_000)

    return send


@dataclass
class Scripted:
    """on(): what to answer. Several replies are given in turn, the last one again and again. asked: what arrived."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    _replies: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)
    _closing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def place(self) -> frozenset[tuple[str, int]]:
        """What a door must admit to reach it."""
        return frozenset({("127.0.0.1", self.port)})

    def on(self, method: str, path: str, *replies: Reply) -> None:
        """Answer this method and path so."""
        self._replies[method, path] = list(replies)

    def times(self, method: str, path: str) -> int:
        """How often this was asked."""
        return sum((one.method, one.path) == (method, path) for one in self.asked)

    def _reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            replies = self._replies.get((asked.method, asked.path)) or self._replies.get((asked.method, "*"))
            if not replies:
                return data({"error": "Record not found"}, 404)
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def _serve(self, accepted: socket.socket) -> None:
        try:
            connection = self.tls.wrap_socket(accepted, server_side=True) if self.tls else accepted
            with connection, connection.makefile("rb") as stream:
                asked = _read(stream)
                if asked:
                    self._reply(asked)(connection, asked, self._closing)
        except OSError:
            return

    def _listen(self, listener: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()


def _read(stream: BinaryIO) -> Asked | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 2:
        return None
    headers = {}
    while header := stream.readline().decode("latin-1").strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    parts = urlsplit(line[1])
    return Asked(line[0], parts.path, parse_qs(parts.query), headers, body)


@contextmanager
def scripted(tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """A scripted server on a free port, gone afterwards."""
    server = Scripted(tls=tls)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        threading.Thread(target=server._listen, args=(listener,), daemon=True).start()
        try:
            yield server
        finally:
            server._closing.set()
            listener.shutdown(socket.SHUT_RDWR)
