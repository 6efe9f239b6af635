"""From moments when a server went live or fell silent to its streams. Pure; order and repetition of the moments do not matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=5)  # OBS reconnects: so long a silence is still the same stream
LOST = timedelta(hours=12)  # no word of an end for so long: the end was lost, this is another stream


@dataclass(frozen=True, order=True)
class Moment:
    """silent: it stopped then; else it started, or was found live since then."""

    at: datetime
    silent: bool = False


@dataclass(frozen=True)
class Stream:
    """started_at, live_at: its first and its last known start. silent_at: when it fell silent, None while it is live."""

    started_at: datetime
    live_at: datetime
    silent_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it has been silent for longer than a reconnect takes."""
        return self.silent_at is not None and now - self.silent_at > PAUSE

    def holds(self, moment: datetime) -> bool:
        """Whether a start at this moment belongs to it."""
        until = self.silent_at + PAUSE if self.silent_at else self.live_at + LOST
        return self.started_at <= moment <= until


def streams(moments: Iterable[Moment]) -> list[Stream]:
    """The streams these moments tell of, oldest first. A silence before any start says nothing."""
    found: list[Stream] = []
    for moment in sorted(set(moments)):
        last = found[-1] if found else None
        if moment.silent:
            if last is not None:
                found[-1] = Stream(last.started_at, last.live_at, moment.at)
        elif last is not None and last.holds(moment.at):
            found[-1] = Stream(last.started_at, moment.at)
        else:
            found.append(Stream(moment.at, moment.at))
    return found
