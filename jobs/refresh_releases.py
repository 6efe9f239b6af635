"""Looks at releases' own pages again, a few at a time; and takes those for new whose day has come."""

from datetime import datetime

from creatorbot.releases.places import fill_missing
from creatorbot.releases.polling.own_page import look_at_due, wake_those_listed
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One page of each host whose turn it is, at most five."""
    with runtime.session() as session:
        woken = wake_those_listed(session, now) + fill_missing(session, now)
    looked, read = look_at_due(runtime, now)
    return Report(done=woken + read, sentence=f"{read} of {looked} pages read" if looked else "")
