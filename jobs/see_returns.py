"""Asks servers whose posts went to a backup whether they are back, and takes each hand-over to its end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.announcements.handover.returning import due_stand_ins, see_return
from creatorbot.runtime import Runtime
from jobs.base import Report

AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the hand-overs whose turn it is."""
    with runtime.reading() as session:
        due = due_stand_ins(session, now)
    if not due:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda stand_in_id: see_return(runtime, stand_in_id), due))
    return Report(done, f"{done} asked")
