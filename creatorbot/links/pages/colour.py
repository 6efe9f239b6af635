"""The artist's accent colour, moved just far enough to be read on our paper, light and dark (WCAG 2.2 AA)."""

import re

LIGHT_PAPER = "#faf7f2"
DARK_PAPER = "#171412"
_FALLBACK = "#b4432e"
_ENOUGH = 4.6
Colour = tuple[int, int, int]


def readable(accent: str, paper: str) -> str:
    """The nearest tone of this colour that stands out from the paper at least 4.5 to 1, as "#rrggbb"."""
    ground, wanted = _parse(paper), _parse(accent if re.fullmatch(r"#[0-9a-fA-F]{6}", accent) else _FALLBACK)
    end = (255, 255, 255) if _light(ground) < 0.5 else (0, 0, 0)
    for step in range(21):
        tone = _mix(wanted, end, step / 20)
        if _contrast(tone, ground) >= _ENOUGH:
            return "#{:02x}{:02x}{:02x}".format(*tone)
    return "#{:02x}{:02x}{:02x}".format(*end)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    return _contrast(_parse(one), _parse(other))


def _parse(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _mix(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _light(colour: Colour) -> float:
    red, green, blue = ((c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)
