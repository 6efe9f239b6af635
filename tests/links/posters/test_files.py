"""The made files themselves: size on paper, code, text, colours; and how they are with hurt codes, covers and strange letters."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from creatorbot.links.pages import colour
from creatorbot.links.posters import code
from creatorbot.links.posters.layout import Words
from creatorbot.links.posters.lettering import Lettering
from creatorbot.links.posters.make import Poster, make
from creatorbot.links.posters.papers import FORMATS, SHOWN
from tests.links.posters.seen import code_in_png, pdf_code, pdf_text

OURS = Lettering(folders=())
AT = datetime(2026, 6, 12, tzinfo=UTC)
SHORT = Words("Aoife Marsh", "Tall Ships", "Lido", "Berlin", "7 €", "Scan to listen and give", "music.example.org/l/k3xm8v2p")
LONG = Words(
    "The Extraordinarily Long-Winded Orchestra of Donaudampfschifffahrtsgesellschaftskapitänswitwenrente",
    "An Album With a Title so Long That Nobody Ever Finished Reading It, Live at the Lighthouse (Remastered, 2026)",
    "Festival International des Musiques Improvisées de Saint-Julien-en-Genevois",
    "Große Freiheit, Hamburg · Wednesday, 23 September 2026",
    "Pay what you want – we suggest 7\u00a0€",
    "Ġħallem · Türkçe · Tiếng Việt · Ελληνικά · Українська",
    "music.a-rather-long-server-name.example.org/l/k3xm8v2p",
)


def picture(size: tuple[int, int] = (400, 300), mode: str = "RGB", kind: str = "JPEG") -> bytes:
    """A cover's file."""
    made = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(made, kind)
    return made.getvalue()


def made(words: Words, name: str, cover: bytes | None = None, accent: str = "#b4432e") -> bytes:
    """A poster's file."""
    poster = Poster(words, f"https://{words.address}", accent, "en", cover)
    return make(poster, FORMATS[name] if name != "shown" else SHOWN, OURS, AT)


@pytest.mark.parametrize("words", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    "cover", [None, picture(), picture((300, 900), "L"), picture((80, 80), "RGBA", "PNG")], ids=["none", "wide", "grey", "clear"]
)
@pytest.mark.parametrize(
    ("name", "dpi", "size"), [("a6.png", 300, (1240, 1748)), ("a4.png", 200, (1654, 2339)), ("shown", 110, (455, 641))]
)
def test_a_picture_has_its_size_and_exactly_the_code(words: Words, cover: bytes | None, name: str, dpi: int, size: tuple[int, int]) -> None:
    png = made(words, name, cover)
    assert Image.open(BytesIO(png)).size == size
    assert code_in_png(png, f"https://{words.address}", dpi)


@settings(max_examples=25)
@given(host=st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=200))
def test_the_code_of_any_address_is_exactly_that_addresss(host: str) -> None:
    words = Words("A", "", "", "", "", "Scan", f"{host}.example/l/k3xm8v2p")
    assert code_in_png(made(words, "a6.png"), f"https://{words.address}", 300)


def test_the_code_is_made_to_bear_damage_and_no_larger_for_it() -> None:
    """ISO/IEC 18004: level Q mends 25 % of the code words, H 30 %. Which level it is can be read from the code itself."""
    for address in (f"https://{'m' * long}.example.org/l/k3xm8v2p" for long in range(1, 80)):
        rows = code.rows(address)
        # The level stands in the first two modules beside the upper left corner, hidden under a mask known to all readers.
        level = (rows[8][0] << 1 | rows[8][1]) ^ 0b10
        assert level in (0b11, 0b10), "neither Q nor H"
        assert len(rows) <= len(segno.make(address, error="q", boost_error=False, micro=False).matrix)


def test_stretches_of_dark_are_the_row_again() -> None:
    for row in code.rows("https://music.example.org/l/k3xm8v2p"):
        again = [False] * len(row)
        for start, length in code.runs(row):
            again[start : start + length] = [True] * length
            assert start + length == len(row) or not row[start + length]
        assert tuple(again) == row


@pytest.mark.parametrize("name", [name for name in FORMATS if name.endswith(".pdf")])
def test_a_pdf_is_one_page_of_its_paper_with_text_that_is_text(name: str) -> None:
    pdf = made(LONG, name, picture())
    wide, high = FORMATS[name].sheet.width / 25.4 * 72, FORMATS[name].sheet.height / 25.4 * 72
    (found,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert (float(found[0]), float(found[1])) == (pytest.approx(wide, abs=0.01), pytest.approx(high, abs=0.01))
    assert pdf.count(b"/Type /Page\n") == 1
    said = pdf_text(pdf).replace("\n", " ").replace("\u00a0", " ")
    for word in " ".join(vars(LONG).values()).replace("\u00a0", " ").split():
        if not word.startswith(("music", "Donau")):  # too long for one line
            assert word in said, word
    assert said.count("Lighthouse") == FORMATS[name].on_a4
    title = f"{LONG.artist} – {LONG.title}".encode("utf-16-be")
    assert title.hex().encode() in pdf.lower() or title in pdf.replace(b"\\(", b"(").replace(b"\\)", b")")
    assert b"D:20260612" in pdf


@pytest.mark.parametrize("words", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("name", ["a6.pdf", "a4.pdf"])
def test_the_code_in_the_pdf_is_exactly_the_addresss(words: Words, name: str) -> None:
    assert pdf_code(made(words, name, picture())) == code.rows(f"https://{words.address}")


@pytest.mark.parametrize("accent", ["#ffffff", "#ffe680", "#000000", "#00ff00", "nonsense"])
def test_every_colour_can_be_read_on_white(accent: str) -> None:
    image = Image.open(BytesIO(made(SHORT, "a6.png", accent=accent))).convert("RGB")
    bar = image.getpixel((image.width // 2, round((8 + 1) / 25.4 * 300)))
    assert isinstance(bar, tuple)
    assert colour.contrast("#{:02x}{:02x}{:02x}".format(*bar[:3]), "#ffffff") >= 4.5


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff", b"GIF89a" + b"x" * 99, picture()[:200], picture(kind="PNG")[:80]])
def test_what_is_no_picture_is_left_out(broken: bytes) -> None:
    assert code_in_png(made(SHORT, "a6.png", broken), f"https://{SHORT.address}", 300)


def test_making_one_takes_less_than_sixty_megabytes() -> None:
    """The largest of them, with the largest cover there is, in a process that has loaded what every web process has loaded anyway."""
    script = (
        "import resource, sys, importlib\n"
        "import creatorbot.web.links.posters\n"
        "from creatorbot.links.posters.layout import Words\n"
        "from creatorbot.links.posters.lettering import Lettering\n"
        "from creatorbot.links.posters.papers import FORMATS\n"
        "cover = sys.stdin.buffer.read()\n"
        "from datetime import datetime, UTC\n"
        "assert 'fpdf' not in sys.modules and 'fontTools' not in sys.modules\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "make = importlib.import_module('creatorbot.links.posters.make')\n"
        "words = Words('A', 'B', 'C', 'D', 'E', 'F', 'music.example.org/l/k3xm8v2p')\n"
        "poster = make.Poster(words, 'https://' + words.address, '#b4432e', 'en', cover)\n"
        "for form in FORMATS.values():\n"
        "    make.make(poster, form, Lettering(()), datetime.now(UTC))\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / (1024 if sys.platform != 'darwin' else 1024 * 1024))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], input=picture((2000, 2000)), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert float(done.stdout) < 60, done.stdout
