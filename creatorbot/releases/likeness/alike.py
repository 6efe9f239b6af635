"""Whether releases from two places may be one and the same. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from creatorbot.sources import standard_codes

Likeness = Literal["upc", "isrc", "same", "alike"]
AUTOMATIC: tuple[Likeness, ...] = ("upc", "isrc", "same")
_NOT_LETTERS = re.compile(r"[\W_]+")
_DASH = re.compile(r"\s+[-–—:|]\s+|:\s+")
_BY = re.compile(r"\s+(?:by|von|par|de|di)\s+", re.I)
_GUESTS = re.compile(r"[\s(\[]+(?:feat|ft|featuring)\b\.?[^)\]]*[)\]]?", re.I)
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
# Words that say it is another edition: to a fan another release. Numbers do the same.
_EDITIONS = re.compile(
    r"\b(deluxe|expanded|extended|anniversary|remaster\w*|remix\w*|mix|rework\w*|live|unplugged|acoustic|instrumentals?|demos?|"
    r"karaoke|edit|version|cover|bonus|edition|reprise|sessions?|outtakes|alternate|radio|bootleg|"
    r"vol|volume|part|pt|no|i{2,3}|iv|vi{0,3}|ix|\d+)\b"
)
_EMPTY_WORDS = re.compile(r"\b(album|ep|lp|single|music video|official|full|out now|new)\b")
_ANY = ("unknown", "post", "episode")  # a feed seldom says what an entry is


@dataclass(frozen=True)
class Traits:
    """What is compared. upc, isrc: as stored. tracks: None when unknown. source_id: its own source, listed_by: all that list it.

    key: the `alike_key` of a fresh one.
    """

    release_id: int
    title: str
    artist: str
    kind: str = "unknown"
    tracks: int | None = None
    upc: str = ""
    isrc: str = ""
    source_id: int | None = None
    listed_by: frozenset[int] = frozenset()
    key: str = ""

    @property
    def sources(self) -> frozenset[int]:
        """Every source that knows it; none for one typed by hand."""
        return self.listed_by if self.source_id is None else self.listed_by | {self.source_id}


def alike(one: Traits, other: Traits) -> Likeness | None:
    """Why these two may be the same; None for different ones. "upc", "isrc" and "same" are sure enough to join without asking.

    Never within one source: what it lists apart is apart. The order of the two makes no difference.
    """
    if one.release_id == other.release_id or one.sources & other.sources:
        return None
    if _same_upc(one, other):
        return "upc"
    if one.isrc and one.isrc == other.isrc and {one.kind, other.kind} == {"track"} and standard_codes.isrc(one.isrc):
        return "isrc"
    if artist_key(one.artist) != artist_key(other.artist) or not _kinds_agree(one.kind, other.kind):
        return None
    if _same_album(one, other):
        return "same"
    key = loose_key(one.title, one.artist)
    return "alike" if key is not None and key == loose_key(other.title, other.artist) else None


def pairs(fresh: Iterable[Traits], others: Sequence[Traits]) -> list[tuple[Traits, Traits, Likeness]]:
    """Every fresh one with each of the others it is like, each pair once. Meant for others that share a number or an `alike_key`."""
    found: dict[tuple[int, int], tuple[Traits, Traits, Likeness]] = {}
    for one in fresh:
        for other in others:
            why = alike(one, other)
            if why:
                found.setdefault((min(one.release_id, other.release_id), max(one.release_id, other.release_id)), (one, other, why))
    return list(found.values())


def alike_key(title: str, artist: str) -> str:
    """What releases that are alike have in common; "" when nothing is left of the title. Kept with the release, to find it by."""
    key = loose_key(title, artist)
    return "".join((key[0], "#" if key[1] else "", " ".join(key[1])))[:100] if key else ""


def same_upcs(number: str) -> tuple[str, ...]:
    """The forms in which the same product number may be written: an UPC is an EAN with a zero before it. Empty for no valid one."""
    digits = standard_codes.upc(number).lstrip("0")
    return tuple(digits.zfill(length) for length in (8, 12, 13, 14) if len(digits) <= length) if digits else ()


def _same_upc(one: Traits, other: Traits) -> bool:
    products = {one.kind, other.kind} <= {"album", "unknown"} or one.kind == other.kind
    return products and bool(set(same_upcs(one.upc)) & set(same_upcs(other.upc)))


def _same_album(one: Traits, other: Traits) -> bool:
    # One "album" of a single track is what some shops make of every track.
    many = one.tracks is not None and one.tracks == other.tracks and one.tracks > 1
    apart = standard_codes.upc(one.upc) and standard_codes.upc(other.upc)
    return (
        many
        and not apart
        and one.kind == other.kind == "album"
        and strict_key(one.title, one.artist) == strict_key(other.title, other.artist) != ""
    )


def _kinds_agree(one: str, other: str) -> bool:
    return one == other or one in _ANY or other in _ANY


def artist_key(name: str) -> str:
    """A name for comparison only: "The Foo & Bar" is "foo and bar"."""
    return _letters(name).removeprefix("the ")


def strict_key(title: str, artist: str) -> str:
    """The title without capitals, punctuation and the artist's name around it; "" when nothing is left."""
    return _letters(_without_artist(title, artist))


def loose_key(title: str, artist: str) -> tuple[str, tuple[str, ...]] | None:
    """The title without guests, brackets and words that say little, and what makes it another edition; None when nothing is left."""
    title = _without_artist(title, artist)
    words = _letters(title)
    bare = _EMPTY_WORDS.sub(" ", _EDITIONS.sub(" ", _letters(_BRACKETS.sub(" ", _GUESTS.sub(" ", title)))))
    key = "".join(bare.removeprefix("the ").split())
    editions = tuple(sorted(set(_EDITIONS.findall(words))))
    return (key, editions) if key or editions else None


def _without_artist(title: str, artist: str) -> str:
    """ "Artist – Title" and "Title by Artist" without the artist."""
    name = _letters(artist)
    if not name:
        return title
    before, dash, after = (part.strip() for part in _partition(title, _DASH))
    if dash and _letters(before) == name and _letters(after):
        return after
    if dash and _letters(after) == name and _letters(before):
        return before
    head, by, tail = (part.strip() for part in _partition(title, _BY, last=True))
    return head if by and _letters(tail) == name and _letters(head) else title


def _partition(text: str, pattern: re.Pattern[str], *, last: bool = False) -> tuple[str, str, str]:
    found = list(pattern.finditer(text))
    if not found:
        return text, "", ""
    cut = found[-1 if last else 0]
    return text[: cut.start()], cut.group().strip() or "-", text[cut.end() :]


@lru_cache(1024)  # an artist's name is asked for with each title
def _letters(text: str) -> str:
    """Small letters without accents, words apart by one space, "&" as "and"."""
    plain = text.casefold().replace("&", " and ").replace("+", " and ").replace("’", "").replace("'", "")
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub(" ", plain).strip() or " ".join(text.casefold().split())
