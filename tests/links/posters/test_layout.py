"""Whatever the names are: everything stands on the paper, whole, and nothing on anything else."""

import unicodedata
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.links.posters.fitting import fit
from creatorbot.links.posters.layout import MARGIN, SMALLEST_CODE, Box, Sheet, Words, lay_out
from creatorbot.links.posters.lettering import Lettering, plain
from creatorbot.links.posters.papers import A4, A6, Paper

OURS = Lettering(folders=())
SHORT = Words("Aoife Marsh", "Tall Ships", "Lido", "Berlin", "Pay what you want", "Scan to listen and give", "music.example.org/l/k3xm8v2p")
ODD = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ABCdefgh ij-/.àéñßŁПΩ€№", max_size=400),
    st.text(alphabet="W", min_size=1, max_size=300),
    st.text(alphabet="i l\u0301\u0327\u00a0", max_size=80),
    st.just("Donaudampfschifffahrtsgesellschaftskapitänswitwenrente " * 3),
)
NAMES = ODD.map(plain)
WORDS = st.builds(Words, *[NAMES] * 6, st.integers(4, 240).map(lambda long: "a" * long + ".example/l/k3xm8v2p"))
COVERS = st.one_of(st.none(), st.floats(0.2, 5))


def overlap(one: Box, other: Box) -> bool:
    least = 1e-6
    apart = one.x + one.width <= other.x + least or other.x + other.width <= one.x + least
    return not (apart or one.y + one.height <= other.y + least or other.y + other.height <= one.y + least)


def boxes(sheet: Sheet) -> list[Box]:
    return [*(line.box for line in sheet.lines), *sheet.bars, sheet.code, *([sheet.cover] if sheet.cover else [])]


@settings(max_examples=120)
@given(words=WORDS, paper=st.sampled_from([A6, A4]), cover=COVERS)
def test_whatever_it_says_it_stands_on_the_paper_whole_and_apart(words: Words, paper: Paper, cover: float | None) -> None:
    sheet = lay_out(paper, words, OURS.width, cover=cover)
    unit = paper.width / A6.width
    margin = MARGIN * unit
    for box in boxes(sheet):
        assert box.x >= margin - 1e-6
        assert box.y >= margin - 1e-6
        assert box.x + box.width <= paper.width - margin + 1e-6
        assert box.y + box.height <= paper.height - margin + 1e-6
    assert not [pair for pair in combinations(boxes(sheet), 2) if overlap(*pair)]
    said = "".join(line.text for line in sheet.lines).replace(" ", "")
    assert not [text for text in vars(words).values() if text.replace(" ", "") not in said], "letters are lost"
    for line in sheet.lines:
        assert OURS.width(line.text, line.bold) * line.size == pytest.approx(line.width, abs=1e-6)
    assert sheet.code.width == sheet.code.height >= SMALLEST_CODE * unit - 1e-6
    assert (sheet.cover is None) == (cover is None)
    assert sheet.cover is None or sheet.cover.width / sheet.cover.height == pytest.approx(cover)


def test_a4_is_the_same_poster_twice_as_large() -> None:
    small, large = (lay_out(paper, SHORT, OURS.width, cover=None) for paper in (A6, A4))
    assert [line.text for line in small.lines] == [line.text for line in large.lines]
    assert [line.size * 2 for line in small.lines] == pytest.approx([line.size for line in large.lines])


def test_what_there_is_not_takes_no_room() -> None:
    bare = Words("Aoife Marsh", "", "", "", "", "Scan", "music.example.org/l/k3xm8v2p")
    sheet = lay_out(A6, bare, OURS.width, cover=None)
    assert [line.text for line in sheet.lines] == ["Aoife Marsh", "Scan", "music.example.org/l/k3xm8v2p"]
    assert len(sheet.bars) == 1
    assert len(lay_out(A6, SHORT, OURS.width, cover=None).lines) == 7


def test_words_are_kept_whole_as_long_as_they_can_be() -> None:
    fitted = fit("The Extraordinarily Long-Winded Orchestra", 89, 20, 12, lambda text: OURS.width(text, True))
    assert {word for said, _ in fitted.lines for word in said.split()} == {"The", "Extraordinarily", "Long-Winded", "Orchestra"}
    alone = fit("Donaudampfschifffahrtsgesellschaftskapitän", 89, 20, 12, lambda text: OURS.width(text, True))
    assert len(alone.lines) > 1
    assert alone.size > 4


def test_an_address_breaks_behind_a_slash_or_a_dot() -> None:
    fitted = fit("a-very-long-name.of-a-long-host.example.org/l/k3xm8v2p", 60, 11, 7, lambda text: OURS.width(text, True), apart="/.")
    assert len(fitted.lines) > 1
    assert all(said[-1] in "/." for said, _ in fitted.lines[:-1])
    assert "".join(said for said, _ in fitted.lines) == "a-very-long-name.of-a-long-host.example.org/l/k3xm8v2p"


@given(text=st.text(alphabet="ab\u0301\u0308", min_size=1, max_size=200))
def test_no_accent_is_torn_from_its_letter(text: str) -> None:
    fitted = fit(text, 20, 30, 12, lambda part: OURS.width(part, False))
    assert not [said for said, _ in fitted.lines[1:] if unicodedata.combining(said[0])]
