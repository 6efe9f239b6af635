"""Doing several things at once, each a call outside that may be slow: what waits for a slow server holds up nothing else."""

import logging
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

log = logging.getLogger(__name__)
# A round that only waits for slow servers ends after the first, one that still has things to begin after the second.
LONGEST_S, LONGEST_BUSY_S = 10.0, 60.0
LOOK_AGAIN_S = 0.5
# What takes longer than this waits for a slow server; its place is lent to others, up to so many times as many.
SLOW_S = 2.0
LENT = 8


@dataclass(frozen=True)
class Task:
    """key: what it is about, never done twice at the same time. place: which server it waits for. act: says whether it did anything."""

    key: tuple[str, int]
    place: Hashable
    act: Callable[[], bool]


Find = Callable[[], list[Task]]
Ready = Callable[[Sequence[Task]], list[Task]]


@dataclass
class _Round:
    at_once: int
    ready: Ready
    begun: set[tuple[str, int]] = field(default_factory=set)
    going: dict[Future[bool], tuple[Task, float]] = field(default_factory=dict)
    queue: list[Task] = field(default_factory=list)
    hand: list[Task] = field(default_factory=list)
    done: int = 0

    def learn(self, found: Sequence[Task]) -> None:
        """Line up what is new, those first whose server holds nothing up."""
        known = self.begun | {task.key for task in self.queue}
        self.queue += [task for task in found if task.key not in known]
        slow = {task.place for task, since in self.going.values() if time.monotonic() - since > SLOW_S}
        if slow:
            self.queue.sort(key=lambda task: task.place in slow)

    def fill(self, pool: ThreadPoolExecutor) -> None:
        """Begin as many as there is room for; the next ones are made ready beside them."""
        self._begin(pool)
        if self.queue and len(self.hand) <= self.at_once // 2 and len(self.going) < LENT * self.at_once:
            taken, self.queue = self.queue[: self.at_once], self.queue[self.at_once :]
            self.begun |= {task.key for task in taken}
            self.hand += self.ready(taken)
            self._begin(pool)

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        while self.hand and self._room():
            self.submit(pool, self.hand.pop(0))

    def submit(self, pool: ThreadPoolExecutor, task: Task) -> None:
        """Begin this one."""
        self.going[pool.submit(_guarded, task)] = (task, time.monotonic())

    def _room(self) -> bool:
        quick = sum(1 for _, since in self.going.values() if time.monotonic() - since <= SLOW_S)
        return quick < self.at_once and len(self.going) < LENT * self.at_once

    def reap(self, ended: Iterable[Future[bool]]) -> None:
        """Count what has ended. What did something may come again, what did not waits for the next round."""
        for future in ended:
            task, _ = self.going.pop(future)
            if future.result():
                self.done += 1
                self.begun.discard(task.key)


def together(at_once: int, find: Find, ready: Ready = list) -> int:
    """Do all that `find` names, and what it names meanwhile, so many at once. Returns how many did something.

    ready: makes several ready in one go shortly before they begin, and gives those that are to be done. Ends when nothing is left, or
    after a while: what is under way then goes on by itself.
    """
    round_, began, looked = _Round(at_once, ready), time.monotonic(), 0.0
    pool = ThreadPoolExecutor(LENT * at_once)
    try:
        while True:
            if not round_.queue or time.monotonic() - looked > LOOK_AGAIN_S:
                looked = time.monotonic()
                round_.learn(find())
            round_.fill(pool)
            if not (round_.going or round_.queue) or time.monotonic() - began > (LONGEST_BUSY_S if round_.queue else LONGEST_S):
                break
            ended, _ = wait(round_.going, timeout=LOOK_AGAIN_S, return_when=FIRST_COMPLETED)
            round_.reap(ended)
    finally:
        for task in round_.hand:
            round_.submit(pool, task)  # it was made ready: it must be done
        pool.shutdown(wait=False)
    return round_.done


def _guarded(task: Task) -> bool:
    """One thing's trouble is never another's."""
    try:
        return task.act()
    except Exception:
        log.exception("%s could not be handled", task.key)
        return False
