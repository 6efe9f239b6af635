"""Which signs a font file has and how wide they are: the three tables of it that tell (OpenType specification, cmap, hhea, hmtx).

Read by hand, in a few milliseconds: the library the PDF painter brings along takes 20 MB, and every page that measures text would load it.
"""

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from creatorbot.errors import InvalidInput

_COLLECTION = b"ttcf"
_KINDS = (b"\0\1\0\0", b"true", b"OTTO", _COLLECTION)


@dataclass(frozen=True, eq=False)
class Typeface:
    """One face of a font file. number: which one in a collection. starts, ends, glyphs: runs of signs, in order; within a run a sign's
    glyph is the run's plus its distance from the start, or is looked up in `listed`. widths: by glyph, in units of 1 / em."""

    path: Path
    number: int
    em: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    glyphs: tuple[int, ...]
    listed: dict[int, int]
    widths: tuple[int, ...]

    def glyph(self, sign: str) -> int:
        """The number of its drawing; 0: there is none."""
        code = ord(sign)
        at = bisect_right(self.starts, code) - 1
        if at < 0 or code > self.ends[at]:
            return 0
        return self.listed.get(code, 0) if self.glyphs[at] < 0 else (self.glyphs[at] + code - self.starts[at]) & 0xFFFF

    def has(self, sign: str) -> bool:
        """Whether it can be drawn."""
        return self.glyph(sign) != 0

    def width(self, text: str) -> float:
        """How far the pen moves, in parts of the type's size. Signs it lacks count as nothing."""
        last = len(self.widths) - 1
        return sum(self.widths[min(glyph, last)] for sign in text if (glyph := self.glyph(sign))) / self.em


@lru_cache(maxsize=16)
def read_typeface(path: Path, number: int = 0) -> Typeface:
    """The face in this file. Raises InvalidInput for what is no font we can measure."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
            if start[:4] not in _KINDS:
                raise InvalidInput("This is not a font: %(name)s", name=path.name)
            offset = 0
            if start[:4] == _COLLECTION:
                file.seek(12 + 4 * number)
                (offset,) = struct.unpack(">I", file.read(4))
            file.seek(offset + 4)
            (count,) = struct.unpack(">H", file.read(2))
            file.seek(offset + 12)
            records = file.read(16 * count)
            places = {records[i : i + 4]: struct.unpack(">II", records[i + 8 : i + 16]) for i in range(0, len(records), 16)}
            tables = {}
            for name in (b"head", b"hhea", b"hmtx", b"cmap"):
                file.seek(places[name][0])
                tables[name] = file.read(places[name][1])
        if not ({b"glyf", b"CFF "} & places.keys()):
            raise InvalidInput("This font holds pictures, not outlines: %(name)s", name=path.name)
        (em,) = struct.unpack(">H", tables[b"head"][18:20])
        (many,) = struct.unpack(">H", tables[b"hhea"][34:36])
        widths = struct.unpack(f">{many * 2}H", tables[b"hmtx"][: many * 4])[::2]
        return Typeface(path, number, em, *_signs(tables[b"cmap"]), widths)
    except (OSError, struct.error, KeyError, IndexError) as error:
        raise InvalidInput("This font cannot be read: %(name)s", name=path.name) from error


def faces_in(path: Path) -> int:
    """How many faces this file holds; 0 for no font."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError:
        return 0
    if start[:4] != _COLLECTION:
        return int(start[:4] in _KINDS)
    return min(int(struct.unpack(">I", start[8:12])[0]), 16)


_Signs = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], dict[int, int]]


def _signs(table: bytes) -> _Signs:
    """The largest table of signs it has: format 12 (all of Unicode) before format 4 (the first 65,536)."""
    (count,) = struct.unpack(">H", table[2:4])
    offsets = [struct.unpack(">HHI", table[4 + 8 * i : 12 + 8 * i]) for i in range(count)]
    found = {struct.unpack(">H", table[at : at + 2])[0]: at for platform, _, at in offsets if platform in (0, 3)}
    if 12 in found:
        return _all_signs(table, found[12])
    return _first_signs(table, found[4])


def _all_signs(table: bytes, at: int) -> _Signs:
    (groups,) = struct.unpack(">I", table[at + 12 : at + 16])
    cells = struct.unpack(f">{groups * 3}I", table[at + 16 : at + 16 + groups * 12])
    return cells[::3], cells[1::3], cells[2::3], {}


def _first_signs(table: bytes, at: int) -> _Signs:
    (twice,) = struct.unpack(">H", table[at + 6 : at + 8])
    many, pairs = twice // 2, f">{twice // 2}H"
    ends = struct.unpack(pairs, table[at + 14 : at + 14 + twice])
    starts = struct.unpack(pairs, table[at + 16 + twice : at + 16 + 2 * twice])
    moves = struct.unpack(pairs, table[at + 16 + 2 * twice : at + 16 + 3 * twice])
    jumps = struct.unpack(pairs, table[at + 16 + 3 * twice : at + 16 + 4 * twice])
    glyphs, listed = [], {}
    for index in range(many):
        glyphs.append((starts[index] + moves[index]) & 0xFFFF if not jumps[index] else -1)
        for code in range(starts[index], ends[index] + 1) if jumps[index] and starts[index] != 0xFFFF else ():
            place = at + 16 + 3 * twice + 2 * index + jumps[index] + 2 * (code - starts[index])
            (glyph,) = struct.unpack(">H", table[place : place + 2])
            listed[code] = (glyph + moves[index]) & 0xFFFF if glyph else 0
    return starts, ends, tuple(glyphs), listed
