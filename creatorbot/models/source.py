"""Where releases are discovered, what was seen there, each look at it, and how a place tells us by itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers, sealed


class Source(Row, table=True):
    """One watched address. state: new | ok | robot_check | empty | busy | failing | broken | refused | missing | gone.

    kind: the registry's key of the adapter that read it last. software: what wrote the page, as it says ("faircamp"), or "".
    typed: what the artist pasted; found_how: a sentence that says how we got from there to the address.
    baseline_at: when the first poll listed what was already there. failures: in a row. lease_until: somebody is polling now.
    body_hash: blake2b of the last body, so that an unchanged page costs no reading. interval_s: the present pace, 0 before the first look.
    asked_s: how long the server asked us to leave it alone (Cache-Control, Retry-After, ttl). last_new_at: when news was last there.
    hub, topic: where and under which name it offers to push its news (WebSub), or "".
    """

    __table_args__ = (UniqueConstraint("artist_id", "address"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    kind: str
    software: str = ""
    address: str
    typed: str = ""
    found_how: str = ""
    title: str = ""
    state: str = "new"
    sentence: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: int = 0
    interval_s: int = 0
    asked_s: int = 0
    hub: str = ""
    topic: str = ""
    created_at: datetime = moment()
    baseline_at: datetime | None = moment(optional=True)
    polled_at: datetime | None = moment(optional=True)
    last_new_at: datetime | None = moment(optional=True)
    next_poll_at: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)


class SourceItem(Row, table=True):
    """One item ever seen in a source, and what was decided about it. guid_key: the guid normalised for comparison only.

    decision: baseline | new | held | same | changed | moved | with_album | waits | merged. why: a sentence (gettext id) that says
    why it was or was not taken for news. not_before: a future-dated item waits until that day. parts: guid keys of the entries it joins.
    day: the date it told when last seen; it helps to know it again, and never decides what is new.
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
    day: date | None = Field(default=None)
    parts: list[str] = document(list)
    decision: str
    why: str = ""
    not_before: date | None = Field(default=None, index=True)
    first_seen_at: datetime = moment()
    last_seen_at: datetime = moment()


class Fetch(Row, table=True):
    """One look at a source. outcome: changed | unchanged | robot_check | failed. The last ten of a source are kept.

    how: polled | asked (a person pressed the button) | pushed (the place told us).
    """

    __table_args__ = (CheckConstraint("milliseconds >= 0", name="fetch_time"),)
    id: int | None = key()
    source_id: int = refers("source.id")
    at: datetime = moment()
    how: str = "polled"
    outcome: str
    status: int = 0
    milliseconds: int = 0
    bytes: int = 0
    found: int = 0
    fresh: int = 0
    sentence: str = ""


class Push(Row, table=True):
    """How a place tells us by itself. kind: websub (a hub we subscribed at) | owncast (a secret path its owner pasted there).

    public_id: the secret part of our path. state: wanted | asked | on | refused | leaving (we asked to be forgotten) | ended.
    source_id: None once the source is gone or names another hub; then the hub is asked to forget us. callback: the whole address
    we gave the hub. secret: what a hub signs with. ignored: notes whose signature was wrong or missing.
    next_try_at: when to ask, or to renew. expires_at: when the hub forgets us.
    """

    __table_args__ = (UniqueConstraint("source_id", "kind"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    source_id: int | None = refers("source.id", optional=True, gone="SET NULL")
    kind: str
    public_id: str = Field(unique=True)
    hub: str = ""
    topic: str = ""
    callback: str = ""
    secret: bytes | None = sealed(optional=True)
    state: str = "wanted"
    sentence: str = ""
    failures: int = 0
    ignored: int = 0
    created_at: datetime = moment()
    asked_at: datetime | None = moment(optional=True)
    confirmed_at: datetime | None = moment(optional=True)
    expires_at: datetime | None = moment(optional=True)
    next_try_at: datetime = moment(index=True)
    last_push_at: datetime | None = moment(optional=True)


def _body() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


class Pushed(Row, table=True):
    """One note that arrived, stored before it is answered and before it is understood.

    digest: of its body, so that a repeated one counts once. state: waiting | read | unreadable.
    """

    __table_args__ = (UniqueConstraint("push_id", "digest"),)
    id: int | None = key()
    push_id: int = refers("push.id")
    source_id: int = refers("source.id")
    received_at: datetime = moment(index=True)
    content_type: str = ""
    digest: str
    body: bytes = _body()
    state: str = Field(default="waiting", index=True)
    sentence: str = ""


class HandoverKey(Row, table=True):
    """What lets an artist's own bookmark hand a page to us. secret_hash: blake2b of the secret, to find it by."""

    id: int | None = key()
    artist_id: int = refers("artist.id", unique=True)
    secret: bytes = sealed()
    secret_hash: str = Field(unique=True)
    created_at: datetime = moment()


class Handover(Row, table=True):
    """One page handed to us, until its artist says what to do with it. code_hash: blake2b of the word in its address."""

    id: int | None = key()
    artist_id: int = refers("artist.id")
    code_hash: str = Field(unique=True)
    payload: bytes = _body()
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
