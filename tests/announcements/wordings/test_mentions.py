"""Nobody is mentioned by accident, whatever the network's grammar; addresses stay what they are."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from creatorbot.announcements.wordings.mentions import defused, mentions_in

# As their own programs read them: mastodon app/models/account.rb, mfm-js, GoToSocial's text parser (all without its look-behind for
# the host), and the careless reading of a simple client.
READERS = {
    "mastodon": re.compile(r"(?<![=/\w])@(([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)(?:@[\w.-]+\w)?)", re.I),
    "misskey": re.compile(r"(?<![a-z0-9])@([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?:@[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)?", re.I | re.A),
    "gotosocial": re.compile(r"(?:^|[^a-zA-Z0-9])@[a-zA-Z0-9_.]*[a-zA-Z0-9_][a-zA-Z0-9_.]*(?:@[\w.-]+)?", re.M),
}
_LINK = re.compile(r"https?://\S+", re.I)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks @bob@folk.example!", ["@bob@folk.example"]),
        ("(@bob) .@carol, @bob again", ["@bob", "@carol"]),
        ("Write to me@mail.example", []),
        ("https://folk.example/@bob and http://x.example/?q=@carol", []),
        ("a @ b, @, 3@4", []),
        ("é@bob ＠carol _@dave", ["@bob", "@dave"]),
        ("Hey @Bob, @bob", ["@Bob"]),
    ],
)
def test_who_would_be_told(text: str, names: list[str]) -> None:
    assert [mention.name for mention in mentions_in(text, "@")] == names


def test_only_whom_the_artist_wants_told_is_told() -> None:
    said = defused("With @Carol@folk.example and @bob@folk.example", "@", {"@carol@folk.example"})
    assert "@Carol@folk.example" in said
    assert [mention.name for mention in mentions_in(said, "@") if not mention.wanted] == ["@Carol@folk.example"]
    assert "@bob" not in said


def test_groups_are_told_by_their_sign_only_where_it_is_one() -> None:
    assert "!music" in defused("Hello !music@groups.example", "@")
    assert "!music" not in defused("Hello !music@groups.example", "@!")
    assert defused("Out now!\nListen!", "@!") == "Out now!\nListen!"


def test_where_a_name_tells_nobody_nothing_is_touched() -> None:
    assert defused("Hi @bob", "") == "Hi @bob"
    assert mentions_in("Hi @bob", "") == ()


def test_an_address_leads_where_it_led() -> None:
    text = "https://folk.example/@bob https://shop.example/a@b,@c"
    assert defused(text, "@") == "https://folk.example/@bob https://shop.example/a@b,%40c"


_TYPED = st.lists(
    st.sampled_from(
        [
            "@",
            "@bob",
            "@bob@a.example",
            "!",
            " ",
            "\n",
            ".",
            "/",
            "(",
            "#",
            "a",
            "é",
            "_",
            "=",
            "@@",
            "http://",
            "https://a.example/",
            "x@y",
            "-",
            "\u2060",
            ",",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(_TYPED, st.text(max_size=80)))
@example("https://a.example/,@bob")
@example("@é@bob")
def test_no_server_finds_a_name_in_it(text: str) -> None:
    said = defused(text, "@!")
    for name, reader in READERS.items():
        outside = _LINK.sub(" ", said)
        assert not reader.search(outside), (name, said)


@given(st.one_of(_TYPED, st.text(max_size=80)))
def test_doing_it_twice_is_doing_it_once(text: str) -> None:
    once = defused(text, "@!")
    assert defused(once, "@!") == once
