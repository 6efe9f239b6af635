"""Sending each post exactly once: claim, write the try down, call, record. A conductor: no transaction spans the call.

Several are taken and recorded in one go, because each transaction costs a disk sync; each is called on its own.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from creatorbot.announcements import claim
from creatorbot.announcements.handover import asking
from creatorbot.announcements.look import Doubt, look_first
from creatorbot.announcements.record import TRIES, Outcome, Try, record
from creatorbot.announcements.sending import memory
from creatorbot.announcements.sending.at_hand import accounts_of, rows_of
from creatorbot.announcements.sending.failures import failure_of
from creatorbot.announcements.sending.keys import hash_of, key_for
from creatorbot.announcements.sending.preparing import Prepared, must_ask, prepare
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.models import Account, Artist, Attempt, Post
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Draft, Network
from creatorbot.networks.preparing import Preparing
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_, say

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """All that the call needs, read and written down before it. attempt_id: the row that was committed; lease: the word of our claim.

    repeated: the key was sent before, with a try of which nobody knows whether it worked.
    """

    post_id: int
    attempt_id: int
    lease: str
    taken_at: datetime
    network: str
    account: RemoteAccount
    draft: Draft
    key: str
    repeated: bool
    code: str
    has_backup: bool
    door: Door

    @property
    def tried(self) -> Try:
        """The try that it is."""
        return Try(self.post_id, self.attempt_id, self.lease)


@dataclass(frozen=True)
class Taken:
    """What came of taking posts in hand. to_send: to be called now. ended: held or failed instead. doubtful: to be looked for first."""

    to_send: tuple[Parcel, ...] = ()
    ended: tuple[int, ...] = ()
    doubtful: tuple[tuple[int, Prepared], ...] = ()


def send_post(runtime: Runtime, post_id: int) -> bool:
    """Send this post if it is due and nobody else has it in hand. True when we took it."""
    taken = take(runtime, [post_id])
    for doubtful_id, ready in taken.doubtful:
        return send_doubtful(runtime, doubtful_id, ready)
    for parcel in taken.to_send:
        record(runtime, [call(runtime, parcel)])
    return bool(taken.to_send or taken.ended)


def send_doubtful(runtime: Runtime, post_id: int, ready: Prepared) -> bool:
    """One that may be out although nobody here remembers: look first, and send it only when it is not there."""
    if ready.account is None or ready.draft is None or ready.since is None:
        return False
    draft, late = ready.draft, ready.expires_at < runtime.clock()
    doubt = Doubt(post_id, ready.network, ready.account, draft.text, ready.carries, ready.seek, ready.since, late)
    settled = look_first(runtime, doubt, ready.door, Waits(runtime.settings.wait_scale))
    if settled is not None:
        return settled
    taken = _take(runtime, {post_id: ready})
    for parcel in taken.to_send:
        record(runtime, [call(runtime, parcel)])
    return bool(taken.to_send or taken.ended)


def take(runtime: Runtime, post_ids: Sequence[int]) -> Taken:
    """Take those of these posts in hand that are due and in nobody else's, and write the tries down.

    What goes out is made before, without a claim and without a transaction that anybody would wait for.
    """
    ready = prepare(runtime, post_ids)
    doubtful = {post_id: one for post_id, one in ready.items() if one.since is not None and one.draft is not None}
    taken = _take(runtime, {post_id: one for post_id, one in ready.items() if post_id not in doubtful})
    return Taken(taken.to_send, taken.ended, tuple(doubtful.items()))


def _take(runtime: Runtime, ready: dict[int, Prepared]) -> Taken:
    if not ready:
        return Taken()
    with runtime.session() as session, session.no_autoflush:
        now, waits = runtime.clock(), Waits(runtime.settings.wait_scale)
        lease, ids = claim.claim_all(session, list(ready), now, waits)
        posts = rows_of(session, Post, ids)
        kept = accounts_of(session, posts)
        tries: dict[int, list[Attempt]] = {post_id: [] for post_id in ids}
        for attempt in session.execute(TRIES, {"posts": ids}).scalars():
            tries[attempt.post_id].append(attempt)
        written, ended = [], []
        for post in posts:
            one = ready[post.id or 0]
            if (post.account_id, post.text) != (one.account_id, one.frozen):
                # It was moved to another account meanwhile: made anew in the next round.
                move(session, post, "unknown", now, claim.STOPPED_BEFORE)
                move(session, post, "due", now, claim.NOTHING_SENT)
            elif attempt_ := _write_down(session, post, one, tries[post.id or 0], now):
                written.append((one, *attempt_))
            else:
                ended.append(post.id or 0)
        session.flush()
        del kept
        return Taken(tuple(_parcel(one, attempt, repeated, lease) for one, attempt, repeated in written), tuple(ended))


def _parcel(ready: Prepared, attempt: Attempt, repeated: bool, lease: str) -> Parcel:
    assert attempt.id is not None
    assert ready.account is not None
    assert ready.draft is not None
    return Parcel(
        attempt.post_id,
        attempt.id,
        lease,
        attempt.started_at,
        ready.network,
        ready.account,
        ready.draft,
        attempt.key,
        repeated,
        ready.code,
        ready.has_backup,
        ready.door,
    )


def _write_down(session: Session, post: Post, ready: Prepared, tries: list[Attempt], now: datetime) -> tuple[Attempt, bool] | None:
    """The try, and whether its key is repeated; None when the post is held or failed instead, with the reason on it."""
    account = session.get_one(Account, post.account_id)
    if stop := must_ask(post, account, now):
        why, sentence, values = stop
        artist = session.get_one(Artist, post.artist_id)
        move(session, post, "held", now, why, sentence=say(artist.language, sentence, values))
        return None
    if ready.draft is None or ready.account is None:
        move(session, post, "failed", now, N_("It could not be put together"), sentence=ready.trouble)
        settle(session, post.announcement_id, now)
        return None
    # The text is frozen by the first try: later tries of the same post must say the same.
    if not post.text:
        post.text, post.carries = ready.draft.text, ready.carries
    key, repeated = key_for(tries, ready.profile, ready.draft.text, now)
    attempt = Attempt(post_id=post.id or 0, key=key, text_hash=hash_of(ready.draft.text), started_at=now)
    session.add(attempt)
    return attempt, repeated


def call(runtime: Runtime, parcel: Parcel) -> Outcome:
    """Make the one call, and say what came of it. Never raises."""
    away = asking.away(runtime, parcel.post_id) if parcel.has_backup else None
    if away is not None:
        return Outcome(parcel.tried, error=away, failure=failure_of(away))
    if runtime.clock() - parcel.taken_at > Waits(runtime.settings.wait_scale).lease / 4:
        # This machine stood still in between (a laptop was closed): whoever looks after dead claims may have it by now.
        return Outcome(parcel.tried)
    network = REGISTRY[parcel.network]
    try:
        memory.remember(runtime.settings.data, parcel.code)
        key = _prepared(runtime, network, parcel)
        return Outcome(parcel.tried, published=network.publish(parcel.draft, parcel.account, key=key, door=parcel.door))
    except ServiceError as error:
        # A single refusal is not proof that the permission is gone: one more question decides.
        health = _health(network, parcel) if error.kind == "revoked" else None
        return Outcome(parcel.tried, error=error, failure=failure_of(error, health=health, repeated=parcel.repeated))
    except Exception as error:
        # An adapter that breaks its promise must not leave the post in the dark: what happened is unknown, and is looked for.
        log.exception("publishing post %s broke", parcel.post_id)
        broken = ServiceError(N_("Something unexpected went wrong while sending (%(name)s)."), name=type(error).__name__)
        return Outcome(parcel.tried, error=broken, failure=failure_of(broken))


def _health(network: Network, parcel: Parcel) -> str:
    """The account's state when it is asked. What cannot be asked proves nothing."""
    try:
        return network.check(parcel.account, parcel.door).state
    except Exception:
        log.exception("asking for the account of post %s broke", parcel.post_id)
        return "unreachable"


def _prepared(runtime: Runtime, network: Network, parcel: Parcel) -> str:
    """The key to publish with. One that the server itself gives out is written down before it is used."""
    if not isinstance(network, Preparing):
        return parcel.key
    key = network.prepare(parcel.draft, parcel.account, key=parcel.key, door=parcel.door)
    with runtime.session() as session:
        session.get_one(Attempt, parcel.attempt_id).key = key
    return key
