"""The daily look at every connected account, spread over the day, a few on each server at a time; and what follows for its posts."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements.handover.carrying import arrive, onward
from creatorbot.announcements.handover.pausing import follow
from creatorbot.artists import refreshing
from creatorbot.artists.health import looking
from creatorbot.models import Account
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 4
PER_SERVER = 5  # in one round


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the accounts whose turn it is."""
    with runtime.reading() as session:
        missing = looking.unplanned(session)
        due = looking.due(session, now, PER_SERVER)
    if missing:
        with runtime.session() as session:
            looking.plan(session, now)
    if not due:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda account_id: _guarded(runtime, account_id), due))
    return Report(done, f"{done} looked at")


def _guarded(runtime: Runtime, account_id: int) -> bool:
    """One account's trouble is never another's."""
    try:
        found = looking.look(runtime, account_id)
        if found is None:
            return False
        with runtime.session() as session:
            account = session.get_one(Account, account_id)
            follow(session, account, runtime.clock())
            if account.state == "moved":
                onward(session, runtime.vault, account, runtime.clock())
            elif account.state == "ok":
                arrive(session, runtime.vault, account, runtime.clock())
            server_id = account.server_id
        refreshing.refresh(runtime, server_id)
    except Exception:
        log.exception("account %s could not be looked at", account_id)
        return False
    return True
