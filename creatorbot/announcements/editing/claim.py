"""Taking a wanted change in hand: a lease, and never two of one post at a time, nor an older one after a newer."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.waits import Waits
from creatorbot.models import Post, PostEdit


def due_edits(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Changes whose turn has come, and those whose holder died, oldest first."""
    wanted = select(PostEdit.id).where(_free(now)).order_by(col(PostEdit.id)).limit(limit)
    return [found for found in session.exec(wanted).all() if found is not None]


def claim_edit(session: Session, edit_id: int, now: datetime, waits: Waits) -> datetime | None:
    """Take a change in hand. Returns until when (the mark of our lease), None when another has it or an older one comes first."""
    edit = session.get_one(PostEdit, edit_id)
    session.exec(select(Post.id).where(Post.id == edit.post_id).with_for_update()).one()  # one at a time decides about one post
    before = select(PostEdit.id).where(
        PostEdit.post_id == edit.post_id, col(PostEdit.id) != edit_id, or_(col(PostEdit.state) == "claimed", _older_open(edit_id))
    )
    if session.exec(before).first() is not None:
        return None
    until = now + waits.lease
    done = session.execute(
        update(PostEdit)
        .where(col(PostEdit.id) == edit_id, _free(now))
        .values(state="claimed", lease_until=until, tries=col(PostEdit.tries) + 1)
        .execution_options(synchronize_session=False)
    )
    return until if done.rowcount else None  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(PostEdit.state) == "wanted", col(PostEdit.not_before) <= now)
    return or_(waiting, and_(col(PostEdit.state) == "claimed", col(PostEdit.lease_until) < now))


def _older_open(edit_id: int) -> ColumnElement[bool]:
    return and_(col(PostEdit.state) == "wanted", col(PostEdit.id) < edit_id)
