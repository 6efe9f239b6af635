"""A web server in front of ours, doing to requests what nginx, Apache or Caddy do with the lines that docs/howto/own-domain.md gives."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

Fields = list[tuple[str, str]]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "howto" / "own-domain.md"
OURS = "127.0.0.1:8080"  # as it stands in the document


def lines_for(name: str) -> list[str]:
    """The configuration the document gives for this web server."""
    text = DOCUMENT.read_text(encoding="utf-8")
    found = re.search(rf"\*\*{name}\*\*.*?```\n(.*?)```", text, re.DOTALL)
    assert found, f"the document says nothing of {name}"
    return [line.strip().rstrip(";") for line in found[1].splitlines()]


def nginx(fields: Fields, lines: list[str], visitor: str) -> Fields:
    """Underscores are dropped; a field that is set takes the place of the one that was sent; one set to nothing is not handed on."""
    kept = [(name, value) for name, value in fields if "_" not in name]
    sent = {name.lower(): value for name, value in kept}
    before = sent.get("x-forwarded-for", "")
    known = {
        "$http_host": sent["host"],
        "$proxy_add_x_forwarded_for": f"{before}, {visitor}" if before else visitor,
        "$scheme": "https",
        '""': "",
    }
    kept = [(name, value) for name, value in kept if name.lower() != "host"]
    put = {"Host": OURS, **{name: known[value] for name, value in _told(lines, r"proxy_set_header (\S+) (\S+)")}}
    return [(n, v) for n, v in put.items() if v] + [(n, v) for n, v in kept if n.lower() not in {one.lower() for one in put}]


def apache(fields: Fields, lines: list[str], visitor: str) -> Fields:
    """What is unset goes, what is set is set; then the visitor's address and the name are added to what was sent."""
    gone = {name.lower() for (name,) in _told(lines, r"RequestHeader unset (\S+)")}
    put = dict(_told(lines, r'RequestHeader set (\S+) "(.*)"'))
    kept = [(name, value) for name, value in fields if name.lower() not in gone | {one.lower() for one in put}]
    host = next(value for name, value in kept if name.lower() == "host")
    for name, value in (("X-Forwarded-For", visitor), ("X-Forwarded-Host", host)):
        if any(n.lower() == name.lower() for n, _ in kept):
            kept = [(n, f"{v}, {value}" if n.lower() == name.lower() else v) for n, v in kept]
        else:
            kept.append((name, value))
    if "ProxyPreserveHost On" not in lines:
        kept = [(n, OURS if n.lower() == "host" else v) for n, v in kept]
    return kept + list(put.items())


def caddy(fields: Fields, lines: list[str], visitor: str) -> Fields:
    """What a visitor says of themselves is not handed on; Go sends fields in the order of their names."""
    patterns = [pattern.lower() for (pattern,) in _told(lines, r"request_header -(\S+)")]
    kept = [(n, v) for n, v in fields if not any(fnmatchcase(n.lower(), pattern) for pattern in patterns)]
    host = next(value for name, value in kept if name.lower() == "host")
    own = {"X-Forwarded-For": visitor, "X-Forwarded-Proto": "https", "X-Forwarded-Host": host}
    return sorted([*own.items(), *((n, v) for n, v in kept if n.lower() not in {one.lower() for one in own})])


KINDS: dict[str, Callable[[Fields, list[str], str], Fields]] = {"nginx": nginx, "Apache": apache, "Caddy": caddy}


@contextmanager
def in_front_of(application: WSGIApplication, kind: str, visitor: str, without: str = "") -> Iterator[int]:
    """The port of such a web server, with this application behind it. visitor: where its visitors come from. without: lines left out."""
    lines = [line for line in lines_for(kind) if not without or without not in line]

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behind = HTTPConnection("127.0.0.1", ours.server_port, timeout=10)
            behind.putrequest("GET", self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in KINDS[kind](list(self.headers.items()), lines, visitor):
                behind.putheader(name, value)
            behind.endheaders()
            answer = behind.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "date", "server"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            behind.close()

        def log_message(self, *_args: object) -> None:
            pass

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

    with WSGIServer(("127.0.0.1", 0), Quiet) as ours, ThreadingHTTPServer(("127.0.0.1", 0), Front) as front:
        ours.set_app(application)
        threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}) for server in (ours, front)]
        for thread in threads:
            thread.start()
        try:
            yield front.server_port
        finally:
            for server in (front, ours):
                server.shutdown()
            for thread in threads:
                thread.join()


def _told(lines: list[str], pattern: str) -> list[tuple[str, ...]]:
    found = (re.fullmatch(pattern, line) for line in lines)
    return [match.groups() for match in found if match]
