"""Reads stored visits once more when the rules have changed: one link and day a transaction, some of them each time."""

from datetime import datetime

from creatorbot.links.classify import PRESENT, Rules
from creatorbot.links.counting.again import outdated, read_again
from creatorbot.runtime import Runtime
from jobs.base import Report

MOST_VISITS = 50_000  # about; then other jobs have their turn


def run(runtime: Runtime, now: datetime, *, rules: Rules = PRESENT, most: int = MOST_VISITS) -> Report:
    """Read again. Killed at any moment, each link and day has either its old figures or its new ones."""
    with runtime.reading() as session:
        units = outdated(session, now, rules=rules)
    done = 0
    for unit in units:
        if done >= most:
            break
        with runtime.session() as session:
            done += read_again(session, unit, rules=rules)
    return Report(done, f"{done} visits read again by the present rules" if done else "")
