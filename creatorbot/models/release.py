"""Releases: what is known of them, where they can be had, what changed in their life, which may be one and the same; and covers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers


class Release(Row, table=True):
    """An album, track, video, episode, stream or post. state: listed | new | held | waits | announced | merged.

    availability: coming (dated in the future, cannot be had yet) | preorder | out | withdrawn. Independent of state.
    explicit: its source marks it so. upc, isrc: digits and letters only, as the source tells them. state merged: a MergeSuggestion says
    into which. cover_tried_at, cover_failures, cover_sentence: the last try to fetch the cover, how many failed in a row, and why, for the
    artist. looked_at, next_look_at: its own page, looked at again from time to time for price and licence; None: it has no page to look at.

    price_minor: the fixed price or the floor, in price_currency; None when there is none. suggested_minor: the artist's own
    anchor for this release, in the artist's currency. url: where it can be had. changed_at moves with every edit that a fan could see.
    edited: columns the artist typed by hand; the source leaves them alone. told: what its source said last, by where it said it
    ("list", "page"). missed: looks at its own page in a row that found no page there. alike_key: the title for comparison only, by
    which the same release from elsewhere is looked for. player_url: an address made to be shown inside another page, that plays it;
    audio_url: a file of sound that browsers play; both https and as the source tells them, "" without one.
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
    player_url: str = ""
    audio_url: str = ""
    cover_id: int | None = refers("cover.id", optional=True, gone="SET NULL")
    cover_tried_at: datetime | None = moment(optional=True)
    cover_failures: int = 0
    cover_sentence: str = ""
    tags: list[str] = document(list)
    tracks: int | None = None
    explicit: bool = False
    edited: list[str] = document(list)
    told: dict[str, dict[str, list[object]]] = document()
    missed: int = 0
    alike_key: str = Field(default="", index=True)
    state: str = "new"
    availability: str = "out"
    upc: str = Field(default="", index=True)
    isrc: str = Field(default="", index=True)
    looked_at: datetime | None = moment(optional=True)
    next_look_at: datetime | None = moment(optional=True, index=True)
    first_seen_at: datetime = moment(index=True)
    changed_at: datetime = moment(index=True)


class ReleasePlace(Row, table=True):
    """One place where a release can be had. kind: the source's registry key, or "hand". url_key: the address for comparison only.

    The release's own url is one of its places too. price_*: as at Release.
    """

    __table_args__ = (UniqueConstraint("release_id", "url_key"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    release_id: int = refers("release.id")
    source_id: int | None = refers("source.id", optional=True, gone="SET NULL")
    kind: str
    url: str
    url_key: str = Field(index=True)
    price_model: str = "unknown"
    price_minor: int | None = None
    price_currency: str = ""
    availability: str = "out"
    first_seen_at: datetime = moment()
    seen_at: datetime = moment()


class ReleaseChange(Row, table=True):
    """One change in a release's life, as its source told it.

    what: out | preorder | withdrawn | back | price | licence | title | address | tracks | cover.
    before, after: the values that changed, by column name. state: open (the artist has not looked) | seen.
    """

    id: int | None = key()
    artist_id: int = refers("artist.id")
    release_id: int = refers("release.id")
    source_id: int | None = refers("source.id", optional=True, gone="SET NULL")
    at: datetime = moment(index=True)
    what: str
    before: dict[str, object] = document()
    after: dict[str, object] = document()
    state: str = "open"


class MergeSuggestion(Row, table=True):
    """Two releases that may be one. kept_id stays, other_id is merged into it. state: open | merged | apart.

    why: upc | isrc | same | alike. moved: what a merge moved, by table name, so that it can be taken back.
    """

    __table_args__ = (UniqueConstraint("kept_id", "other_id"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    kept_id: int = refers("release.id")
    other_id: int = refers("release.id")
    why: str
    state: str = "open"
    moved: dict[str, object] = document()
    created_at: datetime = moment()
    decided_at: datetime | None = moment(optional=True)
    decided_by: str = ""


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
