"""Giving what waits another time: one conditional UPDATE a post, so that nothing that is already in a sender's hands is touched."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.announcements.queries import get_announcement
from creatorbot.announcements.waits import EXPIRY
from creatorbot.errors import Conflict
from creatorbot.models import AutoAnnouncement, Post, PostChange
from creatorbot.wording import N_

CHOSEN = N_("It goes out by itself, at a time you chose.")


def move_posts(session: Session, artist_id: int, announcement_id: int, was: datetime, to: datetime, now: datetime, who: str) -> int:
    """Move an announcement's posts that wait for this moment to another one (aware, not in the past). Returns how many.

    Raises NotFound for another artist's, Conflict when none waits for that moment any more.
    """
    announcement = get_announcement(session, artist_id, announcement_id)
    waiting = (col(Post.announcement_id) == announcement_id, col(Post.state) == "waiting", col(Post.due_at) == was)
    moved = 0
    for post_id in session.exec(select(Post.id).where(*waiting).order_by(col(Post.id))).all():
        done = session.execute(
            update(Post)
            .where(col(Post.id) == post_id, *waiting)
            .values(due_at=to, not_before=to, expires_at=to + EXPIRY, changed_at=now)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount and post_id is not None:  # type: ignore[attr-defined]
            session.add(PostChange(post_id=post_id, at=now, before="waiting", after="waiting", why=N_("Moved to another time"), who=who))
            moved += 1
    if not moved:
        raise Conflict(
            "It does not wait for that time any more: it is on its way, called off, or was moved meanwhile. Nothing was changed."
        )
    left = session.exec(select(Post.due_at).where(Post.announcement_id == announcement_id, Post.state == "waiting")).all()
    announcement.when_at = min([to, *left])
    session.add(announcement)
    itself = session.exec(select(AutoAnnouncement).where(AutoAnnouncement.announcement_id == announcement_id)).first()
    if itself is not None:
        itself.sentence, itself.values = CHOSEN, {}
        session.add(itself)
    return moved
