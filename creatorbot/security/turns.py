"""Whose turn it is: one at a time of each group, with a pause between two; the groups never wait for each other. Pure."""

import heapq
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Things to do, by group (a host). Times in seconds on any clock that only goes forward."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._waiting: dict[str, deque[T]] = {}
        self._free_at: dict[str, float] = {}
        self._busy: set[str] = set()
        self._due: list[tuple[float, int, str]] = []
        self._added = 0
        self._left = 0

    def __len__(self) -> int:
        """How many wait."""
        return self._left

    def add(self, group: str, thing: T, now: float) -> None:
        """Let this wait for its turn."""
        self._left += 1
        queue = self._waiting.get(group)
        if queue is not None:
            queue.append(thing)
            return
        self._waiting[group] = deque((thing,))
        if group not in self._busy:
            self._line_up(group, now)

    def next(self, now: float) -> T | None:
        """What may begin now; None when nothing may yet. Its group is busy until `done`."""
        if not self._due or self._due[0][0] > now:
            return None
        group = heapq.heappop(self._due)[2]
        self._busy.add(group)
        self._left -= 1
        queue = self._waiting[group]
        thing = queue.popleft()
        if not queue:
            del self._waiting[group]
        return thing

    def done(self, group: str, now: float, gap_s: float | None = None) -> None:
        """The group's turn is over; after the pause the next of it may begin."""
        self._busy.discard(group)
        self._free_at[group] = now + (self._gap_s if gap_s is None else gap_s)
        if group in self._waiting:
            self._line_up(group, now)

    def wait(self, now: float) -> float | None:
        """Seconds until `next` has something; None when that takes a `done` first, or nothing waits."""
        return max(0.0, self._due[0][0] - now) if self._due else None

    def clear(self) -> list[T]:
        """Give back what still waits, and forget it."""
        left = [thing for queue in self._waiting.values() for thing in queue]
        self._waiting.clear()
        self._due.clear()
        self._left = 0
        return left

    def _line_up(self, group: str, now: float) -> None:
        self._added += 1
        heapq.heappush(self._due, (max(now, self._free_at.get(group, now)), self._added, group))
