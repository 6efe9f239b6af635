"""What can be done to a value in brackets: {title|upper}, {title|hashtag}, {title|shorten(40)}. Text in, text out, never longer by much."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

import grapheme  # type: ignore[import-untyped]

from creatorbot.wording import N_

MOST_TAGS, LONGEST_TAG = 4, 40


def camel_case(words: str) -> str:
    """ "pay what you want" as PayWhatYouWant, which screen readers read as words; "" when nothing of it can be a hashtag."""
    cut = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", words))
    name = "".join(word[:1].upper() + word[1:] for word in cut)
    return name if any(letter.isalpha() for letter in name) and len(name) <= LONGEST_TAG else ""


def hashtag(value: str) -> str:
    """ "Tall Ships" as #TallShips; "" where no hashtag can be made of it."""
    name = camel_case(value)
    return f"#{name}" if name else ""


def hashtags(tags: Iterable[str], most: int = MOST_TAGS) -> str:
    """Tags as CamelCase hashtags: "new wave" becomes #NewWave. At most so many, none twice."""
    made: dict[str, str] = {}
    for tag in tags:
        if one := hashtag(tag):
            made.setdefault(one.lower(), one)
    return " ".join(list(made.values())[:most])


def shorten(value: str, most: int) -> str:
    """At most so many letters, cut between words where it can be, with … at the end."""
    if grapheme.length(value) <= most:
        return value
    cut: str = grapheme.slice(value, 0, most - 1)
    at_word = cut.rpartition(" ")[0]
    return f"{(at_word if len(at_word) > len(cut) // 2 else cut).rstrip()}…"


def first_large(value: str) -> str:
    """The first letter large, the rest as it is."""
    return value[:1].upper() + value[1:]


FILTERS: Mapping[str, Callable[..., str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "capitalize": first_large,
    "hashtag": hashtag,
    "shorten": shorten,
}
TAKES_NUMBER = frozenset({"shorten"})
MEANINGS: Mapping[str, str] = {
    "{title|hashtag}": N_("as a #HashTag"),
    "{title|upper}": N_("IN LARGE LETTERS"),
    "{title|lower}": N_("in small letters"),
    "{kind|capitalize}": N_("its first letter large"),
    "{title|shorten(40)}": N_("at most 40 letters"),
}
