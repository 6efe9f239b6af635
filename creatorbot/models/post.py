"""One message on one account: the unit that must exist exactly once on the network."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, key, moment, refers

STATES = ("waiting", "due", "claimed", "published", "confirmed", "unknown", "held", "failed", "handed_over", "vanished", "cancelled")


class Post(Row, table=True):
    """A row with a state. due_at: when it should go out. not_before: a retry waits until then. expires_at: later than
    that the artist is asked.

    text: what went (or goes) out, frozen at the first attempt. lease_until: whoever claimed it is alive until then.
    remote_id, remote_url: the status on the server. sentence: what the artist should know, in their language.
    part: 0 is the post itself, 1 and on the later messages of its thread. wording: the mark of the wording it carries, "" for the only one.
    """

    __table_args__ = (
        UniqueConstraint("announcement_id", "account_id", "part"),
        CheckConstraint("state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")", name="post_state"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    announcement_id: int = refers("announcement.id")
    account_id: int = refers("account.id")
    part: int = 0
    state: str = "waiting"
    due_at: datetime = moment(index=True)
    not_before: datetime = moment(index=True)
    expires_at: datetime = moment()
    lease_until: datetime | None = moment(optional=True)
    lease_owner: str = ""
    text: str = ""
    carries: str = ""
    wording: str = ""
    remote_id: str = ""
    remote_url: str = ""
    published_at: datetime | None = moment(optional=True)
    tries: int = 0
    looks: int = 0
    sentence: str = ""
    changed_at: datetime = moment()


class PostChange(Row, table=True):
    """Who moved a post from which state to which, when and why. who: "creatorbot" or a member's name."""

    id: int | None = key()
    post_id: int = refers("post.id")
    at: datetime = moment()
    before: str
    after: str
    why: str
    who: str = "creatorbot"


class Attempt(Row, table=True):
    """One try to send one post; committed before the call. outcome:
    open | published | refused | revoked | busy | unreached | unknown | absent.

    key: random, goes out as Idempotency-Key. "absent": looked for and proven not to exist.
    """

    id: int | None = key()
    post_id: int = refers("post.id")
    key: str
    text_hash: str
    started_at: datetime = moment()
    finished_at: datetime | None = moment(optional=True)
    outcome: str = "open"
    status: int = 0
    sentence: str = ""


class PostEdit(Row, table=True):
    """A new text for a post that is out. state: wanted | claimed | done | failed | cancelled. before: the text it replaces.

    change_id: the change in the release's life that it answers, if one. not_before: a retry waits until then.
    """

    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id")
    change_id: int | None = refers("releasechange.id", optional=True, gone="SET NULL")
    before: str
    text: str
    state: str = Field(default="wanted", index=True)
    sentence: str = ""
    who: str
    created_at: datetime = moment()
    done_at: datetime | None = moment(optional=True)
    not_before: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)
    tries: int = 0
