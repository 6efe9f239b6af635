"""A Bandcamp release read from the page's linked data (ld+json), which Bandcamp writes for search engines."""

import re

from creatorbot.sources import licences
from creatorbot.sources.bandcamp_page import Page, day_of, large, release_address
from creatorbot.sources.bandcamp_price import offer_of, price_by_offer
from creatorbot.sources.bandcamp_told import ItemKind, Told
from creatorbot.sources.base import Availability, Price
from creatorbot.sources.loose import Document, document, documents, identifier, number, string, strings
from creatorbot.sources.plain import line, paragraphs, unique, web_address
from creatorbot.sources.standard_codes import isrc, upc

_NAMED_LICENCES = {
    "all_rights_reserved": licences.ALL_RIGHTS_RESERVED,
    "attribution": "by",
    "attribution_share_alike": "by-sa",
    "attribution_no_derivatives": "by-nd",
    "attribution_no_derivs": "by-nd",
    "attribution_non_commercial": "by-nc",
    "attribution_non_commercial_share_alike": "by-nc-sa",
    "attribution_non_commercial_no_derivatives": "by-nc-nd",
    "attribution_non_commercial_no_derivs": "by-nc-nd",
}
_BUY = re.compile(r"#([at])([1-9]\d{0,18})-buy$")
_KINDS: dict[str, ItemKind] = {"a": "album", "t": "track"}


def by_linked_data(page: Page) -> Told | None:
    """What the linked data says; None when there is none. It may be without a number: then another must say which release this is."""
    linked = page.linked
    if not linked:
        return None
    kind, item_id = _identity(linked)
    album = document(linked.get("inAlbum")) if kind == "track" else linked
    return Told(
        kind=kind,
        item_id=item_id,
        title=line(linked.get("name")),
        artist=_artist(linked),
        url=release_address(linked.get("@id"), page.address) or release_address(linked.get("mainEntityOfPage"), page.address) or "",
        part_of=(release_address(album.get("@id"), page.address) or "") if kind == "track" and album.get("@id") else "",
        price=_price(linked, item_id, kind),
        released_on=day_of(linked.get("datePublished")),
        licence=_licence(linked),
        tracks=_count(linked) if kind == "album" else None,
        cover=large(web_address((strings(linked.get("image")) or [""])[0])) or "",
        upc=upc(_entry(linked, item_id).get("identifier")),
        isrc=isrc(linked.get("isrcCode")),
        availability=_availability(linked, item_id),
        description=paragraphs(linked.get("description")),
        tags=unique([line(word, 60) for word in strings(linked.get("keywords"))]),
    )


def marks_of(entry: Document) -> Document:
    """The additionalProperty list as a mapping."""
    return {string(mark.get("name")): mark.get("value") for mark in documents(entry.get("additionalProperty"))}


def _entries(linked: Document) -> list[Document]:
    return documents(linked.get("albumRelease")) or documents(document(linked.get("inAlbum")).get("albumRelease"))


def _identity(linked: Document) -> tuple[ItemKind | None, int | None]:
    """An album by its digital entry, a track by its own number. Vinyl ("p") and the whole discography ("b") are not the release."""
    wanted = "a" if linked.get("albumRelease") else "t"
    for entry in _entries(linked):
        marks = marks_of(entry)
        if marks.get("item_type") == wanted and identifier(marks.get("item_id")):
            return _KINDS[wanted], identifier(marks.get("item_id"))
        bought = next((_BUY.search(string(offer.get("url"))) for offer in documents(entry.get("offers"))), None)
        if bought and bought.group(1) == wanted:
            return _KINDS[wanted], int(bought.group(2))
    own = identifier(marks_of(linked).get("track_id"))
    return ("track", own) if wanted == "t" and own else (None, None)


def _entry(linked: Document, item_id: int | None) -> Document:
    if item_id is None:
        return {}
    same = (
        one for one in _entries(linked) if marks_of(one).get("item_type") in _KINDS and identifier(marks_of(one).get("item_id")) == item_id
    )
    return next(same, {})


def _artist(linked: Document) -> str:
    artists = documents(linked.get("byArtist"))
    return line(artists[0].get("name")) if artists else ""


def _price(linked: Document, item_id: int | None, kind: ItemKind | None) -> Price:
    offer = offer_of(linked, item_id)
    part_of_album = bool(document(linked.get("inAlbum")).get("@id"))
    if kind == "track" and offer.found and offer.fixed is None and offer.floor is None and part_of_album:
        return Price("not_sold")  # an album without an offer may be an old page that never told one
    return price_by_offer(offer)


def _licence(linked: Document) -> str:
    named = _NAMED_LICENCES.get(string(marks_of(linked).get("license_name")).strip().lower().replace("-", "_").replace(" ", "_"))
    return named or licences.from_text(linked.get("copyrightNotice")) or ""


def _count(linked: Document) -> int | None:
    told = number(linked.get("numTracks"))
    return int(told) if told is not None and 0 < told < 10_000 and told == int(told) else None


def _availability(linked: Document, item_id: int | None) -> Availability | None:
    offers = documents(_entry(linked, item_id).get("offers"))
    return "preorder" if offers and string(offers[0].get("availability")).rsplit("/", 1)[-1] == "PreOrder" else None
