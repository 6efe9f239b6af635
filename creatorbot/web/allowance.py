"""So much a second and no more: what strangers can make us do by asking for things that are not there."""

import time
from collections.abc import Callable


class Allowance:
    """most: how often in one second. Of this process; two threads at once may count as one."""

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._used = (0, 0)

    def one_more(self) -> bool:
        """Whether one more may be done now; it counts as done."""
        second = int(self._monotonic())
        used = self._used[1] if self._used[0] == second else 0
        self._used = (second, used + 1)
        return used < self._most
