"""What one reading of a Bandcamp release page says; and two independent readings laid side by side, field by field."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from creatorbot.sources import licences
from creatorbot.sources.base import Availability, Note, Price
from creatorbot.wording import N_

ItemKind = Literal["album", "track"]
_NO_PRICE = Price()


@dataclass(frozen=True)
class Told:
    """One reading. Empty or None: this reading does not say.

    licence: an id as FoundRelease has it, or the terms without a version ("by-nc-sa"). cover: the address of the 1200-pixel picture.
    part_of, url: absolute addresses.
    """

    kind: ItemKind | None = None
    item_id: int | None = None
    title: str = ""
    artist: str = ""
    url: str = ""
    part_of: str = ""
    price: Price = _NO_PRICE
    released_on: date | None = None
    licence: str = ""
    tracks: int | None = None
    cover: str = ""
    upc: str = ""
    isrc: str = ""
    availability: Availability | None = None
    description: str = ""
    tags: tuple[str, ...] = ()


_UNTOLD = Told()
_OTHER = Note(
    N_(
        "The two descriptions on the page of “%(title)s” are about two different releases; "
        "we took the one that the page itself works with. Please look once."
    )
)
_DISAGREE = {
    "title": N_("The page of “%(title)s” tells two different titles; we took this one. Please look once."),
    "artist": N_("The page of “%(title)s” tells two different artists; we took the one shown on it. Please look once."),
    "price": N_("The page of “%(title)s” tells two different prices; we took the one on its button. Please look once."),
    "released_on": N_("The page of “%(title)s” tells two different release dates; we took the one shown on it. Please look once."),
    "licence": N_("The page of “%(title)s” tells two different licences; we took the one shown on it. Please look once."),
    "tracks": N_("The page of “%(title)s” tells two different numbers of tracks; we took the tracks that are listed. Please look once."),
    "cover": N_("The page of “%(title)s” tells two different covers; we took the one shown on it. Please look once."),
    "part_of": N_("The page of “%(title)s” tells two different albums that it belongs to; we took the one it links to. Please look once."),
    "upc": N_("The page of “%(title)s” tells two different product codes (UPC); we took none of them. Please look once."),
    "isrc": N_("The page of “%(title)s” tells two different recording codes (ISRC); we took none of them. Please look once."),
    "availability": N_("The page of “%(title)s” says both that it is out and that it is not; we took it as not out yet. Please look once."),
}
# A wrong code would join two different releases without asking anybody: when in doubt, none.
_TAKEN_FROM_NEITHER = ("upc", "isrc")
_COVER_ID = re.compile(r"/img/a0*(\d+)_")


def join(page: Told | None, linked: Told | None) -> tuple[Told, tuple[Note, ...]]:
    """Both readings as one, and a sentence for each field in which they contradict each other.

    The page's own data wins: it is what the page shows and sells by. Each reading does alone when the other is missing or broken.
    """
    if page is None or linked is None:
        return page or linked or _UNTOLD, ()
    named = {"title": page.title or linked.title}
    if page.item_id and linked.item_id and (page.kind, page.item_id) != (linked.kind, linked.item_id):
        return page, (Note(_OTHER.message, named),)
    found = disagreements(page, linked)
    taken = {field.name: _taken(field.name, page, linked) for field in fields(Told)}
    taken |= {name: "" for name in found if name in _TAKEN_FROM_NEITHER}
    if "availability" in found:
        taken["availability"] = next(one for one in (page.availability, linked.availability) if one != "out")
    return replace(page, **taken), tuple(Note(_DISAGREE[name], named) for name in found)  # type: ignore[arg-type]


def disagreements(page: Told, linked: Told) -> tuple[str, ...]:
    """The fields in which two readings of one page contradict each other. What one of them does not say is no contradiction."""
    return tuple(
        name
        for name in _DISAGREE
        if getattr(page, name) != getattr(_UNTOLD, name)
        and getattr(linked, name) != getattr(_UNTOLD, name)
        and not _SAME.get(name, _equal)(getattr(page, name), getattr(linked, name))
    )


def _taken(name: str, page: Told, linked: Told) -> object:
    mine, other = getattr(page, name), getattr(linked, name)
    if name == "price" and mine.model == other.model and mine.amount is None and other.amount is not None:
        return other  # the page's data knows no currency of its own
    if name == "licence" and mine and other and _same_licence(mine, other):
        return max(mine, other, key=licences.is_known)
    return other if mine == getattr(_UNTOLD, name) else mine


def _equal(one: object, other: object) -> bool:
    return one == other


def _same_words(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _same_cover(one: str, other: str) -> bool:
    """The same picture by its number: sizes and leading zeros differ."""
    first, second = _COVER_ID.search(one), _COVER_ID.search(other)
    return not (first and second) or first.group(1) == second.group(1)


def _same_path(one: str, other: str) -> bool:
    """The same page: an artist's own domain and bandcamp.com are one place."""
    return one.rstrip("/").rsplit("/", 1)[-1] == other.rstrip("/").rsplit("/", 1)[-1]


def _same_price(one: Price, other: Price) -> bool:
    """ld+json cannot tell a free download from "name your price": both are an offer of 0."""
    if {one.model, other.model} <= {"pay_what_you_want", "free"}:
        return True
    if one.model != other.model:
        return False
    return one.amount is None or other.amount is None or one.amount == other.amount


def _same_licence(one: str, other: str) -> bool:
    return licence_terms(one) == licence_terms(other)


def licence_terms(licence: str) -> str:
    """The terms without version and port: "CC-BY-NC-SA-3.0-DE" and "by-nc-sa" are both "by-nc-sa"."""
    found = re.fullmatch(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-\d\.\d(?:-[A-Z]+)?", licence)
    return found.group(1).lower() if found else licence


def _same_availability(one: str, other: str) -> bool:
    return one == other or "withdrawn" in (one, other)


_SAME: dict[str, Callable[..., bool]] = {
    "title": _same_words,
    "artist": _same_words,
    "price": _same_price,
    "cover": _same_cover,
    "part_of": _same_path,
    "licence": _same_licence,
    "availability": _same_availability,
}
