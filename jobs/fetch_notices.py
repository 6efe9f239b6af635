"""Ask every connected payment service for its notes."""

from datetime import datetime

from creatorbot.ledger.fetch import due_services, fetch_service
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the services whose turn it is. A failing one is told on its own row and holds up nobody."""
    with runtime.reading() as session:
        due = due_services(session, now)
    fresh = sum(fetch_service(runtime, service_id, now) for service_id in due)
    return Report(fresh, f"{len(due)} services asked, {fresh} new notes" if due else "")
