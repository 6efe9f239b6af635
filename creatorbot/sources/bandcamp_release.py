"""A Bandcamp release page as a release: two independent readings of it joined, and what the artist should know about it."""

from dataclasses import replace

from creatorbot.sources import licences
from creatorbot.sources.bandcamp_linked import by_linked_data
from creatorbot.sources.bandcamp_page import Page, large
from creatorbot.sources.bandcamp_player import player_of
from creatorbot.sources.bandcamp_price import offer_of
from creatorbot.sources.bandcamp_told import ItemKind, Told, join, licence_terms
from creatorbot.sources.bandcamp_tralbum import by_page_data
from creatorbot.sources.base import FoundRelease, Note, Price
from creatorbot.sources.loose import identifier, is_one, string
from creatorbot.sources.plain import web_address
from creatorbot.wording import N_

_PREORDER_ON = N_("“%(title)s” can be ordered before it comes out on %(day)s.")
_PREORDER = N_("“%(title)s” can be ordered before it comes out.")
_WITHDRAWN = N_("“%(title)s” is not public any more: only people who already have it can see it.")
_SUBSCRIBERS = N_("“%(title)s” is only for your subscribers: other people cannot buy it.")
_LICENCE_DIFFERS = N_("The page of “%(title)s” tells two different licences; we took the one shown on it. Please look once.")


def release_of(page: Page) -> tuple[FoundRelease, tuple[Note, ...]] | None:
    """The release on this page with what there is to say about it; None for a page that is not that of a release."""
    linked = None if page.grid is not None and not page.tralbum.get("id") else by_linked_data(page)
    data = by_page_data(page, _currency(page))
    if linked and not linked.item_id and data is None:
        linked = _named(page, linked)
    if data is None and (linked is None or not linked.item_id):
        return None
    told, notes = join(data, linked)
    told = replace(told, price=_price(told, page, alone=data is None))
    licence, differs = _licence(told, page)
    name = told.title or page.heading or f"{told.kind}-{told.item_id}"
    if differs and not any(note.message == _LICENCE_DIFFERS for note in notes):
        notes += (Note(_LICENCE_DIFFERS, {"title": name}),)
    release = FoundRelease(
        title=name,
        url=told.url or page.address or None,
        guid=f"{told.kind}-{told.item_id}",
        artist=told.artist or page.band_name or None,
        kind=told.kind or "unknown",
        part_of=told.part_of or None,
        released_on=told.released_on,
        price=told.price,
        licence=licence,
        cover_url=large(web_address(page.image)) or told.cover or None,
        tags=told.tags or page.tags,
        description=told.description,
        tracks=told.tracks or (1 if told.kind == "track" else None),
        upc=told.upc or None,
        isrc=told.isrc or None,
        availability=told.availability or "out",
        player_url=player_of(page, told),
    )
    return release, notes + _remarks(page, release)


def _named(page: Page, linked: Told) -> Told:
    """The linked data with the number that the page's head tells: where they are alone, nothing else says which release it is."""
    kind: ItemKind | None = {"a": "album", "t": "track"}.get(string(page.named_item.get("item_type")))  # type: ignore[assignment]
    return replace(linked, kind=kind, item_id=identifier(page.named_item.get("item_id"))) if kind and linked.title else linked


def _currency(page: Page) -> str | None:
    """Of the digital offer; the band's own is only a guess, some sell in another one."""
    offer = offer_of(page.linked, identifier(page.tralbum.get("id")))
    told = (offer.currency or page.band_currency or "").upper()
    return told if len(told) == 3 and told.isascii() and told.isalpha() else None


def _price(told: Told, page: Page, *, alone: bool) -> Price:
    if told.price.model == "pay_what_you_want" and alone and "free download" in page.button.lower():
        return Price("free", currency=told.price.currency)
    return told.price


def _licence(told: Told, page: Page) -> tuple[str | None, bool]:
    """The licence that a person reads on the page, then what the data say; and whether these contradict each other."""
    known = told.licence if licences.is_known(told.licence) else None
    shown = licences.from_address(page.licence) or (licences.ALL_RIGHTS_RESERVED if page.licence == "commercial" else None)
    if shown is None:
        return (None if page.licence else known), False  # terms of the artist's own, or terms whose version nothing tells
    return shown, bool(told.licence) and licence_terms(shown) != licence_terms(told.licence)


def _remarks(page: Page, release: FoundRelease) -> tuple[Note, ...]:
    notes, day = [], release.released_on
    if release.availability == "preorder":
        notes.append(Note(_PREORDER_ON, {"title": release.title, "day": day}) if day else Note(_PREORDER, {"title": release.title}))
    if release.availability == "withdrawn":
        notes.append(Note(_WITHDRAWN, {"title": release.title}))
    if is_one(page.tralbum.get("tralbum_subscriber_only")):
        notes.append(Note(_SUBSCRIBERS, {"title": release.title}))
    return tuple(notes)
