"""The words of a post: nothing dangerous from outside, pieces that join again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements import text as texts


def test_a_title_mentions_nobody_and_stays_on_its_line() -> None:
    said = texts.harmless("Hi @bob@server.example\n\u202eevil")
    assert "@bob" not in said
    assert "\n" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/l/x",
        "http://localhost/x",
        "http://192.168.1.2/",
        "https://10.0.0.1/a",
        "http://[::1]/",
        "http://nas/",
        "http://my.local/x",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://169.254.1.1/",
        "https://100.64.0.9/",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_an_address_that_opens_only_here_is_seen(address: str) -> None:
    assert texts.private_addresses(f"Listen: {address} now") != []


def test_public_addresses_pass() -> None:
    assert texts.private_addresses("https://aoife.bandcamp.com/album/x and https://93.184.216.34/") == []


def test_pieces_know_links_and_tags() -> None:
    kinds = [(part.kind, part.text) for part in texts.parts("Out: https://a.example/l/abc. #NewMusic! a#b")]
    assert kinds == [("text", "Out: "), ("link", "https://a.example/l/abc"), ("text", ". "), ("tag", "#NewMusic"), ("text", "! a#b")]


@given(st.text(max_size=300))
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(part.text for part in texts.parts(text)) == text
