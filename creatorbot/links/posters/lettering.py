"""Which typeface draws which sign: ours, else one of the machine's. What nobody can draw is said, never drawn wrong."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

from creatorbot.errors import InvalidInput
from creatorbot.links.posters.typeface import Typeface, faces_in, read_typeface

_OURS = Path(__file__).resolve().parent / "fonts"
_HOME = Path("~").expanduser()
SYSTEM = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    _HOME / ".local/share/fonts",
    _HOME / ".fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    _HOME / "Library/Fonts",
)
_MOST_FILES = 400
# Scripts whose letters join, stack or run from right to left (Unicode blocks): drawn sign by sign they would be wrong.
_JOINED = re.compile(
    "[\u0590-\u109f\u1100-\u11ff\u1680-\u18af\u1900-\u1cff\ua800-\ua82f\ua840-\ua95f\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00011fff\U00016100-\U0001611f\U0001e000-\U0001efff]"
)
_UNSEEN = {"Cc", "Cf", "Cs"}
_VARIANTS = range(0xFE00, 0xFE10)


def plain(text: str) -> str:
    """In one line and as few signs as possible: letters with their accents in one, without what nobody sees."""
    seen = "".join(sign for sign in text if sign.isspace() or not _unseen(sign))
    return unicodedata.normalize("NFC", " ".join(re.split(r"[^\S\u00a0\u202f]+", seen.strip())))


def _unseen(sign: str) -> bool:
    # The last two of each 65,536 are no signs, and no SVG may hold them.
    return unicodedata.category(sign) in _UNSEEN or ord(sign) in _VARIANTS or ord(sign) & 0xFFFE == 0xFFFE


@dataclass
class Lettering:
    """Draws with our two typefaces and with what lies in these folders. Remembers what it found."""

    folders: tuple[Path, ...] = SYSTEM
    _others: dict[str, Typeface] = field(default_factory=dict)

    @property
    def ours(self) -> tuple[Typeface, Typeface]:
        """The plain one and the bold one."""
        return read_typeface(_OURS / "DejaVuSans.ttf"), read_typeface(_OURS / "DejaVuSans-Bold.ttf")

    def missing(self, text: str) -> str:
        """The signs of this text nothing here can draw, each once, in their order. text: as `plain` gives it."""
        lacking = [sign for sign in dict.fromkeys(text) if not self.ours[0].has(sign) and sign not in self._others]
        wanted = [sign for sign in lacking if not _JOINED.match(sign)]
        if wanted:
            self._look_for(wanted)
        return "".join(sign for sign in lacking if sign not in self._others)

    def without(self, text: str) -> str:
        """The text less what cannot be drawn."""
        gone = self.missing(text)
        return " ".join("".join(sign for sign in text if sign not in gone).split())

    def joined(self, text: str) -> bool:
        """Whether it holds letters that no typeface would help: they join, stack or run from right to left."""
        return _JOINED.search(text) is not None

    def face(self, sign: str, bold: bool) -> Typeface:
        """What draws this sign. Ours for one that is missing: it draws an empty box."""
        mine = self.ours[bold]
        return mine if mine.has(sign) else self._others.get(sign, mine)

    def runs(self, text: str, bold: bool) -> list[tuple[Typeface, str]]:
        """The text cut where another typeface begins."""
        return [(face, "".join(signs)) for face, signs in groupby(text, lambda sign: self.face(sign, bold))]

    def width(self, text: str, bold: bool) -> float:
        """How wide it is, in parts of the type's size."""
        return sum(face.width(part) for face, part in self.runs(text, bold))

    def _look_for(self, signs: list[str]) -> None:
        open_ = set(signs)
        for face in _faces(self.folders):
            found = {sign for sign in open_ if face.has(sign)}
            self._others.update(dict.fromkeys(found, face))
            open_ -= found
            if not open_:
                return


@lru_cache(maxsize=1)
def lettering() -> Lettering:
    """The one of this machine."""
    return Lettering()


def _faces(folders: Iterable[Path]) -> Iterator[Typeface]:
    files = [path for folder in folders if folder.is_dir() for path in islice(folder.rglob("*.[otOT][tT][fFcC]"), 2000)]
    for path in sorted(files, key=_worth)[:_MOST_FILES]:
        for number in range(faces_in(path)):
            try:
                yield read_typeface(path, number)
            except InvalidInput:
                break


def _worth(path: Path) -> tuple[int, str]:
    """Upright, plain faces without serifs first."""
    name = path.name.lower()
    spoilt = sum(
        word in name for word in ("italic", "oblique", "condensed", "narrow", "mono", "light", "thin", "black", "serif", "bold", "math")
    )
    return spoilt - ("sans" in name) - ("gothic" in name), str(path)
