"""Boosting at the time: claim, look at the rules once more, call, record. A conductor: no transaction spans the call.

Boosting twice is one boost for every adapter, so whatever dies half way is simply taken up again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.boosting.wanting import when_polite, why_not
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Artist, Boost, Post
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.returning import Boosting
from creatorbot.runtime import Runtime
from creatorbot.wording import N_, explain

log = logging.getLogger(__name__)
GIVE_UP = timedelta(days=2)  # after this a reminder has lost its moment
NOT_FOUND_TRIES = 6
SLACK = timedelta(minutes=15)  # so much later than planned is no reason to look for another hour

NO_ROOM = N_("It was late, and your rules leave no room for it any more.")
TOO_LATE = N_("The server did not answer for two days, so it was not boosted.")
BROKE = N_("Something unexpected went wrong (%(name)s).")


@dataclass(frozen=True)
class Parcel:
    """What the call needs."""

    boost_id: int
    network: Boosting
    account: RemoteAccount
    url: str
    artist_id: int


def due_boosts(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Boosts whose time has come, the longest waiting first."""
    free = or_(col(Boost.lease_until).is_(None), col(Boost.lease_until) < now)
    wanted = select(Boost.id).where(Boost.state == "planned", col(Boost.not_before) <= now, free)
    return [found for found in session.exec(wanted.order_by(col(Boost.not_before)).limit(limit)) if found is not None]


def boost_post(runtime: Runtime, boost_id: int) -> bool:
    """Do one boost. True when we took it in hand."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        if not _claim(session, boost_id, runtime.clock(), waits):
            return False
    try:
        with runtime.session() as session:
            parcel = _pack(session, runtime, boost_id, runtime.clock())
        if parcel is not None:
            made = parcel.network.boost(parcel.account, parcel.url, runtime.door_for(parcel.artist_id))
            with runtime.session() as session:
                _done(session, boost_id, made.remote_id, runtime.clock())
    except CreatorbotError as error:
        with runtime.session() as session:
            _trouble(session, boost_id, error, runtime.clock(), waits)
    except Exception as error:
        log.exception("boost %s could not go on", boost_id)
        with runtime.session() as session:
            _trouble(session, boost_id, ServiceError(BROKE, name=type(error).__name__), runtime.clock(), waits)
    return True


def _claim(session: Session, boost_id: int, now: datetime, waits: Waits) -> bool:
    done = session.execute(
        update(Boost)
        .where(
            col(Boost.id) == boost_id,
            col(Boost.state) == "planned",
            col(Boost.not_before) <= now,
            or_(col(Boost.lease_until).is_(None), col(Boost.lease_until) < now),
        )
        .values(lease_until=now + waits.lease)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _pack(session: Session, runtime: Runtime, boost_id: int, now: datetime) -> Parcel | None:
    """What to send; None when it is not to be, or not now, with the reason on it."""
    boost = session.get_one(Boost, boost_id)
    post, account = session.get_one(Post, boost.post_id), session.get_one(Account, boost.account_id)
    if reason := why_not(session, post, account):
        _failed(boost, reason, now)
        return None
    if not boost.tries and now > boost.due_at + SLACK:
        # We were away at its time. What was polite then need not be now.
        artist = session.get_one(Artist, boost.artist_id, with_for_update={"key_share": True})
        chosen = when_polite(session, artist, boost.account_id, now, now, boost_id)
        if chosen.at is None:
            _failed(boost, NO_ROOM, now)
            return None
        if chosen.at > now:
            boost.due_at = boost.not_before = chosen.at
            boost.sentence, boost.values = chosen.reasons[-1].message, dict(chosen.reasons[-1].values)
            boost.lease_until = None
            return None
    network = REGISTRY[account.network]
    assert isinstance(network, Boosting)
    return Parcel(boost_id, network, opened(session, runtime.vault, account), post.remote_url, boost.artist_id)


def _done(session: Session, boost_id: int, remote_id: str, now: datetime) -> None:
    boost = session.get_one(Boost, boost_id, with_for_update=True)
    if boost.state != "done":
        boost.state, boost.remote_id, boost.done_at, boost.changed_at = "done", remote_id, now, now
        boost.sentence, boost.values, boost.lease_until = "", {}, None


def _trouble(session: Session, boost_id: int, error: CreatorbotError, now: datetime, waits: Waits) -> None:
    boost = session.get_one(Boost, boost_id, with_for_update=True)
    if boost.state != "planned":
        return
    boost.tries += 1
    kind = error.kind if isinstance(error, ServiceError) else "refused"
    unfound = isinstance(error, ServiceError) and error.status == 404 and boost.tries < NOT_FOUND_TRIES
    said = explain(session.get_one(Artist, boost.artist_id).language, error)
    if kind in ("refused", "revoked") and not unfound:
        _failed(boost, said, now)
    elif now - boost.due_at > GIVE_UP:
        _failed(boost, TOO_LATE, now)
    else:
        boost.sentence, boost.values, boost.changed_at = said, {}, now
        boost.not_before, boost.lease_until = now + waits.retry(boost.tries), None


def _failed(boost: Boost, sentence: str, now: datetime) -> None:
    boost.state, boost.sentence, boost.values, boost.changed_at, boost.lease_until = "failed", sentence, {}, now, None
