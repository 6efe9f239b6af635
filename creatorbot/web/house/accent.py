"""The artist's one colour, made readable: on paper and in the tinted menu, in light and in dark."""

import re

from creatorbot.errors import InvalidInput
from creatorbot.links.pages.colour import DARK_PAPER, LIGHT_PAPER, contrast, readable

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


def on_paper(colour: str, paper: str) -> str:
    """This colour, moved just as far as text in it needs: on the paper itself and on the paper tinted with it."""
    tone = readable(colour, paper)
    for _ in range(10):
        ground = _tinted(paper, tone)
        if contrast(tone, ground) >= _ENOUGH:
            break
        tone = readable(tone, ground)
    return tone


def moved(colour: str) -> bool:
    """Whether the colour as chosen cannot be read on light paper, so that another is shown."""
    return on_paper(colour, LIGHT_PAPER) != colour


def style(colour: str) -> str:
    """The style sheet that sets it."""
    return (
        f":root{{--accent:{on_paper(colour, LIGHT_PAPER)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{on_paper(colour, DARK_PAPER)}}}}}\n"
    )


def _tinted(paper: str, tone: str) -> str:
    pairs = [(int(paper[i : i + 2], 16), int(tone[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(ground + (ink - ground) * _TINT):02x}" for ground, ink in pairs)
