"""Fetches covers that releases name and that are not here yet; tries again later where it did not work."""

import logging
from datetime import datetime

from creatorbot.releases.covers import fetch_cover, wanting
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)


def run(runtime: Runtime, now: datetime) -> Report:
    """Fetch up to twenty covers, those of the newest releases first."""
    with runtime.reading() as session:
        wanted = wanting(session, now)
    fetched = 0
    for release_id in wanted:
        try:
            fetched += fetch_cover(runtime, release_id)
        except Exception:  # one broken picture must not keep the others away
            log.exception("the cover of release %d could not be fetched", release_id)
    return Report(done=fetched, sentence=f"{fetched} of {len(wanted)} fetched" if wanted else "")
