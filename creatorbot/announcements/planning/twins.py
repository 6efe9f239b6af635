"""A release is told once: what was planned by itself gives way to another announcement of the same release on the same account.

Two come about when somebody announces by hand what waits its turn, and when two releases turn out to be one.
"""

from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from creatorbot.announcements.states import move, settle
from creatorbot.models import Announcement, AutoAnnouncement, Post
from creatorbot.wording import N_

GIVES_WAY = N_("Another announcement of this release goes out there")
NOT_SENT_YET = ("waiting", "due")
NOTHING_THERE = ("cancelled", "failed", "vanished")


def twins(session: Session) -> list[int]:
    """Posts that were planned by themselves, are not sent yet, and are not the only one of their release on their account.

    Of two that were planned by themselves it is the later one; what a person announces always stays.
    """
    mine, other, itself = aliased(Announcement), aliased(Announcement), aliased(AutoAnnouncement)
    rival = aliased(Post)
    wanted = (
        select(Post.id)
        .join(AutoAnnouncement, col(AutoAnnouncement.announcement_id) == Post.announcement_id)
        .join(mine, col(mine.id) == Post.announcement_id)
        .join(other, and_(col(other.release_id) == mine.release_id, col(other.id) != mine.id))
        .join(rival, and_(col(rival.announcement_id) == other.id, col(rival.account_id) == Post.account_id))
        .outerjoin(itself, and_(col(itself.announcement_id) == other.id, itself.state == "planned"))
        .where(
            AutoAnnouncement.state == "planned",
            Post.part == 0,
            col(Post.state).in_(NOT_SENT_YET),
            rival.part == 0,
            col(rival.state).not_in(NOTHING_THERE),
            or_(col(itself.id).is_(None), col(other.id) < mine.id),
        )
    )
    return sorted({found for found in session.exec(wanted) if found is not None})


def give_way(session: Session, now: datetime) -> int:
    """Call those off. Returns how many; what a sender took meanwhile is on its way and stays."""
    session.flush()
    done = 0
    for post_id in twins(session):
        post = session.get_one(Post, post_id, populate_existing=True)
        if post.state in NOT_SENT_YET and move(session, post, "cancelled", now, GIVES_WAY, sentence=""):
            settle(session, post.announcement_id, now)
            done += 1
    return done
