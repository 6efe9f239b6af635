"""Handing a post over to the backup account: decided in the same transaction that records why, so that there is never one too many."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.states import move, unresolved
from creatorbot.announcements.waits import Waits
from creatorbot.artists.backup.pairing import pairing_of
from creatorbot.links.codes import new_link
from creatorbot.models import Account, Announcement, Artist, Attempt, Pairing, Post, PostChange, StandIn
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, say

NEVER_REACHED = N_("Its server was away too long: the backup takes over")
STILL_UNKNOWN = N_("Nobody can say whether it is out, and you would rather see it twice than late: the backup takes over")
STANDS_IN = N_("It stands in for a post whose server is away")


def never_reached(session: Session, post: Post, now: datetime, waits: Waits) -> bool:
    """After a try that never reached the server. True when the post was handed over; else it is tried again by its patience's end.

    Only when no try may have worked: then nothing of it can be anywhere.
    """
    pairing, since = pairing_of(session, post.account_id), _unreached_since(session, post)
    if pairing is None or since is None or unresolved(session, post):
        return False
    ends = since + waits.patience(pairing.patience)
    if now < ends:
        post.not_before = min(post.not_before, ends)
        session.flush()
        return False
    return _hand_over(session, post, pairing, now, waits, NEVER_REACHED)


def still_unknown(session: Session, post: Post, since: datetime, now: datetime, waits: Waits) -> bool:
    """After a look that was not possible because the server is away. since: when the try was made of which nothing is known.

    True when it was handed over, which only the artist's "rather twice" allows.
    """
    pairing = pairing_of(session, post.account_id)
    if pairing is None or pairing.rather != "twice":
        return False
    ends = since + waits.patience(pairing.patience)
    if now < ends:
        post.not_before = min(post.not_before, ends)
        session.flush()
        return False
    return _hand_over(session, post, pairing, now, waits, STILL_UNKNOWN)


def _hand_over(session: Session, post: Post, pairing: Pairing, now: datetime, waits: Waits, why: str) -> bool:
    backup = session.get_one(Account, pairing.backup_id)
    # A thread's later messages answer one that is not on the backup.
    if backup.state not in ("ok", "unreachable") or now > post.expires_at or post.part:
        return False
    sibling = _sibling(session, post, backup, now)
    if sibling is None:
        return False  # it is posted there anyway
    artist = session.get_one(Artist, post.artist_id)
    said = say(
        artist.language, N_("%(backup)s posts it instead. When the server is back, we look what is there."), {"backup": backup.handle}
    )
    if not move(session, post, "handed_over", now, why, sentence=said):
        # Somebody else decided about it meanwhile. The sibling was never seen by anybody.
        session.delete(sibling)
        session.flush()
        return False
    announcement = session.get_one(Announcement, post.announcement_id)
    session.add(PostChange(post_id=_id(sibling), at=now, before="", after="due", why=STANDS_IN))
    new_link(session, artist_id=post.artist_id, release_id=announcement.release_id, post_id=sibling.id, now=now)
    session.add(
        StandIn(
            artist_id=post.artist_id,
            post_id=_id(post),
            sibling_id=_id(sibling),
            if_absent=pairing.if_absent,
            if_there=pairing.if_there,
            not_before=now + waits.return_look(0),
            created_at=now,
            changed_at=now,
        )
    )
    session.flush()
    return True


def _sibling(session: Session, post: Post, backup: Account, now: datetime) -> Post | None:
    """The backup's post; None when the announcement has one there already, or had one handed over before."""
    if session.exec(select(StandIn.id).where(StandIn.post_id == post.id)).first() is not None:
        return None
    key = (Post.announcement_id == post.announcement_id, Post.account_id == backup.id, Post.part == post.part)
    made = insert_once(
        session,
        Post(
            artist_id=post.artist_id,
            announcement_id=post.announcement_id,
            account_id=backup.id or 0,
            part=post.part,
            wording=post.wording,
            state="due",
            due_at=now,
            not_before=now,
            expires_at=post.expires_at,
            changed_at=now,
        ),
    )
    return session.exec(select(Post).where(*key)).one() if made else None


def _unreached_since(session: Session, post: Post) -> datetime | None:
    """Since when every try has failed to reach the server; None when the last one did reach it."""
    since: datetime | None = None
    for attempt in session.exec(select(Attempt).where(Attempt.post_id == post.id).order_by(col(Attempt.id).desc())).all():
        if attempt.outcome != "unreached":
            break
        since = attempt.started_at
    return since


def _id(post: Post) -> int:
    if post.id is None:
        raise ValueError("the post has not been stored yet")
    return post.id
