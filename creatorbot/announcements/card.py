"""The card under a post, for networks where it must be sent along: what our page says of itself, so that both read alike."""

from pathlib import Path

from creatorbot.announcements import text as texts
from creatorbot.announcements.compose import values_of
from creatorbot.links.pages.parts import cover_path
from creatorbot.models import Artist, Cover, Release
from creatorbot.networks.base import Card, Limits, Picture
from creatorbot.releases.covers import upload_for
from creatorbot.wording import N_, say


def card_of(
    covers: Path, artist: Artist, release: Release, cover: Cover | None, alt: str, text: str, marker: str, limits: Limits
) -> Card | None:
    """The card for this text; None for one without an address. covers: the folder of pictures. alt: describes the cover.

    It leads where the text leads. Raises InvalidInput when the cover's file is gone.
    """
    addresses = texts.addresses(text)
    address = next((one for one in addresses if marker in one), next(iter(addresses), ""))
    if not address:
        return None
    values = values_of(artist, release, address)
    description = " · ".join(part for part in (values["price line"], values["licence"]) if part)
    title = say(artist.language, N_("%(title)s, by %(artist)s"), values)
    return Card(address, title, description, picture_of(covers, cover, alt, limits) if cover else None)


def picture_of(covers: Path, cover: Cover, alt: str, limits: Limits, base: str | None = None) -> Picture:
    """The cover as this server takes it. base: where our pages can be opened from there, if anywhere.

    Raises InvalidInput when its file is gone, or the server takes nothing we can make.
    """
    body, mime = upload_for(covers, cover, limits)
    return Picture(body, mime, alt, cover.width, cover.height, f"{base}{cover_path(cover)}" if base else "")
