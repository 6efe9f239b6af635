"""Bandcamp artist and release pages, under bandcamp.com and artists' own domains. Bandcamp offers no feed."""

import re
from datetime import date
from typing import Literal, cast
from urllib.parse import urljoin, urlsplit

from creatorbot.sources import licences
from creatorbot.sources.bandcamp_page import (
    GridItem,
    Page,
    cover_address,
    is_bandcamp,
    is_challenge,
    large,
    release_address,
    take_apart,
)
from creatorbot.sources.bandcamp_price import Offer, disagree, offer_of, price_by_offer, price_of
from creatorbot.sources.base import Fetched, FoundRelease, Note, Price, Reading
from creatorbot.sources.feed_root import is_feed
from creatorbot.sources.loose import documents, identifier, is_one, string, strings
from creatorbot.sources.plain import line, paragraphs, unique, web_address
from creatorbot.wording import N_

_ROBOT = Note(
    N_(
        "Bandcamp asked our robot to prove that it is human, so we could not look. "
        "Nothing is lost: what we know stays, and we try again later. "
        "You can also paste the address of a single release, or add a release by hand."
    )
)
_EMPTY = Note(N_("This Bandcamp page shows no releases yet. As soon as there is one, it appears here."))
_LABEL = Note(N_("This page lists the artists of a label, not releases. Paste the page of one artist instead."))
_DAY = re.compile(r"\s*([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bandcamp:
    """A page made by Bandcamp: one release, a grid of releases, a label's artists, an empty profile, or a robot check."""

    name = "bandcamp"
    label = "Bandcamp"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that Bandcamp made this page."""
        if is_feed(page.body):
            return 0.0
        return 0.95 if is_bandcamp(page.body) or is_challenge(page.body) else 0.0

    def read(self, page: Fetched) -> Reading:
        """The releases on this page; entries of a grid have no price, follow their addresses for it."""
        if is_challenge(page.body):
            return Reading(self.name, notes=(_ROBOT,), state="robot_check")
        facts = take_apart(page)
        release = _release_of(facts)
        if release:
            return Reading(self.name, (release,), notes=_notes(facts, release), title=facts.band_name or release.artist or "")
        if facts.grid:
            return _read_grid(self.name, facts)
        if facts.artists:
            music = urljoin(facts.address, "/music")
            here = urlsplit(facts.address).path.rstrip("/") == "/music"
            follow = () if here or not facts.address else (music,)
            return Reading(self.name, follow=follow, notes=(_LABEL,), state="empty", title=facts.band_name)
        return Reading(self.name, notes=(_EMPTY,), state="empty", title=facts.band_name)


def _read_grid(name: str, facts: Page) -> Reading:
    items = tuple(_listed(item, facts) for item in facts.grid or ())
    follow = tuple(dict.fromkeys(item.url for item in items if item.url))
    return Reading(name, items, follow=follow, title=facts.band_name)


def _listed(item: GridItem, facts: Page) -> FoundRelease:
    return FoundRelease(
        title=item.title or item.guid,
        url=item.url,
        guid=item.guid,
        artist=item.artist or facts.band_name or None,
        kind="album" if item.guid.startswith("album") else "track",
        cover_url=item.cover_url,
    )


def _release_of(facts: Page) -> FoundRelease | None:
    """The release of a release page; None for every other page."""
    kind, item_id = _identity(facts)
    if kind is None or item_id is None:
        return None
    tralbum, current, linked = facts.tralbum, facts.current, facts.linked
    url = release_address(tralbum.get("url"), facts.address) or release_address(linked.get("@id"), facts.address) or facts.address or None
    image = web_address((strings(linked.get("image")) or [""])[0])
    artist = line(tralbum.get("artist")) or line(current.get("artist")) or line(_by_artist(facts)) or facts.band_name
    return FoundRelease(
        title=line(current.get("title")) or line(linked.get("name")) or f"{kind}-{item_id}",
        url=url,
        guid=f"{kind}-{item_id}",
        artist=artist or None,
        kind=kind,
        part_of=release_address(tralbum.get("album_url"), url or facts.address) if kind == "track" and tralbum.get("album_url") else None,
        released_on=_released_on(facts),
        price=_price(facts, item_id),
        licence=_licence(facts),
        cover_url=large(image) or cover_address(tralbum.get("art_id")) or large(web_address(facts.image)),
        tags=unique([line(word, 60) for word in strings(linked.get("keywords"))]),
        description=paragraphs(current.get("about")),
        tracks=len(documents(tralbum.get("trackinfo"))) or None,
    )


def _identity(facts: Page) -> tuple[Literal["album", "track"] | None, int | None]:
    kind, item_id = string(facts.tralbum.get("item_type")), identifier(facts.tralbum.get("id"))
    if kind in ("album", "track") and item_id:
        return cast(Literal["album", "track"], kind), item_id
    if not facts.linked or facts.grid is not None:
        return None, None
    releases = facts.linked.get("albumRelease")
    wanted: Literal["album", "track"] = "album" if releases else "track"
    for marks in _marks_of_releases(facts):
        if marks.get("item_type") == wanted[0] and identifier(marks.get("item_id")):
            return wanted, identifier(marks.get("item_id"))
    return None, None


def _marks_of_releases(facts: Page) -> list[dict[str, object]]:
    album = facts.linked.get("inAlbum")
    found = documents(facts.linked.get("albumRelease")) + documents(album.get("albumRelease") if isinstance(album, dict) else None)
    return [{string(mark.get("name")): mark.get("value") for mark in documents(release.get("additionalProperty"))} for release in found]


def _by_artist(facts: Page) -> str:
    artists = documents(facts.linked.get("byArtist"))
    return string(artists[0].get("name")) if artists else ""


def _released_on(facts: Page) -> date | None:
    told = (facts.tralbum.get("album_release_date"), facts.current.get("release_date"), facts.linked.get("datePublished"))
    return next((day for day in map(day_of, told) if day), None)


def day_of(text: object) -> date | None:
    """The day in "17 Sep 2014 00:00:00 GMT". Read by hand: strptime's month names follow the machine's language."""
    found = _DAY.match(text) if isinstance(text, str) else None
    if not found or found.group(2) not in _MONTHS:
        return None
    try:
        return date(int(found.group(3)), _MONTHS.index(found.group(2)) + 1, int(found.group(1)))
    except ValueError:
        return None


def _currency(facts: Page, offer: Offer) -> str | None:
    told = (offer.currency or facts.band_currency or "").upper()
    return told if len(told) == 3 and told.isascii() and told.isalpha() else None


def _price(facts: Page, item_id: int) -> Price:
    offer = offer_of(facts.linked, item_id)
    price = price_of(facts.current, _currency(facts, offer))
    if price:
        return price
    second = price_by_offer(offer)
    if second.model == "pay_what_you_want" and "free download" in facts.button.lower():
        return Price("free", currency=second.currency)
    return second


def _licence(facts: Page) -> str | None:
    deed = licences.from_address(facts.licence)
    if deed or facts.licence not in ("", "commercial"):
        return deed
    marks = {string(mark.get("name")): mark.get("value") for mark in documents(facts.linked.get("additionalProperty"))}
    named = string(marks.get("license_name"))
    reserved = facts.licence == "commercial" or named == "all_rights_reserved" or is_one(facts.current.get("license_type"))
    return licences.ALL_RIGHTS_RESERVED if reserved else None


def _notes(facts: Page, release: FoundRelease) -> tuple[Note, ...]:
    notes: list[Note] = []
    offer = offer_of(facts.linked, identifier(facts.tralbum.get("id")))
    if price_of(facts.current, _currency(facts, offer)) and disagree(release.price, offer):
        notes.append(
            Note(
                N_("The page of “%(title)s” tells two different prices; we took the one on its button. Please look once."),
                {"title": release.title},
            )
        )
    if is_one(facts.tralbum.get("album_is_preorder")) or is_one(facts.tralbum.get("is_preorder")):
        day = release.released_on
        notes.append(
            Note(N_("“%(title)s” can be ordered before it comes out on %(day)s."), {"title": release.title, "day": day})
            if day
            else Note(N_("“%(title)s” can be ordered before it comes out."), {"title": release.title})
        )
    return tuple(notes)
