"""Ask the networks what came back for posts, at the ages that are looked at; forget names after a month."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements.engagement.ages import NAMES_KEPT
from creatorbot.announcements.engagement.claim import begin_new, due_accounts
from creatorbot.announcements.engagement.measure import clear_names, measure_account
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the accounts whose posts have come to such an age."""
    with runtime.session() as session:
        begin_new(session, now, runtime.settings.wait_scale)
        clear_names(session, now - NAMES_KEPT)
    with runtime.reading() as session:
        accounts = due_accounts(session, now)
    if not accounts:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda account_id: _guarded(runtime, account_id), accounts))
    return Report(done, f"{done} posts looked at")


def _guarded(runtime: Runtime, account_id: int) -> int:
    """One account's trouble is never another's."""
    try:
        return measure_account(runtime, account_id)
    except Exception:
        log.exception("what came back for account %s could not be read", account_id)
        return 0
