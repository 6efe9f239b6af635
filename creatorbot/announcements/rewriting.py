"""Taking an announcement back to the desk: what waits of it is called off, and its words are a draft again."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import cancel
from creatorbot.announcements.queries import posts_of_announcement
from creatorbot.announcements.wordings.keeping import keep, typed_of
from creatorbot.errors import Conflict
from creatorbot.models import Announcement, Person, Post
from creatorbot.wording import N_

TOO_LATE = N_("Something of it is on its way or already out. Change the text on the post’s own page.")


def is_possible(posts: list[Post]) -> bool:
    """Whether nothing of it is out, was out, or is on its way."""
    return bool(posts) and all(post.state in ("waiting", "cancelled") and post.published_at is None for post in posts)


def write_anew(session: Session, announcement: Announcement, person: Person, now: datetime) -> Announcement:
    """A draft with the same words. Twice is the same as once. Raises Conflict, and changes nothing, when something of it went out."""
    session.refresh(announcement, with_for_update=True)
    posts = posts_of_announcement(session, announcement.id or 0)
    if not is_possible(posts):
        raise Conflict(TOO_LATE)
    if any(post.state == "waiting" for post in posts):
        cancel(session, announcement, now, person.name)
    if any(post.state != "cancelled" for post in posts):
        raise Conflict(TOO_LATE)
    typed = typed_of(session, announcement)
    open_drafts = select(Announcement).where(Announcement.release_id == announcement.release_id, Announcement.state == "draft")
    for draft in session.exec(open_drafts.order_by(col(Announcement.id).desc())).all():
        if typed_of(session, draft) == typed:
            return draft
    draft = Announcement(
        artist_id=announcement.artist_id,
        release_id=announcement.release_id,
        wording=typed.wording,
        created_by=person.id,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    keep(session, draft, typed)
    return draft
