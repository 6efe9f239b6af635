"""Prove that the books agree, and say so where they do not."""

import logging
from datetime import datetime

from creatorbot.ledger.check import check
from creatorbot.runtime import Runtime
from jobs.base import Report

_log = logging.getLogger(__name__)
_SHOWN = 20


def run(runtime: Runtime, now: datetime) -> Report:
    """One look at everything. Changes nothing; what does not agree is logged by its row."""
    with runtime.reading() as session:
        differences = check(session, now)
    for difference in differences[:_SHOWN]:
        _log.error("the books do not agree: %s", difference)
    return Report(len(differences), f"{len(differences)} differences" if differences else "the books agree")
