"""Which posts are looked at now: rows made for posts that are out, taken in hand with a lease, one account at a time."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, delete, select

from creatorbot.announcements.engagement.ages import moment_of, step_at
from creatorbot.announcements.waits import Waits
from creatorbot.models import Booster, Engagement, Measuring, Post, PostReply
from creatorbot.storage.once import insert_once

OUT = ("published", "confirmed")
MOST = 20  # of one account in one go: one question where the server takes several at once, and never a flood of them
NEVER_OLDER = timedelta(days=31)


def begin_new(session: Session, now: datetime, scale: float) -> int:
    """A row for every post that is out and has none, or was made anew since. Returns how many were made."""
    known = select(Measuring.id).where(Measuring.post_id == Post.id, Measuring.since == Post.published_at)
    wanted = select(Post).where(
        col(Post.state).in_(OUT), Post.remote_id != "", col(Post.published_at) > now - NEVER_OLDER, ~known.correlate(Post).exists()
    )
    made = 0
    for post in session.exec(wanted.order_by(col(Post.id)).limit(500)).all():
        if post.id is not None and post.published_at is not None:
            _forget(session, post.id)
            step = step_at(now, post.published_at, scale)
            at = moment_of(step, post.published_at, scale)
            made += insert_once(
                session, Measuring(artist_id=post.artist_id, post_id=post.id, since=post.published_at, step=step, next_at=at)
            )
    return made


def _forget(session: Session, post_id: int) -> None:
    """What came back for a status that vanished does not count for the one that was made in its place."""
    for table in (Measuring, Engagement, Booster, PostReply):
        session.exec(delete(table).where(col(table.post_id) == post_id))


def due_accounts(session: Session, now: datetime) -> list[int]:
    """Accounts with posts to look at, the longest waiting first."""
    rows = session.exec(
        select(Post.account_id).join(Measuring, col(Measuring.post_id) == Post.id).where(_due(now)).order_by(col(Measuring.next_at))
    )
    return list(dict.fromkeys(rows.all()))


def claim_account(session: Session, account_id: int, now: datetime, waits: Waits) -> list[int]:
    """Take the account's due posts in hand; the ids of those that are ours. Nobody else gets them until the lease ends."""
    wanted = select(Measuring.id).join(Post, col(Measuring.post_id) == Post.id).where(Post.account_id == account_id, _due(now))
    ids = session.exec(wanted.order_by(col(Measuring.next_at)).limit(MOST)).all()
    until = now + waits.lease
    ours = []
    for row_id in ids:
        done = session.execute(
            update(Measuring)
            .where(col(Measuring.id) == row_id, _due(now))
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount and row_id is not None:  # type: ignore[attr-defined]
            ours.append(row_id)
    return ours


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(col(Measuring.lease_until).is_(None), col(Measuring.lease_until) < now)
    return and_(col(Measuring.next_at) <= now, free)
