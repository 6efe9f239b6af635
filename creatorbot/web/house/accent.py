"""The artist's one colour, made readable: 4.5:1 on paper and in the tinted menu, in light and in dark."""

import re

from creatorbot.errors import InvalidInput

_PAPER = {"light": "#faf7f2", "dark": "#171412"}
_INK = {"light": (0, 0, 0), "dark": (255, 255, 255)}
_ENOUGH = 4.5
_TINT = 0.14  # --accent-soft in the style sheet


def read_colour(typed: str) -> str:
    """A colour as "#rrggbb". Raises InvalidInput with field "accent"."""
    text = typed.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(letter * 2 for letter in text[1:])
    if not re.fullmatch(r"#[0-9a-f]{6}", text):
        raise InvalidInput("Write the colour like #b4432e, or use the colour field.", field="accent")
    return text


def readable(colour: str, scheme: str) -> str:
    """This colour, moved towards black ("light") or white ("dark") just as far as text in it needs to be read."""
    start, goal = _numbers(colour), _INK[scheme]
    for step in range(0, 101, 2):
        mixed = _mix(start, goal, step / 100)
        if _reads(mixed, _numbers(_PAPER[scheme])):
            return "#%02x%02x%02x" % mixed
    return "#%02x%02x%02x" % goal


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """WCAG's ratio, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def style(colour: str) -> str:
    """The style sheet that sets it."""
    return (f":root{{--accent:{readable(colour, 'light')}}}"
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{readable(colour, 'dark')}}}}}\n")


def _reads(colour: tuple[int, int, int], paper: tuple[int, int, int]) -> bool:
    return contrast(colour, paper) >= _ENOUGH and contrast(colour, _mix(paper, colour, _TINT)) >= _ENOUGH


def _numbers(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
