"""The words of a post as Threads keeps and counts them. Pure."""

import re

import grapheme  # type: ignore[import-untyped]

MOST_LETTERS = 500
# What is drawn as a picture, or makes one of what stands before it. Too many rather than too few: these are counted by their bytes.
_PICTURES = re.compile(
    "[\u200d\u20e3\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,;:!?)"


def written(text: str, warning: str = "") -> str:
    """What is sent. warning: goes first, on a line of its own."""
    return f"⚠ {' '.join(warning.split())}\n\n{text}" if warning.strip() else text


def length(text: str, warning: str = "") -> int:
    """As Threads counts: signs, but emoji by their UTF-8 bytes (an ordinary one is 4, a flag or a family many). Addresses in full."""
    letters = grapheme.graphemes(written(text, warning))
    return sum(len(letter.encode()) if _PICTURES.search(letter) else len(letter) for letter in letters)


def addresses(text: str) -> list[str]:
    """The addresses in a text, in order, each once."""
    return list(dict.fromkeys(found.rstrip(_ENDS_A_SENTENCE) for found in _ADDRESS.findall(text)))


def seen(text: str) -> str:
    """What a reader makes of a text: without spaces, and without the # that Threads takes off the one tag it knows."""
    return re.sub(r"[\s#]+", "", text)
