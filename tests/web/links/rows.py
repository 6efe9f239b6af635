"""Rows these tests share: links made by hand, and a public address."""

from datetime import date

from creatorbot.links.codes import new_link
from creatorbot.models import Installation, Link
from tests.web.desk import House

BASE = "https://music.example.org"


def poster(
    house: House, release: int | None = None, label: str = "Lido", place: str = "Berlin", on: date | None = date(2026, 6, 12)
) -> int:
    """A poster's link; its id."""
    return link(house, "poster", release_id=release, label=label, gig_place=place, gig_on=on)


def link(house: House, kind: str, **more: object) -> int:
    """A link no post carries; its id."""
    with house.runtime.session() as session:
        made = new_link(session, artist_id=house.artist_id, kind=kind, now=house.runtime.clock(), **{"release_id": None, **more})  # type: ignore[arg-type]
        session.flush()
        return made.id or 0


def publish(house: House) -> None:
    """The public address is set and has answered."""
    now = house.runtime.clock()
    house.add(Installation(id=1, public_url=BASE, public_answered_at=now, created_at=now))


def code(house: House, link_id: int) -> str:
    """The link's code."""
    return str(house.read(Link, link_id).code)
