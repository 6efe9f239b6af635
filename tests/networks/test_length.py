"""How long a text is by the server's own rule, and what is known of each software."""

from dataclasses import replace

import pytest

from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Limits
from creatorbot.networks.profiles import PROFILES, UNKNOWN, profile

MASTODON = REGISTRY["mastodon"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("https://label.example.museum/a/very/long/path/to/an/album", 23),
        ("(see https://example.com.)", 30),
        ("@bob@example.com", 4),
        ("👩🏽‍💻", 1),
        ("🇪🇪!", 2),
        ("http://127.0.0.1:3000/health", 28),
        ("ftp://files.example.net/resource", 32),
    ],
)
def test_mastodon_counts_graphemes_and_23_for_an_address(text: str, length: int) -> None:
    assert MASTODON.length(text, "", Limits(), "mastodon") == length
    assert MASTODON.length(text, "Loud 🔊", Limits(), "mastodon") == length + 6


def test_a_server_may_count_more_for_an_address() -> None:
    text = "https://example.com/a and https://example.org/b"
    assert MASTODON.length(text, "", replace(Limits(), url_length=256), "hollo") == 256 * 2 + 5


def test_takahe_counts_every_character() -> None:
    text = "https://label.example/a/very/long/path 👩🏽‍💻"
    assert MASTODON.length(text, "cw", Limits(), "takahe") == len(text) + 2


def test_what_is_known_of_software_is_careful() -> None:
    assert profile("Mastodon ").repeated_key == "same"
    assert profile("something else") is UNKNOWN
    assert (UNKNOWN.repeated_key, UNKNOWN.key_window_s) == ("ignored", 0)
    for name, known in PROFILES.items():
        assert known.software == name == name.lower()
        assert (known.key_window_s > 0) == (known.repeated_key in ("same", "replay"))
    assert profile("pixelfed").scopes == ("read", "write")
    assert profile("pixelfed").needs_picture
