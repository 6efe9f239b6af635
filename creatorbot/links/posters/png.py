"""Paints a poster as PNG. A module of the code is a whole number of pixels, so that its edges are sharp."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from creatorbot.links.posters.code import QUIET, Rows, runs
from creatorbot.links.posters.layout import Box, Line, Sheet
from creatorbot.links.posters.lettering import Lettering
from creatorbot.links.posters.typeface import Typeface

_INCH = 25.4


def paint(sheet: Sheet, code: Rows, cover: Image.Image | None, accent: str, letters: Lettering, *, dpi: int, title: str) -> bytes:
    """The poster as a PNG that knows its size on paper."""
    dots = dpi / _INCH
    image = Image.new("RGB", (round(sheet.paper.width * dots), round(sheet.paper.height * dots)), "white")
    pen = ImageDraw.Draw(image)
    for bar in sheet.bars:
        pen.rectangle(_pixels(bar, dots), fill=accent)
    for line in sheet.lines:
        _write(pen, line, accent if line.accent else "black", letters, dots)
    if cover is not None and sheet.cover is not None:
        left, top, right, bottom = _pixels(sheet.cover, dots)
        image.paste(cover.resize((right - left + 1, bottom - top + 1)), (left, top))
    _code(pen, sheet.code, code, dots)
    told = PngInfo()
    told.add_itxt("Title", title)
    made = BytesIO()
    image.save(made, "PNG", dpi=(dpi, dpi), pnginfo=told)
    return made.getvalue()


def module_pixels(box: Box, modules: int, dpi: int) -> tuple[int, int, int]:
    """How many pixels one module has, and where the first one begins (x, y), quiet zone left out."""
    dots = dpi / _INCH
    size = int(box.width * dots / (modules + 2 * QUIET))
    rest = (box.width * dots - modules * size) / 2
    return size, round(box.x * dots + rest), round(box.y * dots + rest)


def _code(pen: ImageDraw.ImageDraw, box: Box, code: Rows, dots: float) -> None:
    size, left, top = module_pixels(box, len(code), round(dots * _INCH))
    for at, row in enumerate(code):
        y = top + at * size
        for start, length in runs(row):
            x = left + start * size
            pen.rectangle((x, y, x + length * size - 1, y + size - 1), fill="black")


def _write(pen: ImageDraw.ImageDraw, line: Line, colour: str, letters: Lettering, dots: float) -> None:
    x = line.x
    for face, part in letters.runs(line.text, line.bold):
        pen.text((x * dots, line.baseline * dots), part, fill=colour, font=_font(face, line.size * dots), anchor="ls")
        x += face.width(part) * line.size


@lru_cache(maxsize=32)
def _font(face: Typeface, size: float) -> ImageFont.FreeTypeFont:
    # The basic engine moves the pen by the same widths we measured with.
    return ImageFont.truetype(face.path, size, index=face.number, layout_engine=ImageFont.Layout.BASIC)


def _pixels(box: Box, dots: float) -> tuple[int, int, int, int]:
    return round(box.x * dots), round(box.y * dots), round((box.x + box.width) * dots) - 1, round((box.y + box.height) * dots) - 1
