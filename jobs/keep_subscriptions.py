"""Asks places to tell us by themselves, renews that in time, and takes its leave where it is no longer wanted."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.releases.pushing.subscribe import ask
from creatorbot.releases.pushing.wishes import due, wish
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
_AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. A hub that is slow or broken holds up no other for longer than one call takes."""
    with runtime.session() as session:
        wish(session, runtime.vault, now)
    with runtime.reading() as session:
        waiting = due(session, now)
    if not waiting:
        return Report()

    def call(push_id: int) -> bool:
        try:
            return ask(runtime, push_id, now)
        except Exception:  # tried again at its next turn; the others go on
            log.exception("subscription %d could not be asked for", push_id)
            return False

    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="hub") as pool:
        done = sum(pool.map(call, waiting))
    return Report(done, f"{done} of {len(waiting)} hubs asked")
