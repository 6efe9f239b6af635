"""A minute after success, look whether the post is really there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements import claim
from creatorbot.announcements.look import confirm_post
from creatorbot.runtime import Runtime
from jobs.base import Report

AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the published posts that nobody has looked at since."""
    with runtime.reading() as session:
        published = claim.unconfirmed_posts(session, now)
    if not published:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda post_id: confirm_post(runtime, post_id), published))
    return Report(done, f"{done} confirmed")
