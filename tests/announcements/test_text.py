"""The words of a post: variables, hashtags, nothing dangerous from outside, pieces that join again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements import text as texts
from creatorbot.errors import InvalidInput

VALUES = {"title": "Tall Ships", "artist": "Aoife Marsh", "price line": "", "licence": "", "link": "https://a.example/l/abc", "tags": ""}


def test_a_line_whose_variables_are_all_empty_disappears() -> None:
    said = texts.fill("{title} is out.\n\n{price line}\nFree to share: {licence}\n{link}\n\n{tags}", {**VALUES, "licence": "CC BY 4.0"})
    assert said == "Tall Ships is out.\n\nFree to share: CC BY 4.0\nhttps://a.example/l/abc"


def test_a_forgotten_link_is_added_once() -> None:
    assert texts.fill("{title}", VALUES) == "Tall Ships\nhttps://a.example/l/abc"
    assert texts.fill("{ link } {title}", VALUES).count("https://") == 1


def test_an_unknown_word_in_brackets_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"\{titel\}"):
        texts.check_wording("{titel} is out")


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["new wave", "folk", "Folk", "2026", "post-rock"], "#NewWave #Folk #PostRock"),
        (["чарівна музика", "東京"], "#ЧарівнаМузика #東京"),
        (["<b>", "@admin", "#", ""], "#B #Admin"),
        (["a", "b", "c", "d", "e"], "#A #B #C #D"),
    ],
)
def test_tags_become_camel_case_hashtags(tags: list[str], said: str) -> None:
    assert texts.hashtags(tags) == said


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


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_the_link_is_there_exactly_as_given(wording: str, title: str, artist: str) -> None:
    values = {**VALUES, "title": texts.harmless(title), "artist": texts.harmless(artist)}
    assert VALUES["link"] in texts.fill(wording, values)
