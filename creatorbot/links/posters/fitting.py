"""Text into a room: wrapped between words, made smaller until it fits, cut into pieces only where one word is wider than the room."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

ASCENT = 0.94  # of DejaVu Sans, in parts of its size; no other typeface we use is taller
LINE = 1.18
_SMALLER = 0.95
_UNBROKEN_DOWN_TO = 0.5  # of its largest size: so far a word is rather made smaller than cut


@dataclass(frozen=True)
class Fitted:
    """lines: each with its width. size: of the type. All in millimetres."""

    lines: tuple[tuple[str, float], ...]
    size: float

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last."""
        return len(self.lines) * LINE * self.size


@dataclass(frozen=True)
class _Piece:
    """A stretch of text that is best kept together. width: in parts of the size. close: no space before it."""

    text: str
    width: float
    close: bool


def fit(text: str, width: float, height: float, most: float, measure: Callable[[str], float], *, apart: str = " ") -> Fitted:
    """The text as large as it may be in this room, at most of size `most`. measure: width in parts of the size.

    apart: the signs behind which a line may end; a space is left out at the end of a line, any other is kept.
    """
    pieces = _pieces(text, measure, apart)
    if not pieces:
        return Fitted((), most)
    space, size, widest = measure(" "), most, max(piece.width for piece in pieces)
    while True:
        whole = widest * size <= width
        if whole or size < most * _UNBROKEN_DOWN_TO:
            used = [part for piece in pieces for part in ([piece] if piece.width * size <= width else _cut(piece, measure))]
            lines = _wrap(used, width / size, space)
            if len(lines) * LINE * size <= height and max(wide for _, wide in lines) * size <= width:
                balanced = _balanced(used, width / size, space, len(lines))
                return Fitted(tuple((said, wide * size) for said, wide in balanced), size)
        size *= _SMALLER


def _pieces(text: str, measure: Callable[[str], float], apart: str) -> list[_Piece]:
    found: list[_Piece] = []
    for word in filter(None, text.split(" ")):  # an unbreakable space is no place to break
        parts, start = [], 0
        for at, sign in enumerate(word):
            if sign in apart and at + 1 < len(word):
                parts.append(word[start : at + 1])
                start = at + 1
        parts.append(word[start:])
        found += [_Piece(part, measure(part), close=row > 0) for row, part in enumerate(parts)]
    return found


def _cut(piece: _Piece, measure: Callable[[str], float]) -> list[_Piece]:
    """Sign by sign, each with the marks that stand on it."""
    signs: list[str] = []
    for sign in piece.text:
        if signs and unicodedata.combining(sign):
            signs[-1] += sign
        else:
            signs.append(sign)
    return [_Piece(sign, measure(sign), close=piece.close or row > 0) for row, sign in enumerate(signs)]


def _wrap(pieces: list[_Piece], width: float, space: float) -> list[tuple[str, float]]:
    lines: list[tuple[str, float]] = []
    said, wide = [pieces[0].text], pieces[0].width
    for piece in pieces[1:]:
        before = 0.0 if piece.close else space
        if wide + before + piece.width > width:
            lines.append(("".join(said), wide))
            said, wide = [piece.text], piece.width
        else:
            said.append(piece.text if piece.close else f" {piece.text}")
            wide += before + piece.width
    return [*lines, ("".join(said), wide)]


def _balanced(pieces: list[_Piece], width: float, space: float, count: int) -> list[tuple[str, float]]:
    """The same number of lines, as even as they can be."""
    low, high = 0.0, width
    for _ in range(12 if count > 1 else 0):
        middle = (low + high) / 2
        tried = _wrap(pieces, middle, space)
        if len(tried) <= count and max(wide for _, wide in tried) <= middle:
            high = middle
        else:
            low = middle
    return _wrap(pieces, high, space)
