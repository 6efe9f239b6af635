"""Take down the posts that are to be taken down, until each is proven gone."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements.removing.claim import due_removals
from creatorbot.announcements.removing.remove_post import remove_post
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 2


def run(runtime: Runtime, now: datetime) -> Report:
    """One round."""
    with runtime.reading() as session:
        due = due_removals(session, now)
    if not due:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda removal_id: _guarded(runtime, removal_id), due))
    return Report(done, f"{len(due)} due")


def _guarded(runtime: Runtime, removal_id: int) -> bool:
    """One post's trouble is never another's."""
    try:
        return remove_post(runtime, removal_id)
    except Exception:
        log.exception("removal %s could not be handled", removal_id)
        return False
