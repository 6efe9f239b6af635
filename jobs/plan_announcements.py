"""Announces by itself what is new in the sources where the artist wants it: a draft, or posts at their hour."""

from datetime import datetime

from creatorbot.announcements.planning.automatic import carry_out, due, has_fresh, take_up
from creatorbot.announcements.planning.twins import give_way, twins
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over what is new and what waits its turn."""
    with runtime.reading() as session:
        fresh, doubled = has_fresh(session), twins(session)
    if fresh:
        with runtime.session() as session:
            take_up(session, now)
    if doubled:
        with runtime.session() as session:
            give_way(session, now)
    with runtime.reading() as session:
        waiting = due(session, now)
    done = sum(carry_out(runtime, row_id) for row_id in waiting)
    return Report(done, f"{done} announced by themselves") if waiting else Report()
