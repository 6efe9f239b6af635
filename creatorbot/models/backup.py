"""Which account stands in for which when a server is away, and the posts where that happened."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from creatorbot.models.base import Row, key, moment, refers


class Pairing(Row, table=True):
    """The backup of one account. patience: minutes its server may be away before the backup posts instead.

    rather: "late" (never twice, though it may become late) or "twice" (never late, though it may appear twice), for a post of which
    nobody knows whether it is out. if_absent: boost | leave, when the server is back and the post is not there.
    if_there: remove | leave, when it turns out to be on both.
    """

    __table_args__ = (
        UniqueConstraint("account_id"),
        CheckConstraint("account_id <> backup_id", name="pairing_two_accounts"),
        CheckConstraint("rather IN ('late', 'twice')", name="pairing_rather"),
        CheckConstraint("if_absent IN ('boost', 'leave')", name="pairing_if_absent"),
        CheckConstraint("if_there IN ('remove', 'leave')", name="pairing_if_there"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    account_id: int = refers("account.id", index=False)
    backup_id: int = refers("account.id")
    patience: int = 20
    rather: str = "late"
    if_absent: str = "boost"
    if_there: str = "remove"
    created_at: datetime = moment()


class StandIn(Row, table=True):
    """A post that went to the backup: post_id the one that could not go out, sibling_id the one made instead of it.

    state: away (we ask the first server until it is back) | boosting | done. outcome, once done: a key of
    announcements/handover/outcome.ENDINGS. if_absent, if_there: as chosen when it happened. boost_id: of the boost. sentence: for
    the artist, in their language.
    """

    __table_args__ = (
        UniqueConstraint("post_id"),
        UniqueConstraint("sibling_id"),
        CheckConstraint("state IN ('away', 'boosting', 'done')", name="stand_in_state"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", index=False)
    sibling_id: int = refers("post.id", index=False)
    state: str = "away"
    outcome: str = ""
    if_absent: str = "boost"
    if_there: str = "remove"
    boost_id: str = ""
    sentence: str = ""
    looks: int = 0
    tries: int = 0
    not_before: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)
    created_at: datetime = moment()
    changed_at: datetime = moment()
