"""Looking on the server before anything is repeated, and once more after success. A conductor like `send`."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.announcements import claim
from creatorbot.announcements.handover import going
from creatorbot.announcements.record import record_published
from creatorbot.announcements.states import changes_of, move, settle, unresolved
from creatorbot.announcements.text import marker_of
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Artist, Attempt, Link, Post
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Published
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_, explain, say

log = logging.getLogger(__name__)
ASK_AFTER = timedelta(hours=24)
AWAY = ("unreached", "unknown")  # what an answer means that is none


@dataclass(frozen=True)
class Doubt:
    """A post that was never tried as far as we know, and may be out all the same. text, carries: what would go out now.

    late: it will not go out without a question to the artist, which must not say that nothing was sent unless that is known.
    """

    post_id: int
    network: str
    account: RemoteAccount
    text: str
    carries: str
    marker: str
    since: datetime
    late: bool


def look_first(runtime: Runtime, doubt: Doubt, door: Door, waits: Waits) -> bool | None:
    """Look before the first try. None: it is not there, go on and send it.

    Else there is nothing to send now: True when we took it in hand, False when somebody else has it.
    """
    found, trouble = None, None
    try:
        found = _look(doubt.network, doubt.account, doubt.marker, doubt.since, door)
    except CreatorbotError as error:
        if isinstance(error, ServiceError) and error.kind == "unreached" and not doubt.late:
            return None  # then nothing can be sent either, and the try will say so
        trouble = error
    if found is None and trouble is None:
        return None
    with runtime.session() as session:
        now = runtime.clock()
        if claim.claim_to_send(session, doubt.post_id, now, waits) is None:
            return False
        post = session.get_one(Post, doubt.post_id)
        post.text, post.carries = doubt.text, doubt.carries
        session.flush()
        move(session, post, "unknown", now, N_("It may be out from before, so we look first"))
        if found is not None:
            _found(session, doubt.post_id, found, now, waits)
        elif trouble is not None:
            _could_not_look(session, doubt.post_id, trouble, doubt.since, now, waits)
    return True


def _look(network: str, account: RemoteAccount, marker: str, since: datetime, door: Door) -> Published | None:
    """As the network's `find`; whatever else goes wrong in it is a look that was not possible."""
    try:
        return REGISTRY[network].find(account, marker, since, door)
    except CreatorbotError:
        raise
    except Exception as error:
        log.exception("looking for a post broke")
        raise ServiceError(N_("Something unexpected went wrong while looking (%(name)s)."), name=type(error).__name__) from error


def look_for_post(runtime: Runtime, post_id: int) -> bool:
    """Find out whether an unknown post is out. True when we took it in hand."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        if claim.claim_to_look(session, post_id, "unknown", runtime.clock(), waits) is None:
            return False
    with runtime.reading() as session:
        post = session.get_one(Post, post_id)
        since, marker = where_to_look(session, post)
        account = session.get_one(Account, post.account_id)
    door = runtime.door_for(post.artist_id)
    try:
        with runtime.reading() as session:
            remote = opened(session, runtime.vault, account)
        found = _look(account.network, remote, marker, since, door)
    except CreatorbotError as error:
        with runtime.session() as session:
            _could_not_look(session, post_id, error, since, runtime.clock(), waits)
        return True
    with runtime.session() as session:
        if found is None:
            _not_found(session, post_id, looks_needed(account.network, remote.software), runtime.clock(), waits)
        else:
            _found(session, post_id, found, runtime.clock(), waits)
    return True


def confirm_post(runtime: Runtime, post_id: int) -> bool:
    """See whether a published post is really there. True when we took it in hand."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        if claim.claim_to_look(session, post_id, "published", runtime.clock(), waits) is None:
            return False
    with runtime.reading() as session:
        post = session.get_one(Post, post_id)
        account = session.get_one(Account, post.account_id)
    door = runtime.door_for(post.artist_id)
    try:
        with runtime.reading() as session:
            remote = opened(session, runtime.vault, account)
        there = REGISTRY[account.network].get(remote, post.remote_id, door) is not None
    except Exception as error:
        if not isinstance(error, CreatorbotError):
            log.exception("confirming post %s broke", post_id)
        with runtime.session() as session:
            again = session.get_one(Post, post_id)
            # Not a look: only looks that were answered count towards "gone".
            again.tries, again.looks = again.tries + 1, 0
            again.not_before, again.lease_until = runtime.clock() + waits.look_retry(again.tries), None
        return True
    with runtime.session() as session:
        _confirmed(session, post_id, there, runtime.clock(), waits)
    return True


