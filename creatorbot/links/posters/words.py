"""What a poster says, in the artist's language: from the link, the artist and the release."""

from urllib.parse import urlsplit

from creatorbot.amounts import Money, is_currency
from creatorbot.links.address import link_address
from creatorbot.links.beyond.heading import day_text
from creatorbot.links.posters.layout import Words
from creatorbot.links.posters.lettering import Lettering, plain
from creatorbot.models import Artist, Link, Release
from creatorbot.wording import N_, price_line, say

SCAN = N_("Scan to listen and give")


def words_of(letters: Lettering, artist: Artist, release: Release | None, link: Link, base: str) -> Words:
    """The poster's words, unwrapped. Our own are in English where nothing here draws the signs of the artist's language."""
    said = _said(artist.language, artist, release, link, base)
    ours = say(artist.language, SCAN) + (day_text(link.gig_on, artist.language, weekday=True) if link.gig_on else "") + said.price
    return _said("en", artist, release, link, base) if letters.missing(plain(ours)) else said


def missing(letters: Lettering, words: Words) -> str:
    """The signs of these words that cannot be drawn, each once."""
    return letters.missing("".join(vars(words).values()))


def without_missing(letters: Lettering, words: Words) -> Words:
    """The words less those signs."""
    return Words(**{name: letters.without(text) for name, text in vars(words).items()})


def _said(language: str, artist: Artist, release: Release | None, link: Link, base: str) -> Words:
    day = day_text(link.gig_on, language, weekday=True) if link.gig_on else ""
    parts = urlsplit(link_address(base, link.code))
    by = (release.artist_name or artist.name) if release else artist.name
    return Words(
        artist=plain(by),
        title=plain(release.title) if release else "",
        gig=plain(link.label),
        where=" · ".join(part for part in (plain(link.gig_place), plain(day)) if part),
        price=plain(_price(language, artist, release)) if release else "",
        scan=plain(say(language, SCAN)),
        address=f"{parts.netloc}{parts.path}",
    )


def _price(language: str, artist: Artist, release: Release) -> str:
    """As the release's own page says it: nothing where it is not sold, no suggestion in another currency or below the least taken."""
    if release.price_model == "not_sold":
        return ""
    known = is_currency(release.price_currency)
    amount = Money(release.price_minor, release.price_currency) if known and release.price_minor is not None else None
    minor = artist.suggested_minor if release.suggested_minor is None else release.suggested_minor
    least = artist.minimum_minor if release.minimum_minor is None else release.minimum_minor
    suggested = Money(max(minor, least), artist.currency) if minor and (not known or release.price_currency == artist.currency) else None
    return price_line(language, release.price_model, amount, suggested)
