"""Writing down how a try ended, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from creatorbot.announcements.handover import going
from creatorbot.announcements.sending.at_hand import accounts_of, announcements_of, rows_of
from creatorbot.announcements.sending.failures import Failure, follows
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.announcements.wordings import thread
from creatorbot.artists.connect import WITHOUT
from creatorbot.artists.health.looking import hurry
from creatorbot.errors import ServiceError
from creatorbot.models import Account, Artist, Attempt, Post
from creatorbot.networks.base import Published
from creatorbot.runtime import Runtime
from creatorbot.wording import N_, explain, say

DIFFERENCES = {
    "visibility": N_("The server made it less public than you asked; it may limit your account."),
    "pictures": N_("The server left out the picture."),
    "text": N_("The server changed the words."),
    "warning": N_("The server left out the content warning."),
    "poll": N_("The server left out the question."),
    "reply": N_("The server did not join it to the message before it: it stands alone."),
}
POSTING = "write:statuses"
TRIES = select(Attempt).where(col(Attempt.post_id).in_(bindparam("posts", expanding=True))).order_by(col(Attempt.id))
OUT = ("published", "confirmed", "vanished", "cancelled")


@dataclass(frozen=True)
class Try:
    """One try under one claim. lease: the claim's word; somebody else may have the post in hand by now."""

    post_id: int
    attempt_id: int
    lease: str


@dataclass(frozen=True)
class Outcome:
    """How a try ended: with a status, or with a failure and its words; with neither it was never made."""

    tried: Try
    published: Published | None = None
    error: ServiceError | None = None
    failure: Failure | None = None


def record(runtime: Runtime, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of these tries, in one transaction."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session, session.no_autoflush:
        session.info["typed_once"] = {}
        now, ids = runtime.clock(), [outcome.tried.post_id for outcome in outcomes]
        posts = {post.id: post for post in rows_of(session, Post, ids)}
        tries = session.execute(TRIES, {"posts": ids}).scalars().all()
        kept = accounts_of(session, list(posts.values())), announcements_of(session, list(posts.values()))
        for one in outcomes:
            if one.published is not None:
                _found(tries, one.tried.post_id, one.tried.attempt_id, now)
                _published(session, posts[one.tried.post_id], one.published, now, waits, N_("It is on the server"))
            elif one.error is not None and one.failure is not None:
                _failed(session, one.tried, one.error, one.failure, now, waits)
            else:
                _not_sent(session, one.tried, now)
        for announcement_id in sorted({post.announcement_id for post in posts.values()}):
            settle(session, announcement_id, now)
        del kept


def record_published(session: Session, post_id: int, published: Published, now: datetime, waits: Waits) -> None:
    """The status was found on the server, whoever made it."""
    post = session.get_one(Post, post_id)
    _found(session.execute(TRIES, {"posts": [post_id]}).scalars().all(), post_id, None, now)
    _published(session, post, published, now, waits, N_("Found on the server"))
    settle(session, post.announcement_id, now)


def _found(tries: Sequence[Attempt], post_id: int, attempt_id: int | None, now: datetime) -> None:
    """This try made it, or one of those of which nobody knew."""
    for attempt in tries:
        if attempt.post_id == post_id and (attempt.id == attempt_id or attempt.outcome in ("open", "unknown")):
            attempt.outcome, attempt.finished_at = "published", now


def _published(session: Session, post: Post, published: Published, now: datetime, waits: Waits, why: str) -> None:
    """The status exists. Also right when our lease had run out meanwhile: it is there, whoever asks."""
    if post.remote_id == published.remote_id or post.state in OUT:
        return
    differs = [DIFFERENCES[name] for name in published.differs if name in DIFFERENCES]
    told = " ".join(say(session.get_one(Artist, post.artist_id).language, sentence) for sentence in differs)
    facts = {
        "remote_id": published.remote_id,
        "remote_url": published.url,
        "published_at": published.created_at if published.created_at and published.created_at <= now else now,
        "not_before": now + waits.confirm,
        "looks": 0,
    }
    if not move(session, post, "published", now, why, sentence=told, facts=facts) and post.state not in OUT:
        move(session, post, "published", now, why, sentence=told, facts=facts)  # somebody had just given it up for dead
    account = session.get_one(Account, post.account_id)
    if account.state == "unreachable":  # never one that was taken off meanwhile
        account.state, account.sentence = "ok", ""
    thread.go_on(session, post, now)


def _failed(session: Session, tried: Try, error: ServiceError, failure: Failure, now: datetime, waits: Waits) -> None:
    """The call failed. What follows depends only on whether something may have happened there.

    When somebody else has the post in hand by now, only the try is written down.
    """
    post = session.get_one(Post, tried.post_id)
    artist = session.get_one(Artist, post.artist_id)
    attempt = session.get_one(Attempt, tried.attempt_id)
    next_ = follows(failure, post.tries, waits)
    attempt.sentence = explain(artist.language, error)
    if attempt.outcome in ("open", "unknown"):  # else it was found, or proven absent, while we waited for the answer
        attempt.outcome, attempt.finished_at, attempt.status = next_.outcome, now, failure.status
    if post.state != "claimed" or post.lease_owner != tried.lease:
        return
    account = session.get_one(Account, post.account_id)
    if account.state == "ok" or (next_.account in ("reconnect", "narrow") and account.state != "removed"):
        _account(account, next_.account, attempt.sentence, now)
        if account.state == "reconnect":
            hurry(session, post.account_id, now)  # a look tells one that moved from one that was suspended
    if next_.wait is not None:
        post.not_before = now + next_.wait
    if next_.state == "unknown":
        post.looks = 0
    post.tries += next_.counts
    session.flush()
    if failure.kind != "unreached" or not going.never_reached(session, post, now, waits):
        said = say(artist.language, next_.sentence, {"handle": account.handle, "reason": attempt.sentence})
        move(session, post, next_.state, now, next_.why, sentence=said)


def _not_sent(session: Session, tried: Try, now: datetime) -> None:
    """The try was written down, but the call was never made: it goes back to wait for the next one."""
    post, attempt = session.get_one(Post, tried.post_id), session.get_one(Attempt, tried.attempt_id)
    if attempt.outcome in ("open", "unknown"):
        attempt.outcome, attempt.finished_at, attempt.sentence = "absent", now, N_("It was not sent: this machine stood still")
    session.flush()
    if post.state == "claimed" and post.lease_owner == tried.lease:
        move(session, post, "due", now, N_("Nothing had been sent yet"))


def _account(account: Account, state: str, sentence: str, now: datetime) -> None:
    if state == "narrow":
        account.scopes = " ".join(scope for scope in account.scopes.split() if scope not in ("write", POSTING)) or "read"
        state, sentence = "reconnect", WITHOUT[POSTING]
    if state:
        account.state, account.sentence, account.checked_at = state, sentence, now
