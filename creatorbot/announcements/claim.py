"""Taking a post in hand: one conditional UPDATE with a lease, so that no two senders ever hold the same post."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.states import move
from creatorbot.announcements.waits import Waits
from creatorbot.models import Attempt, Post, PostChange
from creatorbot.security.secrets import word
from creatorbot.wording import N_

READY = ("waiting", "due")


def due_posts(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Posts whose time has come, the longest due first."""
    wanted = select(Post.id).where(col(Post.state).in_(READY), col(Post.due_at) <= now, col(Post.not_before) <= now)
    return [found for found in session.exec(wanted.order_by(col(Post.due_at), col(Post.id)).limit(limit)).all() if found is not None]


def unknown_posts(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Posts of which nobody knows whether they are out, and that may be looked for now."""
    wanted = select(Post.id).where(Post.state == "unknown", col(Post.not_before) <= now, _free(now))
    return [found for found in session.exec(wanted.order_by(col(Post.not_before)).limit(limit)).all() if found is not None]


def unconfirmed_posts(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Published posts that have not been looked at since."""
    wanted = select(Post.id).where(Post.state == "published", col(Post.not_before) <= now, _free(now))
    return [found for found in session.exec(wanted.order_by(col(Post.not_before)).limit(limit)).all() if found is not None]


def claim_to_send(session: Session, post_id: int, now: datetime, waits: Waits) -> str | None:
    """Take a due post in hand. Returns our lease's word, or None when somebody else was quicker or it is not due any more."""
    lease = word(16)
    before = session.exec(select(Post.state).where(Post.id == post_id)).first()
    done = session.execute(
        update(Post)
        .where(
            col(Post.id) == post_id,
            col(Post.state) == before,
            col(Post.state).in_(READY),
            col(Post.due_at) <= now,
            col(Post.not_before) <= now,
        )
        .values(state="claimed", lease_owner=lease, lease_until=now + waits.lease, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        return None
    session.add(PostChange(post_id=post_id, at=now, before=str(before), after="claimed", why=N_("Its time has come")))
    return lease


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
    return [
        found
        for found in session.exec(select(Post.id).where(Post.state == "claimed", col(Post.lease_until) < now)).all()
        if found is not None
    ]


def release_dead_claims(session: Session, now: datetime, waits: Waits) -> int:
    """Claims whose holder died: what it sent, if anything, is unknown. Returns how many.

    A claim without an attempt row sent nothing and simply becomes due again.
    """
    dead = session.exec(select(Post).where(Post.state == "claimed", col(Post.lease_until) < now)).all()
    for post in dead:
        opened = session.exec(select(Attempt).where(Attempt.post_id == post.id, Attempt.outcome == "open")).all()
        post.not_before = now if not opened else now + waits.first_look
        session.flush()
        if opened:
            for attempt in opened:
                attempt.outcome, attempt.finished_at, attempt.sentence = "unknown", now, N_("The program stopped in the middle of it")
            move(session, post, "unknown", now, N_("The program stopped while sending"))
        elif move(session, post, "unknown", now, N_("The program stopped before sending")):
            move(session, post, "due", now, N_("Nothing had been sent yet"))
    return len(dead)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Post.lease_until).is_(None), col(Post.lease_until) < now)
