"""What stands in brackets: filled in, left out, refused with its line; nothing typed there can break a page or run away."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.announcements import text as texts
from creatorbot.announcements.wordings.brackets import MOST_BRACKETS, SIGNS, VARIABLES
from creatorbot.announcements.wordings.fill import LONGEST_TEXT, brackets, check_wording, fill
from creatorbot.errors import InvalidInput

VALUES = {
    "title": "Tall Ships",
    "artist": "Aoife Marsh",
    "price line": "",
    "licence": "",
    "link": "https://a.example/l/abc",
    "tags": "",
    "network": "Mastodon",
}
LINK = VALUES["link"]


def test_a_line_whose_variables_are_all_empty_disappears() -> None:
    said = fill("{title} is out.\n\n{price line}\nFree to share: {licence}\n{link}\n\n{tags}", {**VALUES, "licence": "CC BY 4.0"})
    assert said == f"Tall Ships is out.\n\nFree to share: CC BY 4.0\n{LINK}"


def test_a_forgotten_link_is_added_once() -> None:
    assert fill("{title}", VALUES) == f"Tall Ships\n{LINK}"
    assert fill("{ link } {title}", VALUES).count("https://") == 1
    assert fill("{if licence}{link}{end}{title}", VALUES) == f"Tall Ships\n{LINK}"


@pytest.mark.parametrize(
    ("wording", "licence", "said"),
    [
        ("{if licence}Free: {licence}{else}All mine{end}", "CC BY", "Free: CC BY"),
        ("{if licence}Free: {licence}{else}All mine{end}", "", "All mine"),
        ("{title}\n{if licence}\nFree: {licence}\n{end}\nBye", "CC BY", "Tall Ships\nFree: CC BY\nBye"),
        ("{title}\n{if licence}\nFree: {licence}\n{end}\nBye", "", "Tall Ships\nBye"),
        ("{% if not licence %}No{% endif %}", "", "No"),
        ('{if network == "Bluesky"}B{elif network == "Mastodon"}M{else}X{end}', "", "M"),
        ("{if “Tall” in title}ships{end}", "", "ships"),
        ('{licence or "all rights reserved"}', "", "all rights reserved"),
        ("{Title} {TITLE|upper} {{ title }}", "", "Tall Ships TALL SHIPS Tall Ships"),
        ("{title|hashtag} {title|lower} {title|shorten(6)}", "", "#TallShips tall ships Tall…"),
        ("Smile :{ and {} are not closed {", "", None),
        ("Smile :{ here", "", "Smile :{ here"),
    ],
)
def test_what_a_wording_becomes(wording: str, licence: str, said: str | None) -> None:
    if said is None:
        with pytest.raises(InvalidInput):
            fill(wording, VALUES)
    else:
        assert fill(wording, {**VALUES, "licence": licence}, needs_link=False) == said


@pytest.mark.parametrize(
    ("wording", "line", "said"),
    [
        ("one\ntwo {titel}", 2, "Did you mean {title}?"),
        ("{anything}", 1, "{price line}"),
        ("\n\n{if title}", 3, "has no end"),
        ("{end}", 1, "there is no {if …} before {end}"),
        ("{if title}a{else}b{else}c{end}", 1, "nothing but {end}"),
        ("{title|loud}", 1, "“loud”"),
        ("{link|upper}", 1, "{link} has to stay"),
        ("{title|shorten}", 1, "{title|shorten(40)}"),
        ("{title|shorten(0)}", 1, "{title|shorten(40)}"),
        ("{title.upper}", 1, "cannot read {title.upper}"),
        ("{if title > 5}x{end}", 1, "cannot read"),
        ("{if}x{end}", 1, "cannot read {if}"),
        ("{" + "x" * 300 + "}", 1, "too long"),
        ("{if title}" * 7, 1, "inside one another"),
        ("{title}" * (MOST_BRACKETS + 1), 1, "too many"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_line(wording: str, line: int, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_wording(wording)
    assert said in str(caught.value)
    assert caught.value.field == "wording"
    assert caught.value.values["line"] == line


@pytest.mark.parametrize(
    "inside",
    [
        "().__class__.__base__",
        "title.__class__",
        "title['x']",
        "title[0]",
        "self",
        "range(9)",
        "cycler",
        "lipsum()",
        "9**9**9",
        "'a' * 999999",
        "title ~ title",
        "title % title",
        "-title",
        "[title]",
        "{'a': 1}",
        "title, artist",
        "true",
        "title is defined",
        "title|upper|attr('x')",
        "title|format",
        "title|shorten(artist)",
        "title|shorten(9999999)",
        "title|shorten(*artist)",
        "(not title)|upper",
        "title if (not title) in artist",
        "caller()",
        "(" * 70 + "title" + ")" * 70,
        "raw",
        "super()",
    ],
)
def test_nothing_can_be_called_reached_into_or_computed(inside: str) -> None:
    for wording in (f"{{{inside}}}", f"{{{{ {inside} }}}}", f"{{if {inside}}}x{{end}}", f"{{% {inside} %}}"):
        with pytest.raises(InvalidInput):
            fill(wording, VALUES)


@pytest.mark.parametrize(
    "tag", ["for x in title", "set x = title", "include 'x'", "import 'x' as y", "macro x()", "block x", "raw", "filter upper"]
)
def test_of_the_languages_own_words_only_conditions_are_left(tag: str) -> None:
    with pytest.raises(InvalidInput):
        check_wording(f"{{% {tag} %}}x{{% end{tag.split()[0]} %}}")


def test_signs_of_the_language_beneath_are_only_text() -> None:
    typed = f"{SIGNS[0]} 7 * 7 {SIGNS[1]}{SIGNS[2]} for x in 'ab' {SIGNS[3]}{{title}}"
    assert "49" not in fill(typed, VALUES)
    assert "Tall Ships" in fill(typed, VALUES)


def test_values_are_never_read_as_a_wording() -> None:
    said = fill("{title}\n{link}", {**VALUES, "title": "{artist}{% if title %}{{ artist }}"})
    assert said == "{artist}{% if title %}{{ artist }}\n" + LINK


def test_it_cannot_become_huge_or_take_long() -> None:
    started = time.process_time()
    with pytest.raises(InvalidInput):
        fill("{title}{title}{title}{title}{title} " * 40, {**VALUES, "title": "x" * 5000})
    huge = fill("{title}" * 20, {**VALUES, "title": "x" * 5000})
    assert len(huge) < LONGEST_TEXT
    assert time.process_time() - started < 10  # only a runaway takes that long


def test_what_is_left_in_brackets_in_a_finished_text() -> None:
    assert brackets("{title} and {if licence}x{end} but {nonsense} stays") == ["{title}", "{if licence}", "{end}"]


_PIECES = st.sampled_from(
    [
        "{",
        "}",
        "{{",
        "}}",
        "{%",
        "%}",
        "if ",
        "else",
        "end",
        "title",
        "price line",
        "licence",
        "|",
        "upper",
        "shorten(3)",
        "(",
        ")",
        " ",
        "\n",
        *("'", '"', "not ", "and ", "or ", "in ", "==", ".", "[", "]", "~", "-", "---", "@bob", "#tag", SIGNS[0], SIGNS[3], "\u202e", "ß"),
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=25).map("".join)), st.text(max_size=60))
def test_whatever_is_typed_it_is_filled_in_or_refused_with_a_sentence(wording: str, title: str) -> None:
    values = {**VALUES, "title": texts.harmless(title)}
    try:
        said, field, sentence = fill(wording, values), "", ""
    except InvalidInput as error:
        said, field, sentence = "", error.field, str(error)
    assert bool(said) != bool(sentence)
    assert field == "wording" or (LINK in said and not any(sign in said for sign in SIGNS))


@given(st.sampled_from(sorted(VARIABLES)), st.text(max_size=40))
def test_a_name_alone_becomes_its_value(name: str, value: str) -> None:
    value = texts.harmless(value)
    said = fill(f"-{{{name}}}-", {**VALUES, name: value}, needs_link=False)
    assert said == f"-{''.join(sign for sign in value if sign not in SIGNS)}-".replace("  ", " ").strip()
