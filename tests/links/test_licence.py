"""What a licence means for a listener, and the line that names the artist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from creatorbot.links.licence import attribution_html, attribution_line, deed_address, licence_meaning, read_licence
from creatorbot.sources.licences import from_text
from creatorbot.wording import licence_name

HOME = "https://aoife.example/tall-ships"
IDS = [
    f"CC-{terms}-{version}"
    for terms in ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
    for version in ("1.0", "2.5", "3.0", "4.0")
]
OTHERS = ["CC-BY-NC-SA-3.0-DE", "CC-BY-2.5-SCOTLAND", "CC-SA-1.0", "CC-NC-ND-1.0", "CC-SAMPLING-PLUS-1.0", "CC-NC-SAMPLING-PLUS-1.0"]
FREE = ["CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "CC-SAMPLING-1.0", "CC-DEVNATIONS-2.0"]


@pytest.mark.parametrize("licence", [*IDS, *OTHERS, *FREE])
def test_every_licence_has_a_name_a_meaning_and_a_line(licence: str) -> None:
    found = read_licence(licence)
    assert found is not None
    assert found.name == licence_name(licence) != ""
    assert licence_meaning("en", licence).endswith(".")
    line = attribution_line("en", licence, title="Tall Ships", artist="Aoife", address=HOME)
    assert line.startswith(f"“Tall Ships” by Aoife ({HOME}) is ")
    assert found.url in line
    assert from_text(line) == licence  # our own line says to our own reader what it should say


@pytest.mark.parametrize(
    ("licence", "line"),
    [
        (
            "CC-BY-SA-4.0",
            f"“Tall Ships” by Aoife ({HOME}) is licensed under CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/).",
        ),
        (
            "CC-BY-3.0-DE",
            f"“Tall Ships” by Aoife ({HOME}) is licensed under CC BY 3.0 DE (https://creativecommons.org/licenses/by/3.0/de/).",
        ),
        ("CC0-1.0", f"“Tall Ships” by Aoife ({HOME}) is marked with CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/)."),
    ],
)
def test_the_line_is_as_creative_commons_asks_for_it(licence: str, line: str) -> None:
    assert attribution_line("en", licence, title="Tall Ships", artist="Aoife", address=HOME) == line


def test_a_line_without_address_or_artist() -> None:
    deed = "https://creativecommons.org/licenses/by/4.0/"
    assert attribution_line("en", "CC-BY-4.0", title="Tall Ships", artist="") == f"“Tall Ships” is licensed under CC BY 4.0 ({deed})."
    shown = attribution_line("en", "CC-BY-4.0", title="Tall Ships", artist="Aoife", address="javascript:alert(1)")
    assert shown == f"“Tall Ships” by Aoife is licensed under CC BY 4.0 ({deed})."


@pytest.mark.parametrize("licence", ["", "all-rights-reserved", "MIT", "CC-BY-9.0"])
def test_nothing_to_attribute(licence: str) -> None:
    assert attribution_line("en", licence, title="x", artist="y") == attribution_html("en", licence, title="x", artist="y") == ""
    assert deed_address("en", licence) == ""


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_the_html_line_holds_two_links_and_the_words_as_text(title: str, artist: str, path: str) -> None:
    address = f"https://aoife.example/{path}"
    made = attribution_html("en", "CC-BY-4.0", title=title, artist=artist, address=address)
    tree = LexborHTMLParser(f"<p>{made}</p>")
    links = [node.attributes.get("href") for node in tree.css("a")]
    assert links[-1] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(links) == (2 if address.isprintable() else 1)
    assert {node.tag for node in tree.css("body *")} <= {"p", "a"}


@pytest.mark.parametrize(
    ("language", "address"),
    [
        ("de", "https://creativecommons.org/licenses/by/4.0/deed.de"),
        ("pt-BR", "https://creativecommons.org/licenses/by/4.0/deed.pt-br"),
        ("de_AT", "https://creativecommons.org/licenses/by/4.0/deed.de"),
        ("en", "https://creativecommons.org/licenses/by/4.0/"),
        ("xx", "https://creativecommons.org/licenses/by/4.0/"),
    ],
)
def test_the_summary_is_shown_in_the_readers_language(language: str, address: str) -> None:
    assert deed_address(language, "CC-BY-4.0") == address


def test_who_must_be_named() -> None:
    assert licence_meaning("en", "CC-BY-NC-4.0") == "You may share and change it, but not earn money with it. The artist must be named."
    assert licence_meaning("en", "CC0-1.0") == "You may do with it what you like."
    assert licence_meaning("en", "all-rights-reserved") == "All rights reserved."
    assert licence_meaning("en", "MIT") == ""


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("CC-BY-NC-SA-3.0-DE", "CC BY-NC-SA 3.0 DE"),
        ("CC-BY-2.5-SCOTLAND", "CC BY 2.5 Scotland"),
        ("CC-NC-SAMPLING-PLUS-1.0", "CC NC-Sampling+ 1.0"),
        ("CC-SAMPLING-1.0", "CC Sampling 1.0"),
        ("CC-DEVNATIONS-2.0", "CC Developing Nations 2.0"),
        ("CC-PDM-1.0", "Public Domain Mark 1.0"),
        ("CC0-1.0", "CC0"),
        ("all-rights-reserved", ""),
        ("", ""),
    ],
)
def test_names_as_people_write_them(licence: str, name: str) -> None:
    assert licence_name(licence) == name
