"""Plans boosts that come by themselves, and boosts what is due."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements.boosting.send import boost_post, due_boosts
from creatorbot.announcements.boosting.wanting import plan_by_itself, waits_for_itself
from creatorbot.runtime import Runtime
from jobs.base import Report

AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over posts that wait for a plan, and over boosts whose time has come."""
    with runtime.reading() as session:
        unplanned, due = waits_for_itself(session, now), due_boosts(session, now)
    for post_id in unplanned:
        with runtime.session() as session:
            plan_by_itself(session, post_id, now)
    if not due:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda boost_id: boost_post(runtime, boost_id), due))
    return Report(done, f"{done} boosted")
