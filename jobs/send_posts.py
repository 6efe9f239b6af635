"""Send every post whose time has come; look for those of which nobody knows whether they are out."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from creatorbot.announcements import claim
from creatorbot.announcements.look import look_for_post
from creatorbot.announcements.send import send_post
from creatorbot.announcements.waits import Waits
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 4
LONGEST_S = 10


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. Several at once, and none longer than ten seconds: what a slow server still holds up then goes on beside the next
    round (its claim keeps it from being taken twice), what has not begun is taken up by that one."""
    with runtime.reading() as session:
        dead = claim.dead_claims(session, now)
        due = claim.due_posts(session, now)
        unknown = claim.unknown_posts(session, now)
    if dead:
        with runtime.session() as session:
            claim.release_dead_claims(session, now, Waits(runtime.settings.wait_scale))
    if not due and not unknown:
        return Report()
    pool = ThreadPoolExecutor(AT_ONCE)
    tasks = [pool.submit(_guarded, send_post, runtime, post_id) for post_id in due]
    tasks += [pool.submit(_guarded, look_for_post, runtime, post_id) for post_id in unknown]
    ready, _ = wait(tasks, timeout=LONGEST_S)
    pool.shutdown(wait=False, cancel_futures=True)
    return Report(_done(ready), f"{len(due)} due, {len(unknown)} looked for")


def _guarded(act: Callable[[Runtime, int], bool], runtime: Runtime, post_id: int) -> bool:
    """One post's trouble is never another's."""
    try:
        return act(runtime, post_id)
    except Exception:
        log.exception("post %s could not be handled", post_id)
        return False


def _done(tasks: set[Future[bool]]) -> int:
    return sum(task.result() for task in tasks)
