"""What came back for a post on its network: counts at given ages, names for a month; and the wish to take a post down."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, key, moment, refers


class Measuring(Row, table=True):
    """When a post is looked at next. step: index of the age (announcements/engagement/ages.py); next_at: None when that was the last.

    since: when the post went out, from which the ages count; a post that was made anew begins anew. tries: looks in a row that were not
    possible. misses: looks in a row that did not find it. lease_until: somebody is looking now.
    """

    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", unique=True)
    since: datetime = moment()
    step: int = 0
    next_at: datetime | None = moment(optional=True, index=True)
    tries: int = 0
    misses: int = 0
    lease_until: datetime | None = moment(optional=True)


class Engagement(Row, table=True):
    """The counts of one post at one look; None where its server does not tell. One row for each step."""

    __table_args__ = (UniqueConstraint("post_id", "step"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", index=False)
    step: int
    at: datetime = moment()
    boosts: int | None = None
    favourites: int | None = None
    replies: int | None = None
    quotes: int | None = None


class Booster(Row, table=True):
    """Somebody who boosted a post, first seen at this look; forgotten after 30 days."""

    __table_args__ = (UniqueConstraint("post_id", "handle"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", index=False)
    handle: str
    name: str
    url: str = ""
    seen_at: datetime = moment(index=True)


class PostReply(Row, table=True):
    """A public answer to a post, with where to read it; forgotten after 30 days."""

    __table_args__ = (UniqueConstraint("post_id", "remote_id"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", index=False)
    remote_id: str
    handle: str
    name: str
    words: str = ""
    url: str = ""
    at: datetime = moment()
    seen_at: datetime = moment(index=True)


class PostRemoval(Row, table=True):
    """A post is to be taken down. state: wanted | claimed | done | failed. One for each post, for good: it is never made anew.

    not_before: a retry waits until then. done_at: when it was proven gone.
    """

    __table_args__ = (CheckConstraint("state IN ('wanted', 'claimed', 'done', 'failed')", name="removal_state"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", unique=True)
    state: str = Field(default="wanted", index=True)
    who: str
    created_at: datetime = moment()
    done_at: datetime | None = moment(optional=True)
    not_before: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)
    tries: int = 0
    sentence: str = ""
