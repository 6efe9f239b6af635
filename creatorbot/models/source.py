"""Where releases are discovered, what was seen there, and each look at it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, key, moment, refers


class Source(Row, table=True):
    """One watched address. state: new | ok | robot_check | empty | failing | refused | gone.

    baseline_at: when the first poll listed what was already there. failures: in a row. lease_until: somebody is polling now.
    body_hash: blake2b of the last body, so that an unchanged page costs no reading.
    """

    __table_args__ = (UniqueConstraint("artist_id", "address"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    kind: str
    address: str
    title: str = ""
    state: str = "new"
    sentence: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: int = 0
    created_at: datetime = moment()
    baseline_at: datetime | None = moment(optional=True)
    polled_at: datetime | None = moment(optional=True)
    next_poll_at: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)


class SourceItem(Row, table=True):
    """One item ever seen in a source, and what was decided about it. guid_key: the guid normalised for comparison only.

    decision: baseline | new | held | same | changed | moved | with_album.
    """

    __table_args__ = (UniqueConstraint("source_id", "guid_key"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    source_id: int = refers("source.id")
    release_id: int | None = refers("release.id", optional=True, gone="SET NULL")
    guid: str
    guid_key: str
    content_key: str = Field(default="", index=True)
    url: str = ""
    title: str = ""
    content_hash: str = ""
    decision: str
    first_seen_at: datetime = moment()
    last_seen_at: datetime = moment()


class Fetch(Row, table=True):
    """One look at a source. outcome: changed | unchanged | robot_check | failed. The last ten of a source are kept."""

    __table_args__ = (CheckConstraint("milliseconds >= 0", name="fetch_time"),)
    id: int | None = key()
    source_id: int = refers("source.id")
    at: datetime = moment()
    outcome: str
    status: int = 0
    milliseconds: int = 0
    bytes: int = 0
    found: int = 0
    fresh: int = 0
    sentence: str = ""
