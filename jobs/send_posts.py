"""Send every post whose time has come; look for those of which nobody knows whether they are out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements import claim
from creatorbot.announcements.look import look_for_post
from creatorbot.announcements.send import send_post
from creatorbot.announcements.waits import Waits
from creatorbot.runtime import Runtime
from jobs.base import Report

AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. Several at once, so that one slow server does not hold up the others."""
    with runtime.reading() as session:
        waiting = bool(claim.dead_claims(session, now))
        due = claim.due_posts(session, now)
        unknown = claim.unknown_posts(session, now)
    if waiting:
        with runtime.session() as session:
            claim.release_dead_claims(session, now, Waits(runtime.settings.wait_scale))
    if not due and not unknown:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(send_post, runtime, post_id) for post_id in due]
        looked = [pool.submit(look_for_post, runtime, post_id) for post_id in unknown]
    done = sum(task.result() for task in [*sent, *looked])
    return Report(done, f"{len(sent)} due, {len(looked)} looked for")
