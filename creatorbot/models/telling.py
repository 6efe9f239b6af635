"""What the artist's people are told, who wants which of it by mail, the mails themselves, and the server that carries them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers, sealed


class Told(Row, table=True):
    """One thing that happened, told once. about: what makes it one ("change:17"); telling it again changes nothing.

    kind: posted | changed | failed | needs_you | vanished | late | removed | account | source | release | planned | counting.
    sentence: a gettext id; its values are names and reasons, and moments as ISO 8601 in UTC under the names in artists/telling/said.py.
    """

    __table_args__ = (UniqueConstraint("artist_id", "about"),)
    id: int | None = key()
    artist_id: int = refers("artist.id", index=False)
    about: str
    kind: str
    post_id: int | None = refers("post.id", optional=True)
    account_id: int | None = refers("account.id", optional=True)
    source_id: int | None = refers("source.id", optional=True)
    release_id: int | None = refers("release.id", optional=True)
    sentence: str
    values: dict[str, Any] = document()
    at: datetime = moment(index=True)


class Wish(Row, table=True):
    """What one member wants to be told by mail, and how far they have looked on Home. address: sealed, None for no mail.

    kinds: see artists/telling/kinds.py. pace: at_once | daily. since: nothing older is mailed. next_digest_at: the next daily mail.
    stop_key: opens the page that stops it. seen_id: the last thing of an earlier look; looking_id, looked_at: of the present one.
    """

    __table_args__ = (CheckConstraint("pace IN ('at_once', 'daily')", name="wish_pace"),)
    id: int | None = key()
    member_id: int = refers("member.id", unique=True)
    address: bytes | None = sealed(optional=True)
    kinds: list[str] = document(list)
    pace: str = "at_once"
    stop_key: str = Field(default="", index=True)
    since: datetime | None = moment(optional=True)
    next_digest_at: datetime | None = moment(optional=True)
    seen_id: int = 0
    looking_id: int = 0
    looked_at: datetime | None = moment(optional=True)


class Mail(Row, table=True):
    """One mail to one member. kind: at_once | daily | hello | test. state: waiting | claimed | sent | failed.

    about: what makes it one. message_id: made with the row, so that a mail sent a second time after a lost answer is known as the same.
    maybe_sent: an earlier try may have been taken, so its words stay as they are.
    sentence: why it failed or waits, in English terms of a gettext id; values beside it.
    """

    __table_args__ = (
        UniqueConstraint("member_id", "about"),
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'failed')", name="mail_state"),
    )
    id: int | None = key()
    member_id: int = refers("member.id", index=False)
    about: str
    kind: str
    state: str = Field(default="waiting", index=True)
    message_id: str
    created_at: datetime = moment()
    not_before: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)
    tries: int = 0
    maybe_sent: bool = False
    sent_at: datetime | None = moment(optional=True)
    sentence: str = ""
    values: dict[str, Any] = document()


class MailItem(Row, table=True):
    """One told thing in one mail: each reaches a member once, at once or in the daily mail."""

    __table_args__ = (UniqueConstraint("member_id", "told_id"),)
    id: int | None = key()
    mail_id: int = refers("mail.id")
    member_id: int = refers("member.id", index=False)
    told_id: int = refers("told.id")


class MailServer(Row, table=True):
    """Who carries our mail. One row, id 1. security: tls (from the first byte) | starttls | none (this machine only). password: sealed.

    sentence, values: what went wrong last, for the keeper; worked_at: when it last took a mail.
    """

    __table_args__ = (
        CheckConstraint("id = 1", name="one_mail_server"),
        CheckConstraint("security IN ('tls', 'starttls', 'none')", name="mail_security"),
    )
    id: int | None = key()
    host: str
    port: int
    security: str
    login: str = ""
    password: bytes | None = sealed(optional=True)
    sender: str
    changed_at: datetime = moment()
    worked_at: datetime | None = moment(optional=True)
    sentence: str = ""
    values: dict[str, Any] = document()


class TellingMark(Row, table=True):
    """How far the rows have been read for what is to be told. upto: an id that was read; at: when it was last looked."""

    name: str = key()
    upto: int = 0
    at: datetime = moment()
