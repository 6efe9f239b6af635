"""The words of a post as Bluesky keeps them: every mark lies on the bytes it means, and what is shown is true."""

import grapheme  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.clock import now
from creatorbot.networks.base import Card, Draft
from creatorbot.networks.bluesky.keys import moment_of, record_key
from creatorbot.networks.bluesky.records import record_of
from creatorbot.networks.bluesky.words import length, shown, written
from tests.servers.bluesky_rules import is_tid, valid_post

WORDS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["https://aoife.example/l/aBcD1234", "#NewMusic", "@bob.bsky.social", "👩‍👩‍👧", "ä", "\n", "(https://x.example/a)."]
        ),
    ),
    max_size=12,
).map(" ".join)


@given(WORDS, st.text(max_size=20))
def test_every_mark_lies_on_the_letters_it_means(text: str, warning: str) -> None:
    made = written(text, warning)
    whole, last = made.text.encode(), 0
    for facet in made.facets:
        begins, ends = facet["index"]["byteStart"], facet["index"]["byteEnd"]  # type: ignore[index]
        assert last <= begins < ends <= len(whole)
        last = ends
        marked, feature = whole[begins:ends].decode(), facet["features"][0]  # type: ignore[index]
        if "tag" in feature:
            assert marked == f"#{feature['tag']}"
        else:
            assert feature["uri"] in text
            assert feature["uri"].partition("://")[2].startswith(marked.rstrip("…"))


@given(WORDS, st.text(max_size=20))
def test_nobody_is_mentioned_by_accident(text: str, warning: str) -> None:
    kinds = [feature["$type"] for facet in written(text, warning).facets for feature in facet["features"]]  # type: ignore[attr-defined]
    assert all(kind.endswith(("#link", "#tag")) for kind in kinds)


@given(WORDS, st.text(max_size=20))
def test_what_counts_as_fitting_is_taken_by_the_rules(text: str, warning: str) -> None:
    made = record_of(Draft(text, "x", content_warning=warning), now(), None)
    if length(text, warning) <= 300:
        valid_post(dict(made), {})
    assert length(text, warning) >= grapheme.length(made["text"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 300, 300),
        ("👩‍👩‍👧" * 30, 54),  # 18 bytes each: 540 bytes are 54 of 300
        ("👩‍👩‍👧" * 300, 540),
        ("https://aoife.example/l/aBcD1234", len("aoife.example/l/aBcD1234")),
        ("ä" * 300, 300),
    ],
)
def test_length(text: str, expected: int) -> None:
    assert length(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://aoife.example/l/aBcD1234", "aoife.example/l/aBcD1234"),
        ("https://aoife.example/", "aoife.example"),
        ("https://aoife.bandcamp.example/album/tall-ships-and-more", "aoife.bandcamp.example/album/tall-ships…"),
        (f"https://{'very-' * 8}long.example/x/y/z", f"{'very-' * 8}long.example/…"),
        ("https://[", "https://["),
    ],
)
def test_an_address_shows_its_whole_host(address: str, expected: str) -> None:
    assert shown(address) == expected


def test_a_warning_goes_first_and_known_ones_become_labels() -> None:
    made = record_of(Draft("Out now", "x", content_warning="Nudity,\nand shouting"), now(), None)
    assert made["text"] == "⚠ Nudity, and shouting\n\nOut now"
    assert made["labels"] == {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}
    assert "labels" not in record_of(Draft("Out now", "x", content_warning="Loud"), now(), None)


def test_a_card_without_a_cover_is_still_a_card() -> None:
    card = Card("https://aoife.example/l/aBcD1234", "Tall Ships" * 100, "")
    made = record_of(Draft("Out now", "x", card=card), now(), None)
    assert made["embed"]["external"]["uri"] == card.address  # type: ignore[index]
    assert grapheme.length(made["embed"]["external"]["title"]) == 300  # type: ignore[index]
    valid_post(dict(made), {})


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_record_key_follows_from_the_attempt_key(one: str, other: str) -> None:
    assert is_tid(record_key(one))
    assert record_key(one) == record_key(one)
    if one != other:
        assert record_key(one) != record_key(other)


@given(st.integers(min_value=1_700_000_000, max_value=4_000_000_000), st.text(max_size=20))
def test_a_record_key_says_when_the_attempt_began(seconds: int, drawn: str) -> None:
    moment = moment_of(record_key(f"{seconds * 1_000_000:x}-{drawn}"))
    assert moment is not None
    assert moment.timestamp() == seconds


@pytest.mark.parametrize("key", ["", "self", "zzzzzzzzzzzzz", "2222222222222", "3jzfcijpj2z2A", "3jzfcijpj2z2"])
def test_what_is_no_timestamp_says_nothing(key: str) -> None:
    assert moment_of(key) is None
