"""Looks at every source whose time has come. One that fails never stops the others."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.releases.poll import due_sources, poll_source
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
_AT_ONCE = 4


def run(runtime: Runtime, now: datetime) -> Report:
    """Poll all due sources, four at a time."""
    with runtime.reading() as session:
        due = due_sources(session, now)
    if not due:
        return Report()

    def look(source_id: int) -> bool:
        try:
            poll_source(runtime, source_id, now)
        except Exception:  # the next run tries again; the others go on
            log.exception("source %d could not be polled", source_id)
            return False
        return True

    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="poll") as pool:
        looked = list(pool.map(look, due))
    failed = looked.count(False)
    return Report(done=looked.count(True), sentence=f"{len(due)} looked at" + (f", {failed} broke off" if failed else ""))
