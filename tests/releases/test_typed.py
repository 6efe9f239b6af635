"""What people paste: an address, a domain, a share text, embedding code, a fediverse name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.releases.polling.finding import typed_address

ALBUM = "https://aoife.bandcamp.com/album/tall-ships"
PLAYER = "https://bandcamp.com/EmbeddedPlayer/album=4001/size=large/"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aoife.bandcamp.com", "https://aoife.bandcamp.com/music"),
        (" https://Aoife.bandcamp.com/ ", "https://aoife.bandcamp.com/music"),
        ("https://aoife.bandcamp.com/album/tall-ships?from=embed&label=12#t1", ALBUM),
        ("https://aoife.bandcamp.com/?from=search", "https://aoife.bandcamp.com/music"),
        (f"Listen to Tall Ships by Aoife {ALBUM}", ALBUM),
        (f"Check this out: {ALBUM}.", ALBUM),
        (f"({ALBUM})\n\n#folk #shanty", ALBUM),
        (f"“{ALBUM}”", ALBUM),
        (f"{ALBUM} {ALBUM}?from=twitter", ALBUM),
        ("Our music is on aoife.bandcamp.com, come in!", "https://aoife.bandcamp.com/music"),
        ("music aoife.example/feed.xml", "https://aoife.example/feed.xml"),
        (f'<iframe style="border: 0" src="{PLAYER}"><a href="{ALBUM}">Tall Ships by Aoife</a></iframe>', ALBUM),
        ("https://aoife.example/feed?format=rss&utm_source=x&fbclid=1", "https://aoife.example/feed?format=rss"),
        ("https://aoife.example/?from=2020", "https://aoife.example/?from=2020"),
        ("https://en.example/wiki/Ships_(album)", "https://en.example/wiki/Ships_(album)"),
        ("@aoife@social.example", "https://social.example/.well-known/webfinger?resource=acct:aoife%40social.example"),
        ("aoife@Social.Example", "https://social.example/.well-known/webfinger?resource=acct:aoife%40social.example"),
        ("acct:aoife@social.example", "https://social.example/.well-known/webfinger?resource=acct:aoife%40social.example"),
        ("https://social.example/@aoife", "https://social.example/@aoife"),
        ("feed://aoife.example/rss", "https://aoife.example/rss"),
        ("feed:https://aoife.example/rss", "https://aoife.example/rss"),
        ("feed:http://aoife.example/rss", "http://aoife.example/rss"),
        ("podcast://aoife.example/show.xml", "https://aoife.example/show.xml"),
        ("itpc://aoife.example/show.xml", "https://aoife.example/show.xml"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert typed_address(typed) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not a web address"),
        ("aoife", "not a web address"),
        ("just some words about music", "not a web address"),
        ("ftp://aoife.example/x", "not a web address"),
        ("https://aoife@evil.example/", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("https://", "not a web address"),
        ("https://one.example/ and https://two.example/", "more than one address"),
        ("one.example or two.example", "more than one address"),
        ("<!DOCTYPE html><html><head>", "field of its own"),
        ("x" * 30_000, "field of its own"),
    ],
)
def test_what_cannot_be_meant_is_said(typed: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        typed_address(typed)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet='htps:/.@#?&=()[]<>" abc…', max_size=80))
def test_anything_is_an_address_or_a_sentence_and_settled_at_once(text: str) -> None:
    try:
        address = typed_address(text)
    except InvalidInput:
        return
    assert address.startswith(("http://", "https://"))
    assert "#" not in address
    assert typed_address(address) == address


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc äß😀!?,", max_size=40), st.text(alphabet="abc äß!?,)\n", max_size=40))
def test_the_words_around_an_address_do_not_matter(before: str, after: str) -> None:
    assert typed_address(f"{before} {ALBUM} {after}") == ALBUM
