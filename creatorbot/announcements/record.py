"""Writing down how a try ended, and what follows from it."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from creatorbot.announcements.handover import going
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.models import Account, Artist, Attempt, Post
from creatorbot.networks.base import Health, Published
from creatorbot.wording import N_, explain, say

DIFFERENCES = {
    "visibility": N_("The server made it less public than you asked; it may limit your account."),
    "pictures": N_("The server left out the picture."),
    "text": N_("The server changed the words."),
}
OUT = ("published", "confirmed", "vanished", "cancelled")
MOST_BUSY = timedelta(hours=1)


def record_published(session: Session, post_id: int, attempt_id: int | None, published: Published, now: datetime, waits: Waits) -> None:
    """The status exists. Also right when our lease had run out meanwhile: it is there, whoever asks."""
    post = session.get_one(Post, post_id)
    for attempt in session.exec(select(Attempt).where(Attempt.post_id == post_id, Attempt.outcome != "published")).all():
        if attempt.id == attempt_id or attempt.outcome in ("open", "unknown"):
            attempt.outcome, attempt.finished_at = "published", now
    if post.remote_id == published.remote_id or post.state in OUT:
        return
    artist = session.get_one(Artist, post.artist_id)
    post.remote_id, post.remote_url = published.remote_id, published.url
    post.published_at = published.created_at if published.created_at and published.created_at <= now else now
    post.not_before = now + waits.confirm
    post.looks = 0
    session.flush()
    told = " ".join(say(artist.language, DIFFERENCES[name]) for name in published.differs if name in DIFFERENCES)
    move(session, post, "published", now, N_("It is on the server") if attempt_id else N_("Found on the server"), sentence=told)
    account = session.get_one(Account, post.account_id)
    if account.state == "unreachable":  # never one that was taken off meanwhile
        account.state, account.sentence = "ok", ""
    settle(session, post.announcement_id, now)


def record_failure(
    session: Session, post_id: int, attempt_id: int, error: ServiceError, health: Health | None, now: datetime, waits: Waits
) -> None:
    """The call failed. What follows depends only on whether something may have happened there."""
    post = session.get_one(Post, post_id)
    artist = session.get_one(Artist, post.artist_id)
    attempt = session.get_one(Attempt, attempt_id)
    attempt.outcome, attempt.finished_at, attempt.status = error.kind, now, error.status or 0
    attempt.sentence = explain(artist.language, error)
    if post.state != "claimed":
        return
    account = session.get_one(Account, post.account_id)
    values = {"handle": account.handle, "reason": attempt.sentence}
    after, why, sentence = _follows(post, error, health, now, waits)
    if why == REVOKED and account.state != "removed":
        account.state, account.sentence, account.checked_at = "reconnect", attempt.sentence, now
    elif error.kind == "unreached" and account.state == "ok":
        account.state, account.sentence, account.checked_at = "unreachable", attempt.sentence, now
    session.flush()
    if error.kind != "unreached" or not going.never_reached(session, post, now, waits):
        move(session, post, after, now, why, sentence=say(artist.language, sentence, values))
    settle(session, post.announcement_id, now)


REVOKED = N_("The server says our permission is gone")


def _follows(post: Post, error: ServiceError, health: Health | None, now: datetime, waits: Waits) -> tuple[str, str, str]:
    """(state after, why, sentence for the artist). Sets when to go on."""
    if error.kind == "unknown":
        post.not_before, post.looks = now + waits.first_look, 0
        return (
            "unknown",
            N_("No clear answer came back"),
            N_(
                "No clear answer came back, so it may or may not be out. We look on the server before we try again; it will not appear "
                "twice."
            ),
        )
    if error.kind == "revoked" and (health is None or health.state in ("revoked", "locked", "refused", "moved")):
        return "held", REVOKED, N_("%(handle)s needs to be connected again. The post waits; nothing was sent.")
    if error.kind == "refused" or (health is not None and health.state == "ok"):
        return "failed", N_("The server refused it"), N_("The server refused this post: %(reason)s Nothing was posted.")
    if error.kind == "busy":
        asked = timedelta(seconds=error.retry_after) if error.retry_after else waits.retry(2)
        post.not_before = now + max(min(asked, MOST_BUSY), waits.retry(1))
        return "due", N_("The server asked us to wait"), N_("The server asked us to slow down. It goes out by itself a little later.")
    post.tries += 1
    post.not_before = now + waits.retry(post.tries)
    return "due", N_("The server could not be reached"), N_("The server cannot be reached at the moment. Nothing was sent; we keep trying.")
