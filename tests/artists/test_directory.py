"""The public directory: read as it comes, kept for a day, left alone for a while when it is away; and who is elsewhere."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.artists.backup import directory
from creatorbot.artists.backup.servers import OURS, Suggestion
from creatorbot.security.http import Door

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def row(domain: str, **more: Any) -> dict[str, Any]:
    """One server as the directory tells it."""
    told = {"domain": domain, "description": "For music.", "languages": ["en"], "categories": ["music"], "total_users": 100}
    return told | {"approval_required": False, "category": "music", "language": "en"} | more


@dataclass
class Directory:
    """A counterpart on loopback. answer: (status, body)."""

    address: str
    door: Door
    answer: tuple[int, bytes] = (200, b"[]")
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def there() -> Iterator[Directory]:
    """The directory, running."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.send_response(made.answer[0])
            self.end_headers()
            self.wfile.write(made.answer[1])

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    door = Door().admitting(frozenset({("127.0.0.1", port)}))
    made = Directory(f"http://127.0.0.1:{port}/servers?category=music", door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_it_is_asked_once_a_day(there: Directory, tmp_path: Path) -> None:
    there.answer = 200, json.dumps([row("music.example"), row("drums.example", total_users=5000)]).encode()
    for hours in (0, 5, 23):
        found = directory.look(there.door, tmp_path / "kept", NOW + timedelta(hours=hours), there.address).servers
        assert [one.domain for one in found or []] == ["drums.example", "music.example"]
    assert len(there.asked) == 1
    directory.look(there.door, tmp_path / "kept", NOW + timedelta(hours=25), there.address)
    assert len(there.asked) == 2


@pytest.mark.parametrize("answer", [(500, b"oops"), (200, b"<html>"), (200, b"[]"), (404, b""), (200, b"[" * 100_000)])
def test_when_it_says_nothing_useful_it_is_left_alone_for_a_while(there: Directory, tmp_path: Path, answer: tuple[int, bytes]) -> None:
    there.answer = answer
    for minutes in (0, 3, 9):
        assert directory.look(there.door, tmp_path / "kept", NOW + timedelta(minutes=minutes), there.address).servers is None
    assert len(there.asked) == 1
    there.answer = 200, json.dumps([row("music.example")]).encode()
    assert directory.look(there.door, tmp_path / "kept", NOW + timedelta(minutes=11), there.address).servers


def test_nobody_there_is_no_trouble(there: Directory, tmp_path: Path) -> None:
    assert directory.look(Door(), tmp_path / "kept", NOW, there.address).servers is None
    assert directory.look(there.door, tmp_path / "no" / "folder", NOW, there.address).servers is None


def test_only_music_and_only_real_names() -> None:
    gardens = row("gardens.example", categories=["gardening"], category="gardening")
    odd: list[object] = [gardens, row("http://x/"), row("127.0.0.1"), 7, None]
    found = directory.read(json.dumps([*odd, row("music.example", languages=["de", "en"], approval_required=True)]).encode())
    assert [(one.domain, one.languages, one.joins) for one in found] == [("music.example", ("de", "en"), "asks")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(row("x"))), inner, max_size=6),
    )
)
def test_whatever_it_answers_can_be_read(told: object) -> None:
    for one in directory.read(json.dumps([told, row("music.example"), told]).encode()):
        assert "." in one.domain
        assert one.sign_up.startswith("https://")


def test_servers_of_the_same_people_are_left_out() -> None:
    offered = [Suggestion(name, "mastodon", "", "") for name in ("here.example", "sub.here.example", "there.example")]
    assert [one.domain for one in directory.elsewhere(offered, ["here.example"])] == ["there.example"]
    assert [one.domain for one in directory.elsewhere(offered, ["music.there.example"])] == ["here.example", "sub.here.example"]


def test_other_software_comes_first_then_ones_own_language() -> None:
    offered = [
        Suggestion("a.example", "mastodon", "", "", languages=("ja",)),
        Suggestion("b.example", "mastodon", "", "", languages=("de", "en")),
        Suggestion("c.example", "akkoma", "", ""),
    ]
    assert [one.domain for one in directory.best_first(offered, "mastodon", "de")] == ["c.example", "b.example", "a.example"]


def test_our_own_list_is_fit_to_be_shown() -> None:
    assert len({one.domain for one in OURS}) == len(OURS)
    assert len({one.software for one in OURS}) >= 3
    for one in OURS:
        assert one.sign_up.startswith(f"https://{one.domain}/")
        assert one.about
