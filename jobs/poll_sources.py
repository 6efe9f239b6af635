"""Looks at every source whose time has come, many at once. One that fails never stops the others."""

from datetime import datetime

from creatorbot.releases.poll import poll_round
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the sources that are due."""
    seen = poll_round(runtime, now)
    if not seen.looked and not seen.left:
        return Report()
    parts = [f"{seen.looked} looked at", f"{seen.unchanged} unchanged", f"{seen.troubled} in trouble", f"{seen.fresh} new"]
    return Report(seen.looked, ", ".join(parts + ([f"{seen.left} left for the next round"] if seen.left else [])))
