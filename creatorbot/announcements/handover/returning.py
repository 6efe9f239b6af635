"""After a hand-over: ask the first server until it is back, see what is there, and let it boost what the backup posted.

A conductor like `look`: no transaction spans a call. Everything it asks for may be asked twice, so whatever dies half way is simply
taken up again.
"""

import logging
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.handover.outcome import boosted, cannot_ask, found, not_found, trouble
from creatorbot.announcements.look import where_to_look
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Post, StandIn
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Network
from creatorbot.networks.returning import Boosting
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_

log = logging.getLogger(__name__)
OUT = ("published", "confirmed")


def due_stand_ins(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Hand-overs whose first server is to be asked now."""
    free = or_(col(StandIn.lease_until).is_(None), col(StandIn.lease_until) < now)
    wanted = select(StandIn.id).where(StandIn.state != "done", col(StandIn.not_before) <= now, free)
    return [one for one in session.exec(wanted.order_by(col(StandIn.not_before)).limit(limit)).all() if one is not None]


def see_return(runtime: Runtime, stand_in_id: int) -> bool:
    """Take one hand-over a step further. True when we took it in hand."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        if not _claim(session, stand_in_id, runtime.clock(), waits):
            return False
    try:
        _step(runtime, stand_in_id, waits)
    except CreatorbotError as error:
        with runtime.session() as session:
            trouble(session, stand_in_id, error, runtime.clock(), waits)
    except Exception as error:
        log.exception("hand-over %s could not go on", stand_in_id)
        broken = ServiceError(N_("Something unexpected went wrong (%(name)s)."), name=type(error).__name__)
        with runtime.session() as session:
            trouble(session, stand_in_id, broken, runtime.clock(), waits)
    return True


def _step(runtime: Runtime, stand_in_id: int, waits: Waits) -> None:
    with runtime.reading() as session:
        row = session.get_one(StandIn, stand_in_id)
        post, sibling = session.get_one(Post, row.post_id), session.get_one(Post, row.sibling_id)
        account = session.get_one(Account, post.account_id)
        since, marker = where_to_look(session, post)
        remote = opened(session, runtime.vault, account)
    if account.state not in ("ok", "unreachable") and post.state not in OUT:
        with runtime.session() as session:
            cannot_ask(session, stand_in_id, runtime.clock(), waits)
        return
    network, door = REGISTRY[account.network], runtime.door_for(post.artist_id)
    if row.state == "boosting":
        boost_id = _boost(network, remote, sibling, door)
        with runtime.session() as session:
            boosted(session, stand_in_id, boost_id, runtime.clock())
        return
    there = None if post.state in OUT else network.find(remote, marker, since, door)
    with runtime.session() as session:
        if there is not None or post.state in OUT:
            found(session, stand_in_id, there, runtime.clock(), waits)
        else:
            not_found(session, stand_in_id, runtime.clock(), waits)


def _boost(network: Network, remote: RemoteAccount, sibling: Post, door: Door) -> str:
    if not isinstance(network, Boosting) or not sibling.remote_url:
        raise ServiceError(N_("This network does not let us boost. The backup’s post stays as it is."), kind="refused", status=405)
    return network.boost(remote, sibling.remote_url, door).remote_id


def _claim(session: Session, stand_in_id: int, now: datetime, waits: Waits) -> bool:
    done = session.execute(
        update(StandIn)
        .where(
            col(StandIn.id) == stand_in_id,
            col(StandIn.state) != "done",
            col(StandIn.not_before) <= now,
            or_(col(StandIn.lease_until).is_(None), col(StandIn.lease_until) < now),
        )
        .values(lease_until=now + waits.lease)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
