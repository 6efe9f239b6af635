"""What other people paste into their sites: it leads to the link, says its words, and nothing typed gets out of its place."""

import xml.etree.ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.parser import HTMLParser

from creatorbot.links.beyond.button import badge_svg, snippets
from creatorbot.links.pages.colour import contrast

ADDRESS, BADGE = "https://music.example.org/l/k3xm8v2p", "https://music.example.org/badge/k3xm8v2p.svg"
SAID = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@given(words=SAID | st.sampled_from(['"><script>alert(1)</script>', "a&b", "'\"", "</a>", "](http://evil)"]))
def test_html_is_one_link_with_exactly_these_words(words: str) -> None:
    made = snippets(ADDRESS, BADGE, words, "#b4432e")
    (link,) = HTMLParser(made.html).css("body > *")
    assert (link.tag, link.attributes["href"]) == ("a", ADDRESS)
    assert link.text() == words
    assert set(link.attributes) == {"href", "style"}
    (pictured,) = HTMLParser(made.badge).css("body > *")
    picture = pictured.css_first("img")
    assert picture is not None
    assert (pictured.attributes["href"], picture.attributes["src"]) == (ADDRESS, BADGE)
    assert picture.attributes["alt"] == words
    assert HTMLParser(made.html + made.badge).css("script") == []
    assert made.address == ADDRESS


@given(words=SAID)
def test_markdown_keeps_its_words_within_the_brackets(words: str) -> None:
    made = snippets(ADDRESS, BADGE, words, "#b4432e").markdown
    assert made.startswith("[![")
    assert made.endswith(f"]({BADGE})]({ADDRESS})")
    inside = made.removeprefix("[![").removesuffix(f"]({BADGE})]({ADDRESS})")
    plain, escaped = [], False
    for sign in inside:
        if not escaped and sign == "\\":
            escaped = True
            continue
        assert escaped or sign not in "[]`*_<>"
        plain.append(sign)
        escaped = False
    assert "".join(plain) == words


@pytest.mark.parametrize("accent", ["#ffe680", "#ffffff", "#000000", "#b4432e", "nonsense"])
def test_its_words_can_be_read_whatever_the_artists_colour(accent: str) -> None:
    style = str(HTMLParser(snippets(ADDRESS, BADGE, "Listen", accent).html).css_first("a").attributes["style"])
    look = dict(part.split(":", 1) for part in style.split(";"))
    assert contrast(look["color"], look["background"]) >= 4.5


@given(words=SAID, accent=st.sampled_from(["#ffe680", "#b4432e", "x"]))
def test_every_badge_is_sound_and_wide_enough(words: str, accent: str) -> None:
    drawn = Tree.fromstring(badge_svg(words + "\ufffe\uffff\U0001ffff", accent, "en"))
    text = drawn.find("{http://www.w3.org/2000/svg}text")
    assert text is not None
    assert float(drawn.attrib["width"]) >= float(text.attrib["x"]) + float(text.attrib["textLength"]) + 8
    assert [child for child in drawn.iter() if child.tag.endswith(("script", "foreignObject", "image", "a"))] == []
