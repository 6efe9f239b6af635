"""The watch over what is due: a post that is minutes late and neither out nor explained is explained, once for each cause."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.artists.telling.happenings import subject
from creatorbot.artists.telling.kinds import Happening
from creatorbot.models import Attempt, Post, Told
from creatorbot.wording import N_

LATE = timedelta(minutes=4)  # so that the sentence stands there before five minutes have passed
UNDER_WAY = ("waiting", "due", "claimed", "unknown")
SENTENCES: dict[str, str] = {
    "unreached": N_("%(domain)s has not answered since %(since)s, so “%(title)s” waits. We try again at %(again)s; nothing was sent."),
    "busy": N_("%(domain)s asked us to wait, so “%(title)s” goes out later. We try again at %(again)s; nothing was sent."),
    "unknown": N_(
        "%(domain)s gave no clear answer for “%(title)s”, so it may or may not be out. We look there again at %(again)s before anything is "
        "sent again; it will not appear twice."
    ),
    "slow": N_("“%(title)s” is on its way to %(domain)s since %(since)s; the server is slow. It will not appear twice."),
    "behind": N_("“%(title)s” should have gone out to %(domain)s at %(due)s. We are behind with sending; it goes out by itself."),
}


def late_posts(session: Session, now: datetime, scale: float = 1.0) -> list[Happening]:
    """What is late and was not explained with its present cause."""
    wanted = select(Post).where(col(Post.state).in_(UNDER_WAY), col(Post.due_at) <= now - LATE * scale)
    found = [_late(session, post, now) for post in session.exec(wanted.order_by(col(Post.due_at)).limit(2000)).all()]
    abouts = [one.about for one in found]
    known = set(session.exec(select(Told.about).where(col(Told.about).in_(abouts))).all()) if abouts else set()
    return [one for one in found if one.about not in known]


def _late(session: Session, post: Post, now: datetime) -> Happening:
    tries = session.exec(select(Attempt).where(Attempt.post_id == post.id).order_by(col(Attempt.id))).all()
    cause, since = _cause(post, list(tries))
    values = {**subject(session, post), "due": post.due_at, "since": since or post.due_at, "again": max(post.not_before, now)}
    about = f"late:{post.id}:{post.due_at.isoformat()}:{cause}"
    return Happening(post.artist_id, about, "late", SENTENCES[cause], now, values, post_id=post.id)


def _cause(post: Post, tries: list[Attempt]) -> tuple[str, datetime | None]:
    """Why it is late, and since when that is so: the first of the last tries that ended alike."""
    if post.state == "unknown":
        return "unknown", None
    if post.state == "claimed":
        return "slow", tries[-1].started_at if tries else None
    mine = [one for one in tries if one.started_at >= post.due_at - timedelta(seconds=1)]
    if not mine or mine[-1].outcome not in ("unreached", "busy"):
        return "behind", None
    cause, since = mine[-1].outcome, mine[-1].started_at
    for one in reversed(mine):
        if one.outcome != cause:
            break
        since = one.started_at
    return cause, since
