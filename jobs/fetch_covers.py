"""Fetches covers that releases name and that are not here yet; tries again later where it did not work."""

import logging
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from creatorbot.models import Release
from creatorbot.releases.covers import fetch_cover
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
_AGAIN_AFTER = timedelta(hours=6)
_MOST_AT_ONCE = 20


def run(runtime: Runtime, now: datetime) -> Report:
    """Fetch up to twenty covers, those of the newest releases first."""
    with runtime.reading() as session:
        wanted = session.exec(
            select(Release.id)
            .where(Release.cover_url != "", col(Release.cover_id).is_(None))
            .where(or_(col(Release.cover_tried_at).is_(None), col(Release.cover_tried_at) < now - _AGAIN_AFTER))
            .order_by(col(Release.first_seen_at).desc(), col(Release.id))
            .limit(_MOST_AT_ONCE)
        ).all()
    fetched = 0
    for release_id in wanted:
        try:
            fetched += fetch_cover(runtime, release_id or 0)
        except Exception:  # one broken picture must not keep the others away
            log.exception("the cover of release %d could not be fetched", release_id or 0)
    return Report(done=fetched, sentence=f"{fetched} of {len(wanted)} fetched" if wanted else "")
