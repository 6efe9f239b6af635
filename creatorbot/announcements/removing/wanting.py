"""Writing down that a post is to be taken down, and what there is to say about it."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.errors import Conflict
from creatorbot.models import Account, Post, PostRemoval
from creatorbot.networks import REGISTRY
from creatorbot.networks.engaging import Deleting
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_

OUT = ("published", "confirmed")


def why_not(session: Session, post: Post) -> str:
    """Why this post cannot be taken down from here, a gettext id; "" when it can."""
    account = session.get_one(Account, post.account_id)
    if post.state not in OUT or not post.remote_id:
        return N_("Only a post that is out can be taken down.")
    if not isinstance(REGISTRY.get(account.network), Deleting):
        return N_("This network does not let us take posts down. Do it there, on your profile.")
    if account.state == "removed":
        return N_("This account is not connected any more. Take the post down there, on your profile.")
    return ""


def want_removal(session: Session, post: Post, who: str, now: datetime) -> PostRemoval:
    """Write it down; the job does it. Twice is the same as once; after a failure it is tried anew. Raises Conflict with the reason."""
    session.refresh(post, with_for_update=True)
    found = removal_of(session, post.id or 0)
    if found is not None and found.state != "failed":
        return found
    if reason := why_not(session, post):
        raise Conflict(reason)
    if found is None:
        insert_once(session, PostRemoval(artist_id=post.artist_id, post_id=post.id or 0, who=who, created_at=now, not_before=now))
        return session.exec(select(PostRemoval).where(PostRemoval.post_id == post.id)).one()
    found.state, found.who, found.created_at, found.not_before, found.tries, found.sentence = "wanted", who, now, now, 0, ""
    session.flush()
    return found


def leave_it(session: Session, removal: PostRemoval) -> None:
    """It stays after all. Raises Conflict once the server may have been asked."""
    session.refresh(removal, with_for_update=True)
    if removal.state != "failed" and not (removal.state == "wanted" and removal.tries == 0):
        raise Conflict("The server has been asked already; it cannot be called back.")
    session.delete(removal)


def removal_of(session: Session, post_id: int) -> PostRemoval | None:
    """The wish to take this post down, if there is one."""
    return session.exec(select(PostRemoval).where(PostRemoval.post_id == post_id)).first()


def taken_down(session: Session, artist_id: int) -> set[int]:
    """The ids of posts that are not out any more because somebody took them down."""
    wanted = select(PostRemoval.post_id).where(PostRemoval.artist_id == artist_id, PostRemoval.state == "done")
    return set(session.exec(wanted).all())


def failed_removals(session: Session, artist_id: int) -> list[PostRemoval]:
    """Those that were refused, newest first."""
    wanted = select(PostRemoval).where(PostRemoval.artist_id == artist_id, PostRemoval.state == "failed")
    return list(session.exec(wanted.order_by(col(PostRemoval.id).desc())).all())
