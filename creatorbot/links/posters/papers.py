"""The sheets a poster is made for, by the name each file carries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """Millimetres, upright."""

    width: float
    height: float


A6 = Paper(105.0, 148.0)
A4 = Paper(210.0, 297.0)


@dataclass(frozen=True)
class Format:
    """One file: the paper of the poster, how many to a sheet of A4 (1: the sheet is the poster's own), and dots an inch, 0 for a PDF."""

    paper: Paper
    on_a4: int = 1
    dpi: int = 0

    @property
    def sheet(self) -> Paper:
        """What goes into the printer."""
        return A4 if self.on_a4 > 1 else self.paper


FORMATS: dict[str, Format] = {
    "a6.pdf": Format(A6),
    "a4.pdf": Format(A4),
    "four-a6-on-a4.pdf": Format(A6, on_a4=4),
    "a6.png": Format(A6, dpi=300),
    "a4.png": Format(A4, dpi=200),  # 300 would take 26 MB of memory; who prints large takes the PDF, which knows no dots
}
SHOWN = Format(A6, dpi=110)  # on the page, before anything is printed
