"""Paints posters as a PDF: text is text, the code is drawn as lines, so both are sharp at any size."""

from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from PIL import Image

from creatorbot.links.posters.code import QUIET, Rows, runs
from creatorbot.links.posters.layout import Box, Line, Sheet
from creatorbot.links.posters.lettering import Lettering
from creatorbot.links.posters.papers import Format
from creatorbot.links.posters.typeface import Typeface

_POINT = 72 / 25.4
_CUT = 0.1  # mm, the line to cut along


def paint(
    sheet: Sheet,
    code: Rows,
    cover: Image.Image | None,
    accent: str,
    letters: Lettering,
    *,
    form: Format,
    title: str,
    author: str,
    language: str,
    made_at: datetime,
) -> bytes:
    """The poster on a page of its own, or four of them on a sheet of A4 with lines to cut along."""
    paper = form.sheet
    pdf = FPDF(unit="mm", format=(paper.width, paper.height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_creator("creatorbot")
    pdf.set_lang(language)
    pdf.set_creation_date(made_at)
    pdf.add_page()
    picture = _jpeg(cover) if cover is not None else None
    across = 2 if form.on_a4 > 1 else 1
    for number in range(form.on_a4):
        x, y = (number % across) * paper.width / across, (number // across) * paper.height / across
        _poster(pdf, sheet, code, picture, accent, letters, (x, y))
    if across > 1:
        _cuts(pdf, paper.width, paper.height)
    return bytes(pdf.output())


def _poster(
    pdf: FPDF, sheet: Sheet, code: Rows, picture: BytesIO | None, accent: str, letters: Lettering, corner: tuple[float, float]
) -> None:
    ink = _rgb(accent)
    pdf.set_fill_color(*ink)
    for bar in sheet.bars:
        pdf.rect(corner[0] + bar.x, corner[1] + bar.y, bar.width, bar.height, style="F")
    for line in sheet.lines:
        pdf.set_text_color(*(ink if line.accent else (0, 0, 0)))
        _write(pdf, line, letters, corner)
    if picture is not None and sheet.cover is not None:
        place = sheet.cover
        pdf.image(picture, corner[0] + place.x, corner[1] + place.y, place.width, place.height)
    _code(pdf, sheet.code, code, corner)


def _code(pdf: FPDF, box: Box, code: Rows, corner: tuple[float, float]) -> None:
    """All of it as one path, filled at once: rows painted one by one show hairlines between them on screens."""
    size = box.width / (len(code) + 2 * QUIET)
    left, top = corner[0] + box.x + QUIET * size, corner[1] + box.y + QUIET * size
    with pdf.new_path() as path:
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        for at, row in enumerate(code):
            for start, length in runs(row):
                path.rectangle(left + start * size, top + at * size, length * size, size)


def _write(pdf: FPDF, line: Line, letters: Lettering, corner: tuple[float, float]) -> None:
    x = corner[0] + line.x
    for face, part in letters.runs(line.text, line.bold):
        pdf.set_font(_family(pdf, face), size=line.size * _POINT)
        pdf.text(x, corner[1] + line.baseline, part)
        x += face.width(part) * line.size


def _family(pdf: FPDF, face: Typeface) -> str:
    name = f"{face.path.stem}-{face.number}".lower()
    if name not in pdf.fonts:
        pdf.add_font(name, fname=face.path, collection_font_number=face.number)
    return name


def _cuts(pdf: FPDF, width: float, height: float) -> None:
    pdf.set_draw_color(150)
    pdf.set_line_width(_CUT)
    pdf.set_dash_pattern(dash=1.5, gap=1.5)
    pdf.line(width / 2, 0, width / 2, height)
    pdf.line(0, height / 2, width, height / 2)


def _jpeg(cover: Image.Image) -> BytesIO:
    made = BytesIO()
    cover.save(made, "JPEG", quality=90)
    return made


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
