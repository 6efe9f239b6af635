"""A link as its pages show it: where it lies, what it opens, and whether its address can be reached by everybody."""

from dataclasses import dataclass

from sqlmodel import Session

from creatorbot.links.address import link_address, public_base
from creatorbot.models import Artist, Installation, Link, Release
from creatorbot.web.here import own_root, runtime


@dataclass(frozen=True)
class Place:
    """Where links lie. base: what addresses begin with, no final slash. public: everybody can reach it.

    to_print: what may go onto paper: the public address; for a practice artist this computer's own; None for neither.
    """

    base: str
    public: bool
    to_print: str | None


def place(session: Session, artist: Artist) -> Place:
    """Where this artist's links lie."""
    found = public_base(session.get(Installation, 1))
    if found is not None:
        return Place(found, True, found)
    return Place(own_root(), False, runtime().settings.own_url if artist.badge else None)


def address_of(link: Link, artist: Artist, base: str) -> str:
    """The address people open."""
    return f"{base}/@{artist.slug}" if link.kind == "page" else link_address(base, link.code)


def releases_by_id(session: Session, links: list[Link]) -> dict[int | None, Release]:
    """What these links open."""
    wanted = {link.release_id for link in links if link.release_id}
    return {release_id: session.get_one(Release, release_id) for release_id in wanted}
