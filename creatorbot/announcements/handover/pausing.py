"""Waiting posts of an account that cannot post: they pause, and go on when it can again."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.sending.failures import NARROW, REVOKED
from creatorbot.announcements.states import move, unresolved
from creatorbot.artists.health.decide import BROKEN
from creatorbot.models import Account, Artist, Post, PostChange
from creatorbot.wording import N_, say

PAUSED = N_("Its account cannot post at present")
GOES_ON = N_("Its account can post again")
PAUSES = (PAUSED, REVOKED, NARROW)


def follow(session: Session, account: Account, now: datetime) -> int:
    """Bring an account's waiting posts in line with its state. Returns how many were moved. Twice is the same as once."""
    if account.state in BROKEN:
        return pause(session, account, now)
    return resume(session, account, now) if account.state == "ok" else 0


def pause(session: Session, account: Account, now: datetime) -> int:
    """Hold what waits on this account; its time is kept."""
    waiting = session.exec(select(Post).where(Post.account_id == account.id, col(Post.state).in_(("waiting", "due")))).all()
    return sum(move(session, post, "held", now, PAUSED, sentence=account.sentence) for post in waiting)


def resume(session: Session, account: Account, now: datetime) -> int:
    """Let go on what was held for the account's sake only. What is long past its time asks first."""
    artist = session.get_one(Artist, account.artist_id)
    done = 0
    for post in paused(session, account):
        if post.due_at > now:
            done += move(session, post, "waiting", now, GOES_ON, sentence="")
        elif now <= post.expires_at:
            post.not_before = now
            session.flush()
            done += move(session, post, "due", now, GOES_ON, sentence="")
        else:
            post.sentence = say(artist.language, N_("Its account can post again, but its time is long past. Post it now, or call it off."))
    return done


def paused(session: Session, account: Account) -> list[Post]:
    """Posts held for the account's sake, of which nothing can be anywhere."""
    held = session.exec(select(Post).where(Post.account_id == account.id, Post.state == "held").order_by(col(Post.id))).all()
    return [post for post in held if not unresolved(session, post) and _why(session, post) in PAUSES]


def _why(session: Session, post: Post) -> str:
    """Why it is held, by the last line of its history."""
    last = session.exec(select(PostChange).where(PostChange.post_id == post.id).order_by(col(PostChange.id).desc())).first()
    return last.why if last is not None and last.after == "held" else ""
