"""Our text shows on a Misskey server as it was written: nothing of it turns into markup, and links stay whole."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.networks.base import Limits
from creatorbot.networks.misskey import Misskey
from creatorbot.networks.misskey.markup import BREAK, plain, seen

# The family's own rules for what is markup, written down a second time, as patterns. (The adapter was also tried against mfm-js itself.)
MARKUP = re.compile(
    r"""(?imsx)
      \*\*.+?\*\* | (?<![a-z0-9])\*[a-z0-9 \t]+\* | (?<![a-z0-9])_[a-z0-9 \t]+_ | __[a-z0-9 \t]+__ | ~~[^~\n]+~~
    | `[^`´\n]+` | ```.*?``` | \$\[[a-z0-9_]+ | <(b|i|s|small|center|plain)> | \\\([^\n]+?\\\) | \\\[.+?\\\] | \]\(https?:// | <https?://
    | (?<![a-z0-9]):[a-z0-9_+-]+:(?![a-z0-9]) | ^> | [ \t\u3000]\[?(search|検索)\]?$
    """
)
LINK = "https://label.example/l/a_b-c"
PIECES = st.sampled_from(
    [
        *("*", "**", "_", "__", "~~", "`", "```", "$[x2 ", "]", "[a](", "(", ")", "<b>", "</b>", "<small>", "<", ">", "\\(", "\\)", ":"),
        *(":cat:", " Search", " [search]", " 検索", "\n", "> ", " ", "word", "Tall Ships", "é", "日本", "😇", "#Tag", "snake_case"),
        f" {LINK} ",
    ]
)


@pytest.mark.parametrize(
    "written",
    [
        "**Loud** EP",
        "*soft* and _low_",
        "__init__",
        "~~old~~ price",
        "`code`",
        "$[shake Ships]",
        "<small>print</small>",
        "\\(x\\)",
        ":cat: in space",
        "> a quotation",
        "Soul Search",
        "Out now [Search]",
        "魂 検索",
        f"<{LINK}>",
        f"[label]({LINK})",
    ],
)
def test_what_would_be_markup_is_none(written: str) -> None:
    assert MARKUP.search(written)
    assert not MARKUP.search(plain(written))
    assert seen(plain(written)) == seen(written)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_text_turns_into_markup(written: str) -> None:
    made = plain(written)
    without_links = made.replace(LINK, "\ufffc")
    assert not MARKUP.search(without_links)
    assert seen(made) == seen(written)
    assert made.count(LINK) == written.count(LINK)


@given(st.text(alphabet=st.characters(blacklist_characters="*_~`$<>\\[]():" + BREAK, blacklist_categories=("Cs",)), max_size=60))
def test_ordinary_words_stay_untouched(written: str) -> None:
    if not re.search(r"(?im)(search|検索)\]?$", written):
        assert plain(written) == written


def test_what_is_added_counts() -> None:
    plainly, marked = "Out now", "**Out now**"
    lengths = [Misskey().length(text, "", Limits(3000), "misskey") for text in (plainly, marked, f"{plainly} {LINK}")]
    assert lengths == [7, 15, 8 + len(LINK)]


def test_names_of_people_and_tags_stay() -> None:
    assert plain("With @bob@other.example #NewMusic #low_fi") == "With @bob@other.example #NewMusic #low_fi"
