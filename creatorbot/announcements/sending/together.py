"""Doing several things at once, each a call outside that may be slow: what waits for a slow server holds up nothing else."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

log = logging.getLogger(__name__)
# A round that only waits for slow servers ends after the first, one that still has things to begin after the second.
LONGEST_S, LONGEST_BUSY_S = 10.0, 60.0
LOOK_AGAIN_S = 0.5
# What takes longer than this waits for a slow server; its place is lent to others, up to so many times as many.
SLOW_S = 2.0
LENT = 8

Rest = Callable[[], bool]


@dataclass(frozen=True)
class Task:
    """key: what it is about, never done twice at the same time. place: which server it waits for.

    act: says whether it did anything; or, once the call outside is over, hands back the rest, which says so: its turn is then another's.
    """

    key: tuple[str, int]
    place: Hashable
    act: Callable[[], bool | Rest]


Find = Callable[[], list[Task]]
Ready = Callable[[Sequence[Task]], list[Task]]


class _Round:
    """What is known, made ready, and under way. Whoever ends a call begins the next one itself, so that none waits for the looking."""

    def __init__(self, at_once: int, ready: Ready) -> None:
        self._at_once, self._ready = at_once, ready
        self._pool = ThreadPoolExecutor(LENT * at_once)
        self._begun: set[tuple[str, int]] = set()
        self._queue: list[Task] = []
        self._hand: deque[Task] = deque()
        self._calling: dict[tuple[str, int], tuple[Task, float]] = {}
        self._resting = 0
        self._changed, self._stirred = threading.Condition(), False
        self.done = 0

    @property
    def waiting(self) -> int:
        """How many have not been made ready yet."""
        return len(self._queue)

    @property
    def busy(self) -> bool:
        """Whether anything is made ready or under way."""
        return bool(self._hand or self._calling or self._resting)

    def learn(self, found: Sequence[Task]) -> bool:
        """Line up what is new, those first whose server holds nothing up. Whether there was any."""
        with self._changed:
            known = self._begun | {task.key for task in self._queue}
            new = [task for task in found if task.key not in known]
            self._queue += new
            slow = {task.place for task, since in self._calling.values() if time.monotonic() - since > SLOW_S}
            if slow:
                self._queue.sort(key=lambda task: task.place in slow)
            return bool(new)

    def fill(self) -> None:
        """Begin as many as there is room for; the next ones are made ready beside them."""
        with self._changed:
            self._begin()
            if not self._queue or len(self._hand) >= 2 * self._at_once or not self._places():
                return
            most = 2 * self._at_once
            taken, self._queue = self._queue[:most], self._queue[most:]
            self._begun |= {task.key for task in taken}
        made = self._ready(taken)
        with self._changed:
            self._hand += made
            self._begin()

    def pause(self) -> None:
        """Until there may be something to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._stirred, LOOK_AGAIN_S)
            self._stirred = False

    def close(self) -> None:
        """Begin nothing more but what was made ready: that must be done. What is under way goes on by itself."""
        with self._changed:
            while self._hand:
                self._submit(self._hand.popleft())
        self._pool.shutdown(wait=False)

    def _begin(self) -> None:
        while self._hand and self._room():
            self._submit(self._hand.popleft())

    def _submit(self, task: Task) -> None:
        self._calling[task.key] = (task, time.monotonic())
        self._pool.submit(self._do, task)

    def _room(self) -> bool:
        quick = sum(1 for _, since in self._calling.values() if time.monotonic() - since <= SLOW_S)
        return quick < self._at_once and self._places()

    def _places(self) -> bool:
        return len(self._calling) + self._resting < LENT * self._at_once

    def _do(self, task: Task) -> None:
        left = _guarded(task.key, task.act)
        with self._changed:
            del self._calling[task.key]
            self._resting += 1
            self._begin()
            if len(self._hand) < 2 * self._at_once:
                self._stir()
        did = left if isinstance(left, bool) else bool(_guarded(task.key, left))
        with self._changed:
            self._resting -= 1
            if did:  # what did something may come again, what did not waits for the next round
                self.done += 1
                self._begun.discard(task.key)
            self._stir()

    def _stir(self) -> None:
        self._stirred = True
        self._changed.notify()


def together(at_once: int, find: Find, ready: Ready = list) -> int:
    """Do all that `find` names, and what it names meanwhile, so many at once. Returns how many did something.

    ready: makes several ready in one go shortly before they begin, and gives those that are to be done. Ends when nothing is left, or
    after a while: what is under way then goes on by itself.
    """
    round_, began, looked, more = _Round(at_once, ready), time.monotonic(), 0.0, True
    try:
        while True:
            if (not round_.waiting and (more or not round_.busy)) or time.monotonic() - looked > LOOK_AGAIN_S:
                looked = time.monotonic()
                more = round_.learn(find())
            round_.fill()
            lasted = time.monotonic() - began
            if not (round_.busy or round_.waiting) or lasted > (LONGEST_BUSY_S if round_.waiting else LONGEST_S):
                break
            round_.pause()
    finally:
        round_.close()
    return round_.done


def _guarded(key: tuple[str, int], act: Callable[[], bool | Rest]) -> bool | Rest:
    """One thing's trouble is never another's."""
    try:
        return act()
    except Exception:
        log.exception("%s could not be handled", key)
        return False
