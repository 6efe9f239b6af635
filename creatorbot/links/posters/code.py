"""The QR code of an address, as rows of dark and light.

Error correction Q: a quarter of the code may be scratched, torn or under a sticker. H would bear 30 % but needs more and so smaller
modules for the same address, which dim light and old phones bear worse than scratches. Where H costs no module, H is taken.
"""

import segno

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks for
Rows = tuple[tuple[bool, ...], ...]


def rows(address: str) -> Rows:
    """True: dark. Without the quiet zone."""
    made = segno.make(address, error="q", boost_error=True, micro=False)
    return tuple(tuple(bool(module) for module in row) for row in made.matrix)


def runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Stretches of dark in one row: where each starts, and how long it is."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((at, 1))
    return found