def where_to_look(session: Session, post: Post) -> tuple[datetime, str]:
    """Since when, and what by: our link's code where the post carries it, its own words otherwise."""
    first = session.exec(select(Attempt).where(Attempt.post_id == post.id).order_by(col(Attempt.id))).first()
    began = first.started_at if first else changes_of(session, post.id or 0)[0].at
    since = min([attempt.started_at for attempt in unresolved(session, post)], default=began)
    link = session.exec(select(Link).where(Link.post_id == post.id)).one()
    return since, marker_of(post.text, post.carries, link.code)


def _found(session: Session, post_id: int, found: Published, now: datetime, waits: Waits) -> None:
    post = session.get_one(Post, post_id)
    if post.state != "unknown":
        return
    twin = session.exec(
        select(Post).where(Post.account_id == post.account_id, Post.remote_id == found.remote_id, Post.id != post.id)
    ).first()
    if twin is not None:
        # Same words, no address of its own to tell them apart: only a person can say which of the two this is.
        _ask(
            session,
            post,
            now,
            N_(
                "We found a post with the same words that belongs to another announcement. "
                "Please look at your profile: is this one there as well?"
            ),
        )
        return
    record_published(session, post_id, found, now, waits)


def looks_needed(network: str, software: str) -> int:
    """How many looks, apart, must all find nothing before it counts as absent: timelines lag, and where a repeated key makes a second
    post nothing else would save us."""
    return 2 if REGISTRY[network].profile(software).repeated_key == "same" else 3


def _not_found(session: Session, post_id: int, needed: int, now: datetime, waits: Waits) -> None:
    post = session.get_one(Post, post_id)
    if post.state != "unknown":
        return
    post.looks += 1
    if post.looks < needed:
        post.not_before, post.lease_until = now + waits.second_look, None
        return
    for attempt in unresolved(session, post):
        attempt.outcome, attempt.finished_at = "absent", now
    post.not_before, post.looks = now, 0
    session.flush()
    move(session, post, "due", now, N_("Looked more than once: it is not there"), sentence="")


def _could_not_look(session: Session, post_id: int, error: CreatorbotError, since: datetime, now: datetime, waits: Waits) -> None:
    post = session.get_one(Post, post_id)
    if post.state != "unknown":
        return
    artist = session.get_one(Artist, post.artist_id)
    since = max(since, post.due_at)  # one that was never tried may have been approved long before
    if now - since > ASK_AFTER:
        _ask(session, post, now, N_("For a day we could not look whether this post is out. Please look at your profile."))
        return
    post.looks = 0  # two looks in a row must succeed
    post.tries += 1
    post.not_before, post.lease_until = now + waits.look_retry(post.tries), None
    post.sentence = say(
        artist.language,
        N_("We cannot look yet whether it is out: %(reason)s We keep looking; it will not appear twice."),
        {"reason": explain(artist.language, error)},
    )
    session.flush()
    if isinstance(error, ServiceError) and error.kind in AWAY and going.still_unknown(session, post, since, now, waits):
        settle(session, post.announcement_id, now)


def _ask(session: Session, post: Post, now: datetime, sentence: str) -> None:
    artist = session.get_one(Artist, post.artist_id)
    move(session, post, "held", now, N_("Only you can tell"), sentence=say(artist.language, sentence))


def _confirmed(session: Session, post_id: int, there: bool, now: datetime, waits: Waits) -> None:
    post = session.get_one(Post, post_id)
    if post.state != "published":
        return
    artist = session.get_one(Artist, post.artist_id)
    if there:
        move(session, post, "confirmed", now, N_("Looked again: it is there"))
    elif post.looks < 1:
        post.looks += 1
        post.not_before, post.lease_until = now + waits.second_look, None
    else:
        move(
            session,
            post,
            "vanished",
            now,
            N_("Looked twice: it is gone"),
            sentence=say(
                artist.language,
                N_(
                    "The server said yes, but the post is not there any more. It may have been taken down, or the server "
                    "drops posts of new accounts. Look at your profile before you try again."
                ),
            ),
        )
        settle(session, post.announcement_id, now)
