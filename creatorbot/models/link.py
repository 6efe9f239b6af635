"""Links, visits to them, the servers that fetched them, and the totals pages are drawn from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers


class Link(Row, table=True):
    """The short address carried by one post (or one poster …). code: case-sensitive, [A-Za-z0-9]. Never reused, never shared.

    kind: what carries it. release_id: what it opens; None: the artist's page. label: what the artist calls it, a poster's gig; gig_place,
    gig_on: where and when that is. page: the artist's own page at /@name, one for each artist. Every link can also show the artist's
    other releases, see links/codes.
    """

    __table_args__ = (CheckConstraint("kind IN ('post', 'bio', 'newsletter', 'poster', 'page', 'button', 'other')", name="link_kind"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    release_id: int | None = refers("release.id", optional=True)
    post_id: int | None = refers("post.id", optional=True, unique=True)
    code: str = Field(unique=True)
    kind: str = "post"
    label: str = ""
    gig_place: str = ""
    gig_on: date | None = Field(default=None)
    created_at: datetime = moment(index=True)


class Visit(Row, table=True):
    """One answered request to a link. kind: person | preview | bot | uncertain. reason: a short code, see links/classify.

    visitor: daily-salted hash, None where the visitor asked not to be counted apart. facts: what the rules read,
    without address and e-mail. button: the one that was pressed, "" when the page was opened. release_id: what was shown, when
    that was not what the link itself opens; 0: the artist's page.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('person', 'preview', 'bot', 'uncertain')", name="visit_kind"),
        # For the few who become people by what they do next; an index on all would halve the speed of draining.
        Index(
            "ix_visit_uncertain",
            "link_id",
            "visitor",
            sqlite_where=text("kind = 'uncertain'"),
            postgresql_where=text("kind = 'uncertain'"),
        ),
    )
    id: int | None = key()
    artist_id: int  # the link's; it goes with the link, and asking a second table for each visit costs a tenth of draining
    link_id: int = refers("link.id")
    at: datetime = moment(index=True)
    kind: str
    reason: str
    rules: int
    visitor: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    server_host: str = ""
    button: str = ""
    release_id: int | None = None
    referrer_host: str = ""
    facts: dict[str, Any] = document()


class VisitorDay(Row, table=True):
    """One person, one link, one UTC day: what "people" counts."""

    __table_args__ = (UniqueConstraint("link_id", "day", "visitor"),)
    id: int | None = key()
    link_id: int = refers("link.id", index=False)
    day: date
    visitor: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class VisitTotal(Row, table=True):
    """Per link and quarter of an hour (UTC): visits by kind, people not yet seen that day, and buttons pressed by people: those that
    lead to a shop, and those that play."""

    __table_args__ = (UniqueConstraint("link_id", "quarter"),)
    id: int | None = key()
    link_id: int = refers("link.id", index=False)
    quarter: datetime = moment()
    people: int = 0
    person: int = 0
    preview: int = 0
    bot: int = 0
    uncertain: int = 0
    presses: int = 0
    plays: int = 0


class Reach(Row, table=True):
    """One server that fetched one link: it received the post. hits: how often."""

    __table_args__ = (UniqueConstraint("link_id", "host"),)
    id: int | None = key()
    link_id: int = refers("link.id", index=False)
    host: str
    software: str
    first_seen_at: datetime = moment()
    hits: int = 1


class ServerMet(Row, table=True):
    """A server that received any post of this artist, and the link by which it did so first: what is new about a post."""

    __table_args__ = (UniqueConstraint("artist_id", "host"),)
    id: int | None = key()
    artist_id: int = refers("artist.id", index=False)
    host: str
    software: str
    first_seen_at: datetime = moment()
    first_link_id: int = refers("link.id")


class Referrer(Row, table=True):
    """How many people a site sent to one link on one UTC day. Shown by name only from three people on, see links/referrers."""

    __table_args__ = (UniqueConstraint("link_id", "day", "host"),)
    id: int | None = key()
    link_id: int = refers("link.id", index=False)
    day: date
    host: str
    people: int = 0


class JournalPosition(Row, table=True):
    """How far one segment of the visit journal has been read, moved in the same transaction as the visits."""

    segment: str = key()
    offset: int = 0
    changed_at: datetime = moment()


class DaySalt(Row, table=True):
    """The random salt of one UTC day, shared by all processes, deleted when the day is over."""

    day: date = key()
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
