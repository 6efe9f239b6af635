"""A Bandcamp release read from the page's own data (`data-tralbum`): what its player, its button and its heading work with."""

from typing import cast

from creatorbot.sources import licences
from creatorbot.sources.bandcamp_page import Page, cover_address, day_of, release_address
from creatorbot.sources.bandcamp_price import price_of
from creatorbot.sources.bandcamp_told import ItemKind, Told
from creatorbot.sources.base import Availability
from creatorbot.sources.loose import Document, documents, identifier, is_one, string
from creatorbot.sources.plain import line, paragraphs
from creatorbot.sources.standard_codes import isrc, upc

# Bandcamp's own numbers. 1, 3 and 6 were seen on pages beside their licence; the page's link tells the version, numbers never do.
_LICENCE_TYPES = {"1": licences.ALL_RIGHTS_RESERVED, "2": "by-nc-nd", "3": "by-nc-sa", "4": "by-nc", "5": "by-nd", "6": "by", "8": "by-sa"}


def by_page_data(page: Page, currency: str | None) -> Told | None:
    """What the page's own data says; None when the page has none of a release. currency: of the offer, the data knows none."""
    tralbum, current = page.tralbum, page.current
    kind, item_id = string(tralbum.get("item_type")), identifier(tralbum.get("id"))
    if kind not in ("album", "track") or not item_id:
        return None
    url = release_address(tralbum.get("url"), page.address) or ""
    tracks = documents(tralbum.get("trackinfo"))
    part_of = release_address(tralbum.get("album_url"), url or page.address) if kind == "track" and tralbum.get("album_url") else None
    return Told(
        kind=cast(ItemKind, kind),
        item_id=item_id,
        title=line(current.get("title")),
        artist=line(tralbum.get("artist")) or line(current.get("artist")),
        url=url,
        part_of=part_of or "",
        price=price_of(current, currency) or Told().price,
        released_on=day_of(tralbum.get("album_release_date")) or day_of(current.get("release_date")),
        licence=_licence(current, tracks),
        tracks=len(tracks) or None if kind == "album" else None,
        cover=cover_address(tralbum.get("art_id")) or "",
        upc=upc(current.get("upc")),
        isrc=isrc(current.get("isrc")),
        availability=_availability(tralbum, current, tracks),
        description=paragraphs(current.get("about")),
    )


def _licence(current: Document, tracks: list[Document]) -> str:
    """An album has no licence of its own: it is that of its tracks, when they all have the same."""
    own = current.get("license_type")
    types = {str(own)} if own is not None else {str(track.get("license_type")) for track in tracks}
    return _LICENCE_TYPES.get(types.pop(), "") if len(types) == 1 else ""


def _availability(tralbum: Document, current: Document, tracks: list[Document]) -> Availability | None:
    if is_one(current.get("killed")) or is_one(current.get("private")):
        return "withdrawn"
    unreleased = bool(tracks) and all(is_one(track.get("unreleased_track")) for track in tracks)
    if string(tralbum.get("item_type")) == "track" and tralbum.get("album_url"):
        return "coming" if unreleased else "out"  # a track of a pre-order is either a foretaste, already out, or still to come
    if is_one(tralbum.get("album_is_preorder")) or is_one(tralbum.get("is_preorder")):
        return "preorder"
    return "coming" if unreleased else "out"
