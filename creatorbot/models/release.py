"""Releases and covers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers


class Release(Row, table=True):
    """An album, track, video, episode, stream or post. state: listed | new | held | announced | withdrawn.

    price_minor: the fixed price or the floor, in price_currency; None when there is none. suggested_minor: the artist's own
    anchor for this release, in the artist's currency. url: where it can be had. changed_at moves with every edit that a fan could see.
    edited: columns the artist typed by hand; the source leaves them alone.
    """

    __table_args__ = (
        CheckConstraint("price_minor IS NULL OR price_minor >= 0", name="release_price"),
        CheckConstraint("suggested_minor IS NULL OR suggested_minor >= 0", name="release_suggested"),
        CheckConstraint("minimum_minor IS NULL OR minimum_minor >= 0", name="release_minimum"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    source_id: int | None = refers("source.id", optional=True, gone="SET NULL")
    title: str
    artist_name: str
    kind: str = "unknown"
    url: str = ""
    part_of: str = ""
    description: str = ""
    released_on: date | None = Field(default=None)
    price_model: str = "unknown"
    price_minor: int | None = None
    price_currency: str = ""
    suggested_minor: int | None = None
    minimum_minor: int | None = None
    licence: str = ""
    cover_url: str = ""
    cover_id: int | None = refers("cover.id", optional=True, gone="SET NULL")
    cover_tried_at: datetime | None = moment(optional=True)
    tags: list[str] = document(list)
    tracks: int | None = None
    edited: list[str] = document(list)
    state: str = "new"
    first_seen_at: datetime = moment(index=True)
    changed_at: datetime = moment(index=True)


class Cover(Row, table=True):
    """A picture, stored once by the hash of its bytes under covers/ in the data folder, and its small card version."""

    id: int | None = key()
    content_hash: str = Field(unique=True)
    mime: str
    width: int
    height: int
    card_width: int
    card_height: int
    bytes: int
    created_at: datetime = moment()
