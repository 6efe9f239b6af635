"""Looking at one account's posts: claim, ask, record. A conductor: no transaction spans the calls."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from creatorbot.announcements.engagement.ages import NAMES_KEPT
from creatorbot.announcements.engagement.claim import claim_account
from creatorbot.announcements.engagement.record import given_up, gone, measured, not_possible
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Booster, Measuring, Post, PostReply
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Network
from creatorbot.networks.engaging import Counts, Engaging, Reply, Somebody
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door

log = logging.getLogger(__name__)
Found = TypeVar("Found", Somebody, Reply)


@dataclass(frozen=True)
class Asked:
    """One post to look at. boosts, replies: how many names we know of; asking for names pays only when there are more.

    names: whether names are asked for at all. At the last look they are not, or those forgotten after a month would be learned anew.
    """

    measuring_id: int
    post_id: int
    remote_id: str
    boosts: int
    replies: int
    names: bool


def measure_account(runtime: Runtime, account_id: int) -> int:
    """Look at this account's posts whose time has come. Returns how many were looked at."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        ours = claim_account(session, account_id, runtime.clock(), waits)
    if not ours:
        return 0
    with runtime.reading() as session:
        account = session.get_one(Account, account_id)
        asked = [_asked(session, row_id, runtime.clock(), runtime.settings.wait_scale) for row_id in ours]
        usable = account.state in ("ok", "unreachable") and isinstance(REGISTRY.get(account.network), Engaging)
    if not usable:
        with runtime.session() as session:
            for one in asked:
                given_up(session, one.measuring_id, runtime.clock(), runtime.settings.wait_scale)
        return 0
    door = runtime.door_for(account.artist_id)
    try:
        with runtime.reading() as session:
            remote = opened(session, runtime.vault, account)
        return _look(runtime, REGISTRY[account.network], remote, asked, door)
    except Exception as error:
        # Whatever it is, it is tried again a few times and then at the next age, never for ever.
        log.info("account %s could not be asked what came back: %s", account_id, type(error).__name__, exc_info=_odd(error))
        with runtime.session() as session:
            for one in asked:
                not_possible(session, one.measuring_id, runtime.clock(), runtime.settings.wait_scale)
        return 0


def _odd(error: Exception) -> bool:
    """Whether this is a fault of ours, of which whoever mends it wants to see more."""
    return not isinstance(error, CreatorbotError)


def _look(runtime: Runtime, network: Network, remote: RemoteAccount, asked: list[Asked], door: Door) -> int:
    assert isinstance(network, Engaging)
    counts: Mapping[str, Counts] = network.engagement(remote, [one.remote_id for one in asked], door)
    for one in asked:
        told = counts.get(one.remote_id)
        if told is None:
            there = network.get(remote, one.remote_id, door) is not None
            with runtime.session() as session:
                gone(session, one.measuring_id, runtime.clock(), runtime.settings.wait_scale, there=there)
            continue
        boosters = _names(network.boosters, remote, one.remote_id, door) if one.names and (told.boosts or 0) > one.boosts else ()
        replies = _names(network.replies, remote, one.remote_id, door) if one.names and (told.replies or 0) > one.replies else ()
        with runtime.session() as session:
            measured(session, one.measuring_id, told, boosters, replies, runtime.clock(), runtime.settings.wait_scale)
    return len(asked)


def _names(
    ask: Callable[[RemoteAccount, str, Door], Sequence[Found]], remote: RemoteAccount, remote_id: str, door: Door
) -> Sequence[Found]:
    """Who it was, where the server tells. One that refuses only this still tells the counts; others are left for the next look."""
    try:
        return ask(remote, remote_id, door)
    except ServiceError as error:
        if error.kind in ("busy", "unreached"):
            raise
        log.info("who answered or boosted was not told: %s", error.kind)
        return ()


def _asked(session: Session, row_id: int, now: datetime, scale: float) -> Asked:
    row = session.get_one(Measuring, row_id)
    post = session.get_one(Post, row.post_id)
    names = post.published_at is not None and now - post.published_at < NAMES_KEPT * scale
    known = _known(session, Booster, row.post_id), _known(session, PostReply, row.post_id)
    return Asked(row_id, row.post_id, post.remote_id, *known, names)


def _known(session: Session, table: type[Booster] | type[PostReply], post_id: int) -> int:
    return len(session.exec(select(col(table.id)).where(table.post_id == post_id)).all())


def clear_names(session: Session, before: datetime) -> int:
    """Forget boosters and answers first seen before this. Returns how many."""
    done = 0
    for table in (Booster, PostReply):
        for row in session.exec(select(table).where(col(table.seen_at) < before).limit(5000)).all():
            session.delete(row)
            done += 1
    return done
