"""The release page as bytes: rendered once per release, cut where the code stands, so that a link costs one join.

Its policy lets shops see the page's full address, code included (Referrer-Policy: unsafe-url): browsers send only our origin by
default, and a shop such as Bandcamp writes the referring address down with a sale. The path names nothing but the post.
"""

import gzip
import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from creatorbot import paths
from creatorbot.amounts import Money, is_currency
from creatorbot.links import colour
from creatorbot.links.choices import choices
from creatorbot.links.licence import read_licence
from creatorbot.models import Cover, Release
from creatorbot.wording import N_, catalogue, licence_name, locale, money_text, price_line, say

_ENVIRONMENT = Environment(loader=FileSystemLoader(paths.templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
MOST_SHOPS = 8
_SHOPS = {"bandcamp": "Bandcamp", "funkwhale": "Funkwhale", "peertube": "PeerTube"}
_SHOP_HOSTS = {
    "bandcamp.com": "Bandcamp",
    "ko-fi.com": "Ko-fi",
    "patreon.com": "Patreon",
    "itch.io": "itch.io",
    "mirlo.space": "Mirlo",
    "jamcoop.org": "Jam",
    "ampwall.com": "Ampwall",
    "resonate.is": "Resonate",
    "archive.org": "Internet Archive",
}


@dataclass(frozen=True)
class ArtistFacts:
    """What every page of one artist depends on. byline: @name@server of a connected account, "" without one. takes_tips: a
    payment service is connected. places: addresses on loopback and the path browsers see them under."""

    id: int
    name: str
    language: str
    currency: str
    accent: str
    suggested_minor: int
    minimum_minor: int
    byline: str = ""
    takes_tips: bool = False
    places: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """One release's page. pieces: what stands before, between and after the code. tag: changes with the content.

    exits: where its buttons for shops lead, by the word that names them in the address.
    """

    pieces: tuple[bytes, ...]
    tag: str
    exits: Mapping[str, str] = field(default_factory=dict)

    def body(self, code: str) -> bytes:
        """The page for this code."""
        return code.encode("ascii").join(self.pieces)

    def compressed(self, code: str) -> bytes:
        """The same, gzip."""
        return gzip.compress(self.body(code), 6, mtime=0)


def style_path(accent: str) -> str:
    """Where the style sheet for this accent is served; the name changes with what is in it."""
    return f"/assets/release.{hashlib.blake2b(style(accent), digest_size=8).hexdigest()}.css"


def style(accent: str) -> bytes:
    """The release page's style sheet in this artist's colour."""
    tones = {"light": colour.readable(accent, colour.LIGHT_PAPER), "dark": colour.readable(accent, colour.DARK_PAPER)}
    return _ENVIRONMENT.get_template("public/release.css").render(tones).encode()


def build(artist: ArtistFacts, release: Release, cover: Cover | None, *, base: str, shops: Sequence[tuple[str, str]] = ()) -> Page:
    """Render one release. base: what absolute addresses begin with.

    shops: where it can be had, the release's own place first: each address as a browser reaches it, and the kind of source, which
    names the shop.
    """
    mark = f"CODE{secrets.token_hex(12)}"
    language = artist.language
    by = release.artist_name or artist.name
    values = {"title": release.title, "artist": by}
    alt = say(language, N_("Cover of %(title)s by %(artist)s"), values)
    price = _price(artist, release)
    facts = _facts(language, release, by)
    buttons = _shops(language, shops)
    html = _ENVIRONMENT.get_template("public/release.html").render(
        {"_": lambda message, **given: say(language, message, given)},
        language=language,
        locale=str(locale(language)),
        title=release.title,
        by=by,
        byline=artist.byline,
        price=price,
        facts=facts,
        heading=say(language, N_("%(title)s, by %(artist)s"), values),
        summary=" · ".join(part for part in (price, facts, licence_name(release.licence)) if part),
        address=f"{base}/l/{mark}",
        tip=f"/tip/{mark}",
        style=style_path(artist.accent),
        published=release.released_on.isoformat() if release.released_on else "",
        cover=_picture(cover, base, alt),
        licence=_licence(language, release.licence),
        shops=buttons,
        way=f"/l/{mark}/",
        **_amounts(artist, release),
    )
    pieces = tuple(html.encode("utf-8", "replace").split(mark.encode()))
    tag = hashlib.blake2b(b"\0".join(pieces), digest_size=9).hexdigest()
    return Page(pieces, tag, {one["word"]: one["address"] for one in buttons})


def _price(artist: ArtistFacts, release: Release) -> str:
    if release.price_model == "not_sold":
        return ""  # the page offers what there is to do; what there is not would only put people off
    known = is_currency(release.price_currency)
    amount = Money(release.price_minor, release.price_currency) if known and release.price_minor is not None else None
    suggested = _suggested(artist, release)
    if suggested and known and suggested.currency != release.price_currency:
        suggested = None
    return price_line(artist.language, release.price_model, amount, suggested)


def _suggested(artist: ArtistFacts, release: Release) -> Money | None:
    minor = artist.suggested_minor if release.suggested_minor is None else release.suggested_minor
    least = artist.minimum_minor if release.minimum_minor is None else release.minimum_minor
    # Never below what is taken at least: that would suggest what the till refuses.
    return Money(max(minor, least), artist.currency) if minor else None


def _amounts(artist: ArtistFacts, release: Release) -> dict[str, object]:
    """What can be tapped to pay us; nothing while no payment service is connected."""
    if not artist.takes_tips:
        return {"amounts": (), "suggested": None}
    suggested = _suggested(artist, release)
    minimum = Money(artist.minimum_minor if release.minimum_minor is None else release.minimum_minor, artist.currency)
    offered = [
        {"minor": amount.minor, "text": money_text(artist.language, amount, short=True), "suggested": amount == suggested}
        for amount in choices(suggested, minimum, artist.currency)
    ]
    return {"amounts": offered, "suggested": next((amount for amount in offered if amount["suggested"]), None)}


def _facts(language: str, release: Release, by: str) -> str:
    parts = [by]
    if release.tracks and release.kind in ("album", "unknown"):
        songs = catalogue(language).ngettext("%(count)s song", "%(count)s songs", release.tracks)
        parts.append(songs % {"count": release.tracks})
    if release.released_on:
        parts.append(format_date(release.released_on, "long", locale=locale(language)))
    return " · ".join(parts)


def cover_path(cover: Cover) -> str:
    """Where everybody can fetch this cover from us, in the size for cards."""
    return f"/cover/{cover.content_hash}.jpg"


def _picture(cover: Cover | None, base: str, alt: str) -> dict[str, object] | None:
    if cover is None:
        return None
    path = cover_path(cover)
    return {"path": path, "address": base + path, "width": cover.card_width, "height": cover.card_height, "alt": alt}


def _licence(language: str, spdx: str) -> dict[str, object] | None:
    found = read_licence(spdx)
    if found is None:
        return None
    return {"name": found.name, "url": found.url, "meaning": say(language, found.meaning), "named": found.named}


def _shops(language: str, places: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """A button for each place; those that would be called the same are told apart by their hosts."""
    named = [(url, _host(url), _name(url, kind)) for url, kind in places if url.startswith(("https://", "http://", "/"))]
    often = Counter(name for _, _, name in named)
    return [
        {"address": url, "word": exit_word(url), "label": _label(language, host if often[name] > 1 and host else name)}
        for url, host, name in named[:MOST_SHOPS]
    ]


def exit_word(url: str) -> str:
    """What names a shop's address on our page: the same for the same address, so that a page somebody has open goes on working."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _label(language: str, name: str) -> str:
    return say(language, N_("Get it on %(shop)s"), {"shop": name}) if name else say(language, N_("Get it in the shop"))


def _name(url: str, kind: str) -> str:
    host = _host(url)
    return _SHOPS.get(kind) or _SHOP_HOSTS.get(host) or _SHOP_HOSTS.get(host.partition(".")[2]) or host


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
