"""Asks our own public address, from outside, whether it still leads here."""

from datetime import datetime

from creatorbot.artists.installation import check_public_url, installation_of
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One look; nothing to do while there is no address."""
    with runtime.reading() as session:
        row = installation_of(session)
    if not runtime.settings.public_url and (row is None or not row.public_url):
        return Report()
    leads_here = check_public_url(runtime)
    return Report(1, "the public address leads here" if leads_here else "the public address does not lead here")
