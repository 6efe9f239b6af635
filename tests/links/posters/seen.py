"""What a made file shows: the code's modules read back from pixels, the text of a PDF read back from its glyphs."""

import re
import zlib
from io import BytesIO

import pytest
import segno
from PIL import Image

from creatorbot.links.posters.code import Rows

QUIET = 4


def read_code(png: bytes) -> Rows:
    """The modules of the one code in this picture, found by its own corners; fails where the quiet zone or the grid is not clean."""
    image = Image.open(BytesIO(png)).convert("L")
    left, top, right, bottom = _square(image)
    size = _module(image, left, top)
    count, rest = divmod(right - left, size)
    assert rest == 0, "modules are not whole pixels"
    assert right - left == bottom - top
    quiet = QUIET * size
    around = (left - quiet, top - quiet, right + quiet, bottom + quiet)
    for side in ((*around[:3], top), (around[0], bottom, *around[2:]), (around[0], top, left, bottom), (right, top, around[2], bottom)):
        assert image.crop(side).getextrema() == (255, 255), "the quiet zone is not white"
    found = []
    for row in range(count):
        line = []
        for column in range(count):
            cell = image.crop((left + column * size, top + row * size, left + (column + 1) * size, top + (row + 1) * size))
            low, high = cell.getextrema()
            assert low == high, "a module is not of one colour"
            line.append(low == 0)
        found.append(tuple(line))
    return tuple(found)


def code_in_png(png: bytes, address: str, dpi: int) -> bool:
    """Whether this picture of so many dots an inch holds exactly this address's code, at level Q or better."""
    assert Image.open(BytesIO(png)).info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)  # kept as dots a metre
    code = segno.make(address, error="q", boost_error=True, micro=False)
    assert code.error in ("Q", "H")
    return read_code(png) == tuple(tuple(bool(module) for module in row) for row in code.matrix)


def _square(image: Image.Image) -> tuple[int, int, int, int]:
    """The code's edges: between the two upper corner marks and down to the lower one."""
    width, height = image.size
    for y in range(height):
        row = image.crop((0, y, width, y + 1)).tobytes()
        for found in re.finditer(rb"\x00{20,}", row):
            x, wide = found.span()[0], len(found[0])
            if wide % 7 == 0 and _is_corner(image, x, y, wide // 7):
                right = _last_corner(image, x, y, wide // 7)
                return x, y, right, y + right - x
    raise AssertionError("there is no code in the picture")


def _is_corner(image: Image.Image, x: int, y: int, size: int) -> bool:
    """1 dark, 1 light, 3 dark, 1 light, 1 dark, across and down."""
    if y + 7 * size > image.height or x + 7 * size > image.width:
        return False
    middle = size * 3 + size // 2
    wanted = [0, 255, 0, 0, 0, 255, 0]
    across = [image.getpixel((x + size * at + size // 2, y + middle)) for at in range(7)]
    down = [image.getpixel((x + middle, y + size * at + size // 2)) for at in range(7)]
    return across == wanted and down == wanted


def _last_corner(image: Image.Image, x: int, y: int, size: int) -> int:
    for right in range(x + 14 * size, image.width - 7 * size, size):
        if _is_corner(image, right, y, size):
            return right + 7 * size
    raise AssertionError("the code has no second corner")


def _module(image: Image.Image, x: int, y: int) -> int:
    wide = 0
    while image.getpixel((x + wide, y)) == 0:
        wide += 1
    return wide // 7


def pdf_text(pdf: bytes) -> str:
    """All text of a PDF as fpdf2 writes it, a line for each piece, by each font's own table of what its glyphs mean."""
    objects = {int(number): body for number, body in re.findall(rb"(?s)(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf)}
    tables = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body):
            pointed = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            assert pointed is not None, "a font does not say what its glyphs mean"
            tables[name.decode()] = _meanings(_stream(objects[int(pointed[1])]))
    said, font = [], ""
    for body in objects.values():
        if b" Tj" not in (content := _stream(body)):
            continue
        for chosen, text in re.findall(rb"(?s)/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) ?Tj", content):
            if chosen:
                font = chosen.decode()
            else:
                raw = re.sub(rb"(?s)\\(.)", lambda found: {b"n": b"\n", b"r": b"\r"}.get(found[1], found[1]), text)
                said.append("".join(tables[font][int.from_bytes(raw[at : at + 2], "big")] for at in range(0, len(raw), 2)))
    return "\n".join(said)


def pdf_code(pdf: bytes) -> Rows:
    """The modules of the code in a PDF of one poster, read back from the one path they are drawn as."""
    pages = [found for raw in re.findall(rb"(?s)stream\r?\n(.*?)\r?\nendstream", pdf) if b" Tj" in (found := _unpacked(raw))]
    (path,) = re.findall(rb"0 0 m ((?:[-\d. ]+ (?:re|m) )+)f ", pages[0])
    drawn = [tuple(float(part) for part in found.split()) for found in re.findall(rb"([\d.]+ [\d.]+ [\d.]+ [\d.]+) re", path)]
    size, left, top = drawn[0][2] / 7, drawn[0][0], drawn[0][1]
    count = round((max(x + wide for x, _, wide, _ in drawn) - left) / size)
    dark = {(round((y - top) / size), round((x - left) / size) + step) for x, y, wide, _ in drawn for step in range(round(wide / size))}
    assert all(abs(high - size) < 0.001 for _, _, _, high in drawn)
    return tuple(tuple((row, column) in dark for column in range(count)) for row in range(count))


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""


def _stream(body: bytes) -> bytes:
    found = re.search(rb"(?s)stream\r?\n(.*)\r?\nendstream", body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _meanings(table: bytes) -> dict[int, str]:
    found = {}
    for glyph, meaning in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table):
        found[int(glyph, 16)] = bytes.fromhex(meaning.decode()).decode("utf-16-be")
    return found
