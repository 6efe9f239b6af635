"""Ask every connected payment service for its notes."""

import logging
from datetime import datetime

from creatorbot.ledger.fetch import due_services, fetch_service
from creatorbot.runtime import Runtime
from jobs.base import Report

_log = logging.getLogger(__name__)


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the services whose turn it is. A failing one is told on its own row and holds up nobody."""
    with runtime.reading() as session:
        due = due_services(session, now)
    fresh = sum(_fetch(runtime, service_id, now) for service_id in due)
    return Report(fresh, f"{len(due)} services asked, {fresh} new notes" if due else "")


def _fetch(runtime: Runtime, service_id: int, now: datetime) -> int:
    try:
        return fetch_service(runtime, service_id, now)
    except Exception as error:
        # Neither its text nor its trace: both may hold what a note says of a buyer. The next service's turn comes in any case.
        _log.error("asking service %s broke: %s", service_id, type(error).__name__)
        return 0
