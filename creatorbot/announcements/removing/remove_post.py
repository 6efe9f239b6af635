"""Taking one post down: claim, look, ask, look again, record. A conductor: no transaction spans a call.

Asking twice does no harm, so whatever dies half way is taken up again. It is done only when the server itself says that there is no
such post.
"""

import logging
from datetime import datetime, timedelta

from sqlmodel import Session

from creatorbot.announcements.removing.claim import claim_removal
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Artist, Post, PostRemoval
from creatorbot.networks import REGISTRY
from creatorbot.networks.engaging import Deleting
from creatorbot.runtime import Runtime
from creatorbot.wording import N_, explain, say

log = logging.getLogger(__name__)
GIVE_UP = timedelta(days=7)
MOST_BUSY = timedelta(hours=1)


def remove_post(runtime: Runtime, removal_id: int) -> bool:
    """Take this post down if its turn has come and nobody else has it in hand. True when we took it."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        lease = claim_removal(session, removal_id, runtime.clock(), waits)
    if lease is None:
        return False
    try:
        there = _ask(runtime, removal_id)
    except CreatorbotError as error:
        with runtime.session() as session:
            _trouble(session, removal_id, lease, error, runtime.clock(), waits)
        return True
    except Exception as error:
        log.exception("removal %s broke", removal_id)
        broken = ServiceError(N_("Something unexpected went wrong (%(name)s)."), name=type(error).__name__)
        with runtime.session() as session:
            _trouble(session, removal_id, lease, broken, runtime.clock(), waits)
        return True
    with runtime.session() as session:
        if there:
            _still_there(session, removal_id, lease, runtime.clock(), waits)
        else:
            _gone(session, removal_id, runtime.clock())
    return True


def _ask(runtime: Runtime, removal_id: int) -> bool:
    """Ask the server to take it down. Returns whether it still shows it afterwards."""
    with runtime.reading() as session:
        removal = session.get_one(PostRemoval, removal_id)
        post = session.get_one(Post, removal.post_id)
        account = session.get_one(Account, post.account_id)
        remote = opened(session, runtime.vault, account)
    network = REGISTRY[account.network]
    if not isinstance(network, Deleting):
        raise ServiceError("This network does not let us take posts down. Do it there, on your profile.", kind="refused")
    door = runtime.door_for(post.artist_id)
    if network.get(remote, post.remote_id, door) is None:
        return False
    network.delete(remote, post.remote_id, door)
    return network.get(remote, post.remote_id, door) is not None


def _gone(session: Session, removal_id: int, now: datetime) -> None:
    """Proven. Also right when our lease had run out meanwhile: it is gone, whoever asked."""
    removal, post = _held(session, removal_id)
    if removal.state == "done":
        return
    removal.state, removal.done_at, removal.lease_until, removal.sentence = "done", now, None, ""
    session.flush()
    # By way of "vanished", so that its history says both: that it is gone, and that this was wanted.
    if post.state in ("published", "confirmed"):
        move(session, post, "vanished", now, N_("The server does not show it any more"), who=removal.who, sentence="")
    if post.state == "vanished":
        move(session, post, "cancelled", now, N_("Taken down as wanted"), who=removal.who, sentence="")
        settle(session, post.announcement_id, now)


def _still_there(session: Session, removal_id: int, lease: datetime, now: datetime, waits: Waits) -> None:
    """Some servers take a moment; some answer yes and do nothing."""
    removal, _ = _held(session, removal_id)
    said = N_("The server said yes, but still shows the post. We ask again by ourselves.")
    _again(session, removal, lease, now + waits.retry(removal.tries), said, {}, now)


def _trouble(session: Session, removal_id: int, lease: datetime, error: CreatorbotError, now: datetime, waits: Waits) -> None:
    removal, post = _held(session, removal_id)
    artist = session.get_one(Artist, removal.artist_id)
    values: dict[str, object] = {"reason": explain(artist.language, error)}
    if not isinstance(error, ServiceError) or error.kind == "refused":
        said = N_("The server refused to take it down: %(reason)s The post is still there.")
        _end(removal, lease, say(artist.language, said, values))
    elif error.kind == "revoked":
        handle = session.get_one(Account, post.account_id).handle
        said = N_("%(handle)s needs to be connected again before the post can be taken down. It is still there.")
        _end(removal, lease, say(artist.language, said, {"handle": handle}))
    else:
        asked = timedelta(seconds=error.retry_after) if error.kind == "busy" and error.retry_after else timedelta()
        wait = max(min(asked, MOST_BUSY), waits.retry(removal.tries))
        _again(session, removal, lease, now + wait, N_("%(reason)s We try again by ourselves."), values, now)


def _again(
    session: Session, removal: PostRemoval, lease: datetime, when: datetime, said: str, values: dict[str, object], now: datetime
) -> None:
    artist = session.get_one(Artist, removal.artist_id)
    if now - removal.created_at > GIVE_UP:
        given_up = N_("For a week it could not be taken down. Look at your profile, and take it down there.")
        _end(removal, lease, say(artist.language, given_up))
    elif removal.state == "claimed" and removal.lease_until == lease:
        removal.state, removal.not_before, removal.lease_until = "wanted", when, None
        removal.sentence = say(artist.language, said, values or None)


def _end(removal: PostRemoval, lease: datetime, sentence: str) -> None:
    if removal.state == "claimed" and removal.lease_until == lease:
        removal.state, removal.lease_until, removal.sentence = "failed", None, sentence


def _held(session: Session, removal_id: int) -> tuple[PostRemoval, Post]:
    """The wish and its post; whoever else decides about this post waits."""
    removal = session.get_one(PostRemoval, removal_id)
    post = session.get_one(Post, removal.post_id, with_for_update=True)
    session.refresh(removal)
    return removal, post
