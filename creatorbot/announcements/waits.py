"""How long sending waits for what. Seconds; all scaled by one setting, so that a trial runs the same code faster."""

from dataclasses import dataclass
from datetime import timedelta

# After this the artist is asked: a release post that is half a day late may be wrong.
EXPIRY = timedelta(hours=12)


@dataclass(frozen=True)
class Waits:
    """scale: 1 in life, 0.01 in a trial."""

    scale: float = 1.0

    def _of(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self.scale)

    @property
    def lease(self) -> timedelta:
        """How long a claim holds. Longer than an adapter may take to publish (200 s), so that a living sender keeps it.

        Never less than five seconds: however fast the rest is tried, a call takes its time.
        """
        return max(self._of(240), timedelta(seconds=5))

    @property
    def first_look(self) -> timedelta:
        """From an unknown outcome to the first look: the server may still be working on it."""
        return self._of(20)

    @property
    def second_look(self) -> timedelta:
        """Between two looks: timelines lag."""
        return self._of(65)

    @property
    def confirm(self) -> timedelta:
        """From success to the look that proves it: some servers answer 200 and keep nothing."""
        return self._of(60)

    def retry(self, tries: int) -> timedelta:
        """After the n-th try that never reached the server: 1, 2, 5, 15, 30, then 60 minutes."""
        return self._of(60 * (1, 2, 5, 15, 30, 60)[min(max(tries, 1), 6) - 1])

    def look_retry(self, looks: int) -> timedelta:
        """After the n-th look that was not possible: half a minute, doubling, at most an hour."""
        return self._of(min(30 * 2 ** min(looks, 7), 3600))

    def patience(self, minutes: int) -> timedelta:
        """How long the artist lets a server be away before the backup posts instead."""
        return self._of(60 * minutes)

    def return_look(self, tries: int) -> timedelta:
        """Between two looks whether a server is back: twenty seconds, doubling, at most a quarter of an hour."""
        return self._of(min(20 * 2 ** min(tries, 6), 900))
