"""The artist's releases: a few of them under each release page, and all of them on the artist's own page at /@name."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date

from creatorbot.amounts import Money
from creatorbot.errors import CreatorbotError
from creatorbot.links.choices import choices
from creatorbot.links.pages.parts import CODE, OWN, ROOT, ArtistFacts, Page, Shown, as_data, cover_path, of_artist, render, tag_of
from creatorbot.links.pages.release import price_of
from creatorbot.models import Cover, Release
from creatorbot.wording import N_, locale, money_text, say

_log = logging.getLogger(__name__)
MOST_RELEASES = 60  # on the artist's page, the newest
MOST_MORE = 9  # under a release


@dataclass(frozen=True)
class Catalogue:
    """What an artist shows, newest first: release number and its piece of a page, with a mark where the code stands.

    head, foot: what stands around a few of them. tag: changes with the content.
    """

    entries: tuple[tuple[int, bytes], ...] = ()
    head: bytes = b""
    foot: bytes = b""
    tag: str = ""

    def more(self, without: int) -> bytes:
        """A few of them, without this one; nothing when there is no other."""
        others = [piece for number, piece in self.entries[: MOST_MORE + 1] if number != without][:MOST_MORE]
        return b"".join((self.head, *others, self.foot)) if others else b""


def catalogue_of(artist: ArtistFacts, releases: Sequence[tuple[Release, Cover | None]]) -> Catalogue:
    """The artist's releases as pieces of pages. releases: newest first."""
    made = ((release.id or 0, _entry(artist, release, cover)) for release, cover in releases)
    entries = tuple((number, piece) for number, piece in made if piece)
    head, _, foot = render("public/more.html", artist.language, {"by": artist.name, "root": ROOT, "entries": OWN}).partition(OWN.encode())
    return Catalogue(entries, head, foot, tag_of(b"".join((head, *(piece for _, piece in entries), foot))))


def build_artist(artist: ArtistFacts, found: Catalogue, cover: Cover | None, *, base: str) -> Page:
    """The artist's own page. cover: of the newest release, for the card that servers draw."""
    language = artist.language
    values = {"artist": artist.name}
    alt = say(language, N_("Cover of the newest release by %(artist)s"), values)
    about: dict[str, object] = {
        **of_artist(artist, base),
        "heading": artist.name,
        "summary": say(language, N_("Music by %(artist)s: listen, buy, give what you like"), values),
        "address": f"{base}{OWN}",
        "published": "",
        "cover": cover
        and {
            "path": cover_path(cover),
            "address": base + cover_path(cover),
            "width": cover.card_width,
            "height": cover.card_height,
            "alt": alt,
        },
        "entries": b"".join(piece for _, piece in found.entries).decode(),
        "empty": not found.entries,
        "tip": f"/tip/{CODE}",
        "amounts": _amounts(artist),
        "follows": artist.follows,
        "embeddable": False,
    }
    about["data"] = as_data(_described(about, language))
    html = render("public/artist.html", language, about)
    shown = Shown(
        artist.name, artist.name, str(about["by_address"]), (cover_path(cover), cover.card_width, cover.card_height) if cover else None
    )
    return Page(html, tag_of(html), artist.id, shown=shown)


def _described(about: dict[str, object], language: str) -> dict[str, object]:
    told = {"headline": about["heading"], "name": about["heading"], "description": about["summary"], "inLanguage": language}
    author = {"@type": "MusicGroup", "name": about["by"], **({"url": about["by_address"]} if about["by_address"] else {})}
    return {"@context": "https://schema.org", "@type": "WebPage", **told, "url": about["address"], "author": author}


def _amounts(artist: ArtistFacts) -> list[dict[str, object]]:
    if not artist.takes_tips:
        return []
    suggested = Money(max(artist.suggested_minor, artist.minimum_minor), artist.currency) if artist.suggested_minor else None
    offered = choices(suggested, Money(artist.minimum_minor, artist.currency), artist.currency)
    return [
        {"minor": amount.minor, "text": money_text(artist.language, amount, short=True), "suggested": amount == suggested}
        for amount in offered
    ]


def _entry(artist: ArtistFacts, release: Release, cover: Cover | None) -> bytes:
    try:
        price = price_of(artist, release, suggesting=False)
    except (CreatorbotError, ValueError):
        # One release with impossible figures must not take the others' pages down.
        _log.exception("release %s cannot be listed", release.id)
        return b""
    dated = format_date(release.released_on, "MMMM y", locale=locale(artist.language)) if release.released_on else ""
    about = {
        "address": f"/l/{ROOT}.{release.id}",
        "title": release.title,
        "initial": release.title.strip()[:1].upper(),
        "under": " · ".join(part for part in (dated, price) if part),
        "cover": cover and {"path": cover_path(cover), "width": cover.card_width, "height": cover.card_height},
    }
    return render("public/entry.html", artist.language, about)
