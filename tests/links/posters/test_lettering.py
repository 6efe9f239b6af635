"""Typefaces: ours has what it should, the machine's are found where ours lacks a sign, and what nobody draws is named."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from creatorbot.errors import InvalidInput
from creatorbot.links.posters.layout import Words
from creatorbot.links.posters.lettering import Lettering, plain
from creatorbot.links.posters.make import Poster, make
from creatorbot.links.posters.papers import FORMATS
from creatorbot.links.posters.typeface import faces_in, read_typeface
from tests.links.posters.seen import pdf_text

FONTS = Path(__file__).parents[3] / "creatorbot" / "links" / "posters" / "fonts"
OURS = Lettering(folders=())
PANGRAMS = (
    "Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń. Árvíztűrő tükörfúrógép. Pijamalı hasta yağız şoföre çabucak güvendi. "
    "Glāžšķūņa rūķīši dzērumā čiepj. Įlinkdama fechtuotojo špaga. Ċ Ġ Ħ ħ Ż. Do bạch kim rất quý, sẽ để lắp vô xương. Þ ð ø å æ œ ß ẞ Ł "
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ἄγγελος. Широкая электрификация южных губерний. Ґґ Єє Її Ўў Ђђ Љљ Њњ Ћћ Џџ Ѓѓ Ќќ Ѕѕ "
    "“”‘’„‚«»‹›–—…•·¡¿§¶†‡№©®™℗ €£¥¢₽₴₺₹₩₪₫₱ ← → ↑ ↓ ★ ♥ ♪ ♫ ½ ¼ ² ³ × ÷ ± ≈ ≤ ≥ ∞"
)


def build(path: Path, signs: str, wide: int = 1000) -> TTFont:
    """A small font with a square for each of these signs."""
    signs = "".join(dict.fromkeys(signs))
    names = [".notdef", *(f"u{ord(sign):04X}" for sign in signs)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(sign): f"u{ord(sign):04X}" for sign in signs})
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0)), pen.lineTo((100, 800)), pen.lineTo((900, 800)), pen.lineTo((900, 0)), pen.closePath()
    square = pen.glyph()
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (wide, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.save(path)
    return builder.font


@pytest.mark.parametrize("name", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_our_typefaces_are_read_as_their_makers_tools_read_them(name: str) -> None:
    font, mine = TTFont(FONTS / name), read_typeface(FONTS / name)
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    for number in range(0x11000):
        wanted = font.getGlyphID(glyphs[number]) if number in glyphs else 0
        assert mine.glyph(chr(number)) == wanted
        assert mine.width(chr(number)) * mine.em == pytest.approx(widths[glyphs[number]][0] if number in glyphs else 0)
    assert (FONTS / name).stat().st_size < 250_000


def test_what_europe_writes_is_drawn_by_our_own_in_plain_and_bold() -> None:
    assert OURS.missing(plain(PANGRAMS)) == ""
    assert [sign for sign in plain(PANGRAMS) if not OURS.ours[1].has(sign)] == []


def test_the_licence_of_the_typefaces_lies_beside_them() -> None:
    text = (FONTS / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Bitstream" in text
    assert "THE FONT SOFTWARE IS PROVIDED" in text


@pytest.mark.parametrize("kind", ["ttf", "ttc"])
def test_signs_we_lack_come_from_a_typeface_of_the_machine(tmp_path: Path, kind: str) -> None:
    font = build(tmp_path / "one.ttf", "東京音楽")
    if kind == "ttc":
        collection = TTCollection()
        collection.fonts = [build(tmp_path / "other.ttf", "あ"), font]
        for made in tmp_path.glob("*.ttf"):
            made.unlink()
        collection.save(tmp_path / "two.ttc")
        assert faces_in(tmp_path / "two.ttc") == 2
    letters = Lettering(folders=(tmp_path, tmp_path / "nowhere"))
    assert letters.missing("Tokyo 東京 音楽") == ""
    assert [part for _, part in letters.runs("Tokyo 東京!", True)] == ["Tokyo ", "東京", "!"]
    assert letters.width("東京", False) == pytest.approx(2)
    words = Words("東京音楽", "", "", "", "", "Scan", "music.example.org/l/k3xm8v2p")
    poster = Poster(words, f"https://{words.address}", "#b4432e", "ja")
    assert "東京音楽" in pdf_text(make(poster, FORMATS["a6.pdf"], letters, datetime(2026, 6, 12, tzinfo=UTC)))
    drawn = Image.open(BytesIO(make(poster, FORMATS["a6.png"], letters, datetime(2026, 6, 12, tzinfo=UTC)))).convert("L")
    band = drawn.crop((100, 150, 1140, 480))
    dark = sum(band.histogram()[:64]) / (band.width * band.height)
    assert dark > 0.1  # four filled squares, not four empty boxes


def test_what_nobody_draws_is_named_once_and_can_be_left_out() -> None:
    assert OURS.missing("ギター 🎸🎸 Lido") == "ギター🎸"
    assert OURS.without("ギター 🎸🎸 Lido 🎸 Bar") == "Lido Bar"
    assert not OURS.joined("ギター 🎸")


def test_a_sign_nobody_looked_for_is_not_painted_as_an_empty_box() -> None:
    words = Words("東京", "", "", "", "", "Scan", "music.example.org/l/k3xm8v2p")
    for form in (FORMATS["a6.pdf"], FORMATS["a6.png"]):
        with pytest.raises(InvalidInput, match="cannot draw 東 京"):
            make(Poster(words, f"https://{words.address}", "#b4432e", "ja"), form, OURS, datetime(2026, 6, 12, tzinfo=UTC))


@pytest.mark.parametrize("text", ["بيت", "שלום", "नमस्ते", "สวัสดี", "ខ្មែរ"])
def test_letters_that_join_or_stack_are_never_drawn_sign_by_sign(tmp_path: Path, text: str) -> None:
    build(tmp_path / "all.ttf", text)
    letters = Lettering(folders=(tmp_path,))
    assert set(letters.missing(text)) == set(text)
    assert letters.joined(letters.missing(text))


@given(st.text())
def test_plain_text_holds_nothing_unseen_and_is_plain_already(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not [sign for sign in once if unicodedata.category(sign) in ("Cc", "Cf", "Cs")]
    assert "  " not in once


@given(st.binary(max_size=400), st.sampled_from([b"\0\1\0\0", b"ttcf", b"OTTO", b"true", b""]))
def test_files_that_are_no_fonts_are_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes, start: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "strange.ttf"
    path.write_bytes(start + body)
    read_typeface.cache_clear()
    with pytest.raises(InvalidInput):
        read_typeface(path)


def test_a_folder_of_broken_fonts_hides_no_good_one(tmp_path: Path) -> None:
    (tmp_path / "a-sans.ttf").write_bytes(b"\0\1\0\0" + b"\xff" * 90)
    (tmp_path / "b-sans.ttf").write_bytes(b"")
    (tmp_path / "c.ttf").mkdir()
    build(tmp_path / "z.ttf", "東")
    assert Lettering(folders=(tmp_path,)).missing("東") == ""
