"""Taking a post in hand: one conditional UPDATE with a lease, so that no two senders ever hold the same post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, or_, update
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from creatorbot.announcements.states import move
from creatorbot.announcements.waits import Waits
from creatorbot.models import Account, Artist, Attempt, Post, PostChange
from creatorbot.security.secrets import word
from creatorbot.storage.types import UtcDateTime
from creatorbot.wording import N_, say

READY = ("waiting", "due")
STOPPED_BEFORE = N_("The program stopped before sending")
NOTHING_SENT = N_("Nothing had been sent yet")
STOPPED = N_(
    "This program stopped while it was sending, so it may or may not be out. We look on the server before we try again; "
    "it will not appear twice."
)


# Statements are made once: these are asked every second, and making one costs as much as running it.
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
_FREE = or_(col(Post.lease_until).is_(None), col(Post.lease_until) < _NOW)
_IS_DUE = (col(Post.state).in_(READY), col(Post.due_at) <= _NOW, col(Post.not_before) <= _NOW)
_PLACES = rows(col(Post.id), col(Account.server_id)).join(Account, col(Account.id) == col(Post.account_id)).limit(bindparam("limit"))
_DUE = _PLACES.where(*_IS_DUE).order_by(col(Post.due_at), col(Post.id))
_LOOKED_FOR = _PLACES.where(col(Post.not_before) <= _NOW, _FREE).order_by(col(Post.not_before))
_UNKNOWN = _LOOKED_FOR.where(col(Post.state) == "unknown")
_UNCONFIRMED = _LOOKED_FOR.where(col(Post.state) == "published")
_DEAD = rows(col(Post.id)).where(col(Post.state) == "claimed", col(Post.lease_until) < _NOW)
_THESE = col(Post.id).in_(bindparam("posts", expanding=True))
_FREE_ONES = rows(col(Post.id), col(Post.state)).where(_THESE, *_IS_DUE).with_for_update(skip_locked=True)
_CLAIMED = {
    "state": "claimed",
    "lease_owner": bindparam("lease"),
    "lease_until": bindparam("until", type_=UtcDateTime()),
    "changed_at": bindparam("changed", type_=UtcDateTime()),
}
_TAKE = update(Post).where(_THESE, *_IS_DUE).values(_CLAIMED).returning(col(Post.id)).execution_options(synchronize_session=False)


@dataclass(frozen=True)
class Due:
    """A post whose turn it is, and the server it waits for."""

    post_id: int
    server_id: int


def due_posts(session: Session, now: datetime, limit: int = 100) -> list[Due]:
    """Posts whose time has come, the longest due first."""
    return _found(session, _DUE, now, limit)


def unknown_posts(session: Session, now: datetime, limit: int = 100) -> list[Due]:
    """Posts of which nobody knows whether they are out, and that may be looked for now."""
    return _found(session, _UNKNOWN, now, limit)


def unconfirmed_posts(session: Session, now: datetime, limit: int = 100) -> list[Due]:
    """Published posts that have not been looked at since."""
    return _found(session, _UNCONFIRMED, now, limit)


def claim_to_send(session: Session, post_id: int, now: datetime, waits: Waits) -> str | None:
    """Take a due post in hand. Returns our lease's word, or None when somebody else was quicker or it is not due any more."""
    lease, ids = claim_all(session, [post_id], now, waits)
    return lease if ids else None


def claim_all(session: Session, post_ids: Sequence[int], now: datetime, waits: Waits) -> tuple[str, list[int]]:
    """Take those of these posts in hand that are due and nobody else has. (our lease's word, which we got).

    Whom another claims just now is passed over, not waited for; the UPDATE asks once more, so that a database without row locks
    gives no post twice either.
    """
    lease, before = word(16), dict[int, str]()
    for post_id, state in session.execute(_FREE_ONES, {"posts": list(post_ids), "now": now}):
        before[post_id] = state
    if not before:
        return lease, []
    taking = {"posts": list(before), "now": now, "lease": lease, "until": now + waits.lease, "changed": now}
    ids = [post_id for (post_id,) in session.execute(_TAKE, taking)]
    why = N_("Its time has come")
    session.add_all(PostChange(post_id=post_id, at=now, before=before[post_id], after="claimed", why=why) for post_id in ids)
    return lease, ids


def claim_to_look(session: Session, post_id: int, state: str, now: datetime, waits: Waits) -> str | None:
    """Take an unknown or published post in hand for a look, without changing its state."""
    lease = word(16)
    done = session.execute(
        update(Post)
        .where(col(Post.id) == post_id, col(Post.state) == state, col(Post.not_before) <= now, _free(now))
        .values(lease_owner=lease, lease_until=now + waits.lease)
        .execution_options(synchronize_session=False)
    )
    return lease if done.rowcount else None  # type: ignore[attr-defined]


def dead_claims(session: Session, now: datetime) -> list[int]:
    """Claims whose lease has run out: their holder died."""
    return list(session.execute(_DEAD, {"now": now}).scalars())


def release_dead_claims(session: Session, now: datetime, waits: Waits) -> int:
    """Claims whose holder died: what it sent, if anything, is unknown. Returns how many.

    A claim without an attempt row sent nothing and simply becomes due again.
    """
    wanted = select(Post).where(Post.state == "claimed", col(Post.lease_until) < now)
    dead = session.exec(wanted.with_for_update(skip_locked=True)).all()
    for post in dead:
        opened = session.exec(select(Attempt).where(Attempt.post_id == post.id, Attempt.outcome == "open")).all()
        post.not_before = now if not opened else now + waits.first_look
        session.flush()
        if opened:
            for attempt in opened:
                attempt.outcome, attempt.finished_at, attempt.sentence = "unknown", now, N_("The program stopped in the middle of it")
            artist = session.get_one(Artist, post.artist_id)
            move(session, post, "unknown", now, N_("The program stopped while sending"), sentence=say(artist.language, STOPPED))
        elif move(session, post, "unknown", now, STOPPED_BEFORE):
            move(session, post, "due", now, NOTHING_SENT)
    return len(dead)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Post.lease_until).is_(None), col(Post.lease_until) < now)


def _found(session: Session, wanted: Executable, now: datetime, limit: int) -> list[Due]:
    return [Due(post_id, server_id) for post_id, server_id in session.execute(wanted, {"now": now, "limit": limit}).all()]
