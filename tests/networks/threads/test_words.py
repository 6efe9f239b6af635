"""How Threads counts and keeps words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.networks.threads.words import addresses, length, seen, written
from tests.servers.threads.calls import counted


@pytest.mark.parametrize(
    ("text", "long"),
    [("", 0), ("Tall Ships", 10), ("här", 3), ("歌", 1), ("🚢", 4), ("🇮🇪", 8), ("👩‍👩‍👧", 18), ("❤️", 6), ("https://a.example/l/1", 21)],
)
def test_emoji_count_by_their_bytes(text: str, long: int) -> None:
    assert length(text) == long


@given(st.text())
def test_we_never_count_less_than_the_signs(text: str) -> None:
    assert length(text) >= len(text)


@given(st.text(alphabet="ab 🚢🎵❤☀✨🎸🥁→★é"))
def test_we_never_count_less_than_they_do(text: str) -> None:
    assert length(text) >= counted(text)


def test_the_warning_counts() -> None:
    assert length("Out now", "Loud") == length(written("Out now", "Loud"))
    assert length("Out now", "Loud") > length("Out now")


def test_addresses_end_where_the_sentence_does() -> None:
    assert addresses("See https://a.example/l/1, https://b.example. And (https://a.example/l/1)") == [
        "https://a.example/l/1",
        "https://b.example",
    ]


def test_a_lost_sign_of_a_tag_and_moved_spaces_are_no_other_words() -> None:
    assert seen("Out now\n\n#NewMusic #Folk") == seen("Out now\nNewMusic  #Folk")
    assert seen("Out now") != seen("Out soon")
