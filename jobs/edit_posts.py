"""Give posts that are out the new texts that were wanted for them."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from creatorbot.announcements.editing.claim import due_edits
from creatorbot.announcements.editing.edit_post import edit_post
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 4
LONGEST_S = 10


def run(runtime: Runtime, now: datetime) -> Report:
    """One round, several at once, none longer than ten seconds: what a slow server still holds up goes on beside the next round."""
    with runtime.reading() as session:
        due = due_edits(session, now)
    if not due:
        return Report()
    pool = ThreadPoolExecutor(AT_ONCE)
    ready, _ = wait([pool.submit(_guarded, runtime, edit_id) for edit_id in due], timeout=LONGEST_S)
    pool.shutdown(wait=False, cancel_futures=True)
    return Report(_done(ready), f"{len(due)} due")


def _guarded(runtime: Runtime, edit_id: int) -> bool:
    """One change's trouble is never another's."""
    try:
        return edit_post(runtime, edit_id)
    except Exception:
        log.exception("change %s could not be handled", edit_id)
        return False


def _done(tasks: set[Future[bool]]) -> int:
    return sum(task.result() for task in tasks)
