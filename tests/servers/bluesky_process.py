"""The small Bluesky as a process: how it is started, answered from, killed and started again; and the page its posts are read on."""

import html
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.servers.bluesky import DID, HANDLE, Asked, Bluesky, Json
from tests.servers.service import ROOT, free_port

NOT_DONE = {  # behaviours where the call is refused before anything is done: status, error, headers
    "refuse": (400, "InvalidRequest", {}),
    "busy": (429, "RateLimitExceeded", {"ratelimit-limit": "30", "ratelimit-remaining": "0"}),
    "trouble": (503, "UpstreamFailure", {}),
    "swap": (400, "InvalidSwap", {}),
    "expired": (400, "ExpiredToken", {}),
    "large": (413, "PayloadTooLarge", {}),
}


class Handler(BaseHTTPRequestHandler):
    """Every call, with what is to go wrong with it."""

    protocol_version = "HTTP/1.1"
    world: Bluesky

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, body)
        if parts.path == "/.well-known/atproto-did":
            return self._send(200, DID.encode() if headers.get("host") == HANDLE else b"", "text/plain")
        if parts.path.startswith("/profile/"):
            return self._send(200, page(self.world).encode(), "text/html; charset=utf-8")
        fault = None if parts.path.startswith("/practice/") else self.world.fault(parts.path.removeprefix("/xrpc/"))
        behaviour = fault["behaviour"] if fault else ""
        if behaviour in NOT_DONE:
            status, error, more = NOT_DONE[behaviour]
            if behaviour == "busy":
                more = {**more, "ratelimit-reset": str(int(time.time()) + 90)}
            return self._send(status, json.dumps({"error": error, "message": f"Told to {behaviour}"}).encode(), headers=more)
        if behaviour != "dropped":
            status, told = self.world.answer(asked)
            if not behaviour:
                return self._send(status, json.dumps(told).encode())
        if behaviour == "dies":
            os._exit(1)
        if behaviour == "gateway":
            return self._send(504, b"<h1>Gateway time-out</h1>", "text/html")
        if behaviour == "garbage":
            return self._send(200, b"<h1>Welcome</h1>", "text/html")
        self.close_connection = True  # "lost" and "dropped": the end of the connection is all that comes back
        self.connection.shutdown(socket.SHUT_RDWR)
        return None

    def _send(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def page(world: Bluesky) -> str:
    """The posts as followers read them."""
    there = [one for _, one in sorted(world.records.items(), reverse=True) if not one["deleted"]]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Aoife Marsh</title><main><h1>Aoife Marsh</h1>"
        f"{''.join(_article(one['value']) for one in there)}</main></html>"
    )


def _article(record: Json) -> str:
    text, out, at = record["text"].encode(), "", 0
    for facet in record.get("facets", []):
        begins, ends = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        to = facet["features"][0].get("uri") or f"/hashtag/{facet['features'][0].get('tag')}"
        out += html.escape(text[at:begins].decode()) + f'<a href="{html.escape(to)}">{html.escape(text[begins:ends].decode())}</a>'
        at = ends
    out += html.escape(text[at:].decode())
    embed = record.get("embed", {})
    card = embed.get("external")
    if card:
        out += (
            f'<aside><a href="{html.escape(card["uri"])}">{html.escape(card["title"])}</a><p>{html.escape(card["description"])}</p></aside>'
        )
    for image in embed.get("images", []):
        out += f'<img alt="{html.escape(image["alt"])}" src="data:,">'
    return f'<article class="post" style="white-space:pre-wrap">{out}</article>'


def serve(folder: Path, port: int, also: list[str]) -> None:
    """Until killed. also: a port for TLS, certificate, key, and the address of the account's server; or nothing."""
    world = Bluesky(folder, also[3] if also else f"http://127.0.0.1:{port}")
    handler = type("Bound", (Handler,), {"world": world})
    plain = ThreadingHTTPServer(("127.0.0.1", port), handler)
    if also:
        secure = ThreadingHTTPServer(("127.0.0.1", int(also[0])), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(also[1], also[2])
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        threading.Thread(target=secure.serve_forever, daemon=True).start()
    print("ready", flush=True)
    plain.serve_forever()


@dataclass
class Running:
    """One that runs. url: its plain address. tls_port: where it speaks TLS, 0 for nowhere."""

    folder: Path
    port: int
    arguments: tuple[str, ...] = ()
    tls_port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        """The account's server, the directory and everything else."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again: it knows what it knew."""
        argv = [sys.executable, "-m", "tests.servers.bluesky_process", str(self.folder), str(self.port), *self.arguments]
        self.process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        """Kill it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def fault(self, behaviour: str, call: str = "com.atproto.repo.createRecord", times: int = 1) -> None:
        """Order something to go wrong with the next calls of this name."""
        self._tell("faults", {"behaviour": behaviour, "call": call, "times": times})

    def set(self, **what: object) -> None:
        """Change what is so there: password, status, home, says_exists, expire, counts, reposted_by, replies."""
        self._tell("set", what)

    def state(self) -> Json:
        """What really stands there."""
        with urllib.request.urlopen(f"{self.url}/practice/state", timeout=10) as answer:
            found: Json = json.loads(answer.read())
        return found

    @property
    def records(self) -> dict[str, Json]:
        """The posts there, by record key."""
        found: dict[str, Json] = self.state()["records"]
        return found

    def _tell(self, what: str, given: Json) -> None:
        asked = urllib.request.Request(f"{self.url}/practice/{what}", json.dumps(given).encode(), method="POST")
        urllib.request.urlopen(asked, timeout=10).close()


@contextmanager
def bluesky(folder: Path, tls: tuple[Path, Path] | None = None, here: str = "") -> Iterator[Running]:
    """One account, aoife.bsky.example. tls: a certificate and its key. here: the address of her server, if another than the plain one."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Running(folder, free_port())
    if tls is not None:
        running.tls_port = free_port()
        running.arguments = (str(running.tls_port), str(tls[0]), str(tls[1]), here)
    running.start()
    try:
        yield running
    finally:
        running.stop()


if __name__ == "__main__":
    where, port, *secure = sys.argv[1:]
    serve(Path(where), int(port), secure)
