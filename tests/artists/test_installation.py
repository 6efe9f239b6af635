"""The public address: only a name reachable from anywhere, only used once it has answered with what only we can say."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from creatorbot.artists import installation
from creatorbot.config import Settings
from creatorbot.errors import InvalidInput
from creatorbot.models import Installation
from creatorbot.runtime import Runtime
from jobs import check_address
from tests.conftest import TestClock


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://music.example.org/", "https://music.example.org"),
        (" music.example.org ", "https://music.example.org"),
        ("https://music.example.org:443", "https://music.example.org"),
        ("https://music.example.org:8443", "https://music.example.org:8443"),
        ("HTTPS://Music.Example.ORG", "https://music.example.org"),
        ("", ""),
    ],
)
def test_addresses_are_tidied(typed: str, kept: str) -> None:
    assert installation.read_public_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://music.example.org",
        "https://localhost",
        "https://127.0.0.1",
        "https://10.0.0.3",
        "https://[::1]",
        "https://box.local",
        "https://music.example.org/path",
        "https://user@music.example.org",
        "https://music.example.org?x=1",
        "https://music",
        "ftp://music.example.org",
        "https://music.example.org:99999",
        "https://2130706433",
    ],
)
def test_what_nobody_could_reach_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        installation.read_public_url(typed)
    assert refused.value.field == "public_url"


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[int]:
    """A server on loopback that says this to everybody; its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def stand_in(runtime: Runtime, port: int) -> Runtime:
    """The runtime with the address kept as if it had been typed, and a door that reaches it."""
    with runtime.session() as session:
        row = installation.the_installation(session, runtime.clock())
        row.public_url, row.check_token = f"http://127.0.0.1:{port}", "token"
        session.add(row)
    return replace(runtime, door=runtime.door.admitting(frozenset({("127.0.0.1", port)})))


def row_of(runtime: Runtime) -> Installation:
    """The one row as it stands."""
    with runtime.reading() as session:
        return session.get_one(Installation, 1)


def test_our_own_answer_is_believed(runtime: Runtime) -> None:
    with answering(installation.answer_for("token", runtime.cookie_key).encode()) as port:
        assert installation.check_public_url(stand_in(runtime, port))
    assert row_of(runtime).public_answered_at == runtime.clock()
    assert row_of(runtime).public_sentence == ""


@pytest.mark.parametrize(("body", "status"), [(b"token", 200), (b"Welcome to my web server", 200), (b"", 404), (b"\xff\xfe", 200)])
def test_somebody_elses_answer_is_not(runtime: Runtime, body: bytes, status: int) -> None:
    with answering(body, status) as port:
        assert not installation.check_public_url(stand_in(runtime, port))
    assert row_of(runtime).public_answered_at is None
    assert "not this creatorbot" in row_of(runtime).public_sentence


def test_one_missed_answer_keeps_the_links_and_a_missed_day_does_not(runtime: Runtime, clock: TestClock) -> None:
    with answering(installation.answer_for("token", runtime.cookie_key).encode()) as port:
        there = stand_in(runtime, port)
        check_address.run(there, clock())
    clock.forward(hours=2)
    check_address.run(there, clock())
    assert row_of(runtime).public_answered_at is not None
    assert "Nobody answered" in row_of(runtime).public_sentence
    clock.forward(hours=23)
    assert check_address.run(there, clock()).done == 1
    assert row_of(runtime).public_answered_at is None


def test_a_new_address_has_to_prove_itself_again(runtime: Runtime, clock: TestClock) -> None:
    with runtime.session() as session:
        row = installation.set_public_url(session, "music.example.org", clock())
        row.public_answered_at = clock()
        token = row.check_token
    with runtime.session() as session:
        assert installation.set_public_url(session, "https://music.example.org", clock()).public_answered_at is not None
    with runtime.session() as session:
        changed = installation.set_public_url(session, "https://other.example.org", clock())
        assert changed.public_answered_at is None
        assert changed.check_token != token


def test_nothing_to_do_without_an_address(runtime: Runtime, clock: TestClock) -> None:
    assert check_address.run(runtime, clock()).done == 0


def test_an_address_fixed_from_outside_is_taken(runtime: Runtime, clock: TestClock) -> None:
    fixed = replace(runtime, settings=Settings(data=runtime.settings.data, public_url="https://fixed.invalid.example"), door=runtime.door)
    assert not installation.check_public_url(fixed)
    assert row_of(runtime).public_url == "https://fixed.invalid.example"
