"""Asking a server whether it is there before anything is sent, where a backup could stand in.

A server that is switched off is often hidden behind another that answers for it ("bad gateway", "try later"). Of a post sent there nobody
could say whether it is out; after a mere question nothing was sent, so that the backup may go ahead.
"""

import logging
from collections.abc import Mapping

from sqlmodel import Session

from creatorbot.artists.accounts import opened
from creatorbot.artists.backup.pairing import pairing_of
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Post
from creatorbot.networks import REGISTRY
from creatorbot.runtime import Runtime

log = logging.getLogger(__name__)
PATIENCE_S = 15.0


def away(runtime: Runtime, post_id: int) -> ServiceError | None:
    """Why nothing should be sent now, of kind "unreached"; None where the server answers, and for an account without a backup.

    Holds no transaction over the question. What the answer says beyond that is left to the sending itself.
    """
    with runtime.reading() as session:
        account = session.get_one(Account, session.get_one(Post, post_id).account_id)
        if not _can_wait_elsewhere(session, account):
            return None
        remote = opened(session, runtime.vault, account)
    try:
        health = REGISTRY[account.network].check(remote, runtime.door_for(account.artist_id).within(PATIENCE_S))
    except CreatorbotError as error:
        return _away(error.message, error.values)
    except Exception:
        log.exception("asking for account %s broke", account.id)
        return None
    if health.token:
        with runtime.session() as session:
            session.get_one(Account, account.id).token = runtime.vault.seal(health.token)
    return _away(health.detail, health.values) if health.state == "unreachable" else None


def _away(message: str, values: Mapping[str, object]) -> ServiceError:
    error = ServiceError(message, kind="unreached")
    error.values.update(values)
    return error


def _can_wait_elsewhere(session: Session, account: Account) -> bool:
    """Whether a backup that can post stands ready for it."""
    pairing = pairing_of(session, account.id or 0) if account.state in ("ok", "unreachable") else None
    return pairing is not None and session.get_one(Account, pairing.backup_id).state in ("ok", "unreachable")
