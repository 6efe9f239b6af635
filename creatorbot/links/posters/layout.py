"""What stands where on a poster, in millimetres. One pure function; both painters follow it.

All measures are those of A6 and grow with the paper's width, so A4 is the same poster twice as large. Each text has a room of its own
that it never leaves: it is wrapped, and made smaller until it fits. What room is left over goes to the code, then between the parts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from creatorbot.links.posters.fitting import ASCENT, LINE, Fitted, fit
from creatorbot.links.posters.papers import A6, Paper

Measure = Callable[[str, bool], float]  # text, bold: its width in parts of the type's size

MARGIN = 8.0  # home printers leave up to 6 mm of the edge white
_BAR = 2.0
_GAP = 2.0
_BESIDE = 5.0
SMALLEST_CODE = 42.0  # about 1 mm a module for usual addresses: read by old phones from half a metre
_LARGEST_CODE = 62.0


@dataclass(frozen=True)
class Words:
    """What the poster says, each in one line as `lettering.plain` gives it; "" for what there is not."""

    artist: str
    title: str
    gig: str
    where: str
    price: str
    scan: str
    address: str


@dataclass(frozen=True)
class Box:
    """A place on the paper: its upper left corner and its size, in millimetres."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """One line of text. baseline: from the paper's upper edge. size: of the type, in millimetres. accent: in the artist's colour."""

    text: str
    x: float
    baseline: float
    size: float
    width: float
    bold: bool
    accent: bool

    @property
    def box(self) -> Box:
        """All that its signs may cover."""
        return Box(self.x, self.baseline - ASCENT * self.size, self.width, LINE * self.size)


@dataclass(frozen=True)
class Sheet:
    """A whole poster. code: the square of the QR code with its quiet zone. bars: filled in the artist's colour."""

    paper: Paper
    lines: tuple[Line, ...]
    code: Box
    cover: Box | None
    bars: tuple[Box, ...]


@dataclass(frozen=True)
class _Part:
    """height: what it takes of the column. fitted: the text that stands there; None: the pictures, or a bar."""

    height: float
    fitted: Fitted | None = None
    bold: bool = False
    accent: bool = False
    pictures: bool = False


def lay_out(paper: Paper, words: Words, measure: Measure, *, cover: float | None) -> Sheet:
    """The poster for this paper. cover: the picture's width divided by its height, None when there is none."""
    unit = paper.width / A6.width
    width, height = paper.width - 2 * MARGIN * unit, paper.height - 2 * MARGIN * unit

    def text(said: str, most: float, room: float, *, bold: bool = False, accent: bool = False, apart: str = " ") -> list[_Part]:
        fitted = fit(said, width, room * unit, most * unit, lambda part: measure(part, bold), apart=apart)
        return [_Part(fitted.height, fitted, bold, accent)] if fitted.lines else []

    above = [_Part(_BAR * unit), *text(words.artist, 12, 18, bold=True), *text(words.title, 6.5, 13)]
    below = text(words.scan, 4.6, 7, bold=True, accent=True) + text(words.address, 7, 10.5, bold=True, apart="/.")
    below += text(words.price, 4.4, 7)
    gig = text(words.gig, 5, 8, bold=True) + text(words.where, 4.2, 6)
    below += [_Part(0.5 * unit), *gig] if gig else []
    gaps = len(above) + len(below)
    free = height - sum(part.height for part in (*above, *below)) - gaps * _GAP * unit
    side = min(free, ((width / unit - _BESIDE) / 2 if cover else _LARGEST_CODE) * unit)
    gap = _GAP * unit + (free - side) / gaps
    return _placed(paper, [*above, _Part(side, pictures=True), *below], gap, unit, cover)


def _placed(paper: Paper, parts: list[_Part], gap: float, unit: float, cover: float | None) -> Sheet:
    left, y = MARGIN * unit, MARGIN * unit
    width = paper.width - 2 * left
    lines: list[Line] = []
    bars: list[Box] = []
    code, picture = Box(0, 0, 0, 0), None
    for part in parts:
        if part.fitted is not None:
            size = part.fitted.size
            for row, (said, wide) in enumerate(part.fitted.lines):
                at = y + (row * LINE + ASCENT) * size
                lines.append(Line(said, left + (width - wide) / 2, at, size, wide, part.bold, part.accent))
        elif part.pictures:
            code, picture = _pictures(Box(left, y, width, part.height), cover)
        else:
            bars.append(Box(left, y, width, part.height))
        y += part.height + gap
    return Sheet(paper, tuple(lines), code, picture, tuple(bars))


def _pictures(room: Box, cover: float | None) -> tuple[Box, Box | None]:
    """The code alone in the middle; with a cover, the cover on the left in a square as large as the code's."""
    side = room.height
    if not cover:
        return Box(room.x + (room.width - side) / 2, room.y, side, side), None
    wide, high = (side, side / cover) if cover > 1 else (side * cover, side)
    return (
        Box(room.x + room.width - side, room.y, side, side),
        Box(room.x + (side - wide) / 2, room.y + (side - high) / 2, wide, high),
    )
