"""Reading announcements and posts; always within one artist."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.errors import NotFound
from creatorbot.models import Announcement, Post


def get_announcement(session: Session, artist_id: int, announcement_id: int) -> Announcement:
    """One announcement of this artist. Raises NotFound for another's as for none."""
    found = session.get(Announcement, announcement_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such announcement.")
    return found


def get_post(session: Session, artist_id: int, post_id: int) -> Post:
    """One post of this artist. Raises NotFound for another's as for none."""
    found = session.get(Post, post_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such post.")
    return found


def announcements_of(session: Session, artist_id: int, *, release_id: int | None = None) -> list[Announcement]:
    """Announcements, newest first; of one release if asked. Thrown away ones are left out."""
    wanted = select(Announcement).where(Announcement.artist_id == artist_id, Announcement.state != "cancelled")
    if release_id is not None:
        wanted = wanted.where(Announcement.release_id == release_id)
    return list(session.exec(wanted.order_by(col(Announcement.id).desc())).all())


def posts_of_announcement(session: Session, announcement_id: int) -> list[Post]:
    """Its posts, in the order they were made."""
    return list(session.exec(select(Post).where(Post.announcement_id == announcement_id).order_by(col(Post.id))).all())


def upcoming(session: Session, artist_id: int, now: datetime, limit: int = 20) -> list[Post]:
    """Posts that wait for their time or are on their way, soonest first."""
    wanted = select(Post).where(Post.artist_id == artist_id, col(Post.state).in_(("waiting", "due", "claimed", "unknown")))
    return list(session.exec(wanted.order_by(col(Post.due_at)).limit(limit)).all())


def asking(session: Session, artist_id: int) -> list[Post]:
    """Posts that need the artist: held, failed or vanished ones whose announcement is not closed."""
    wanted = select(Post).where(Post.artist_id == artist_id, col(Post.state).in_(("held", "failed", "vanished")))
    return list(session.exec(wanted.order_by(col(Post.changed_at).desc())).all())


def recent_posts(session: Session, artist_id: int, limit: int = 20) -> list[Post]:
    """Posts that went out, newest first."""
    wanted = select(Post).where(Post.artist_id == artist_id, col(Post.published_at).is_not(None))
    return list(session.exec(wanted.order_by(col(Post.published_at).desc()).limit(limit)).all())
