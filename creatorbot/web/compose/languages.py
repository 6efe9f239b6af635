"""What a post can be marked as written in, so that it is read aloud rightly and shown to those who read it."""

from babel import Locale
from babel.localedata import exists

# Shown by their own names.
_CODES = "bg ca cs cy da de el en es et eu fi fr ga gl hr hu is it ja ko lt lv nb nl pl pt ro ru sk sl sr sv tr uk zh"
LANGUAGES = tuple(_CODES.split(" "))


def languages_to_choose(first: str) -> list[tuple[str, str]]:
    """Codes and names; the artist's own comes first."""
    codes = dict.fromkeys((first, *LANGUAGES))
    return [(code, Locale.parse(code.replace("-", "_")).get_display_name() or code) for code in codes if exists(code.replace("-", "_"))]
