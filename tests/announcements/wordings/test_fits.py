"""What is let through fits by the server's own count, carries its link, and tells nobody; whatever the words and the release."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.announcements.compose import Target, check, compose
from creatorbot.announcements.wordings.mentions import mentions_in
from creatorbot.announcements.wordings.typed import TypedDraft, check_words, message, messages_of
from creatorbot.clock import now
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Artist, Release
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Limits
from creatorbot.rehearsal.fediverse import text as theirs

CODE = "aBcD1234"
_WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["{title}", "{artist|upper}", "{tags}", "{link}", "{if licence}{licence}{else}no{end}", "{title|shorten(20)}"]),
    st.sampled_from(["\n", "\n---\n", " ", "@bob@far.example", "{title}@", "@{artist}", "https://shop.example/a@b", "👩‍👩‍👧‍👦", "x" * 90]),
)


def place(network: str, software: str, characters: int) -> Target:
    account = Account(
        artist_id=1,
        server_id=1,
        network=network,
        remote_id="1",
        handle="@a@folk.example",
        name="A",
        url="",
        token=b"",
        connected_at=now(),
    )
    profile = REGISTRY[network].profile(software)
    return Target(account, network, "folk.example", Limits(characters=characters), profile, "https://music.example.org", False)


def release(title: str, tags: list[str], licence: str) -> Release:
    return Release(artist_id=1, title=title, artist_name="", tags=tags, licence=licence, first_seen_at=now(), changed_at=now())


@settings(max_examples=150)
@given(
    st.lists(_WORDS, max_size=12).map("".join),
    st.text(max_size=80),
    st.lists(st.text(max_size=20), max_size=5),
    st.sampled_from(["", "CC-BY-4.0"]),
    st.text(max_size=30),
    st.sampled_from([120, 300, 500]),
)
def test_nothing_goes_out_that_the_server_counts_as_too_long_or_that_tells_anybody(
    wording: str, title: str, tags: list[str], licence: str, warning: str, characters: int
) -> None:
    artist = Artist(id=1, name="@Aoife @bob", slug="a", created_at=now())
    to = place("mastodon", "mastodon", characters)
    typed = TypedDraft(wording, content_warning=warning, alt_text="A ship")
    let_through = []
    with suppress(InvalidInput):
        check_words(typed)
        for part in range(len(messages_of(wording))):
            words = message(typed, part=part)
            made = compose(artist, release(title, tags, licence), words, to, CODE)
            check(words, release(title, tags, licence), None, to, made)
            let_through.append(made)
    for part, made in enumerate(let_through):
        assert theirs.length(made.text, warning) <= characters
        assert made.length <= characters
        assert mentions_in(made.text, "@") == ()
        assert part or f"/l/{CODE}" in made.text


@given(st.lists(_WORDS, max_size=10).map("".join), st.sampled_from(sorted(REGISTRY)))
def test_on_every_network_a_text_is_made_or_refused_with_a_sentence(wording: str, network: str) -> None:
    artist = Artist(id=1, name="Aoife", slug="a", created_at=now())
    to = place(network, network, 300)
    made, field = None, "wording"
    try:
        made = compose(artist, release("Tall Ships", ["folk"], ""), message(TypedDraft(wording)), to, CODE)
    except InvalidInput as error:
        field = error.field
    assert field == "wording"
    if made is not None:
        assert f"/l/{CODE}" in made.text
        assert made.length == REGISTRY[network].length(made.text, "", to.limits, to.profile.software)
