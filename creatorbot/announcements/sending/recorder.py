"""Writing down many outcomes with few disk syncs: whoever comes while one transaction is under way goes into the next, all together."""

import logging
import threading
import time

from creatorbot.announcements.record import Outcome, record
from creatorbot.runtime import Runtime

log = logging.getLogger(__name__)


# So long it waits for others that may end just now: what a transaction costs does not depend on how many it holds.
GATHER_S = 0.1


class Recorder:
    """For one round of sending. Safe to share between threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._waiting: list[Outcome] = []
        self._adding, self._writing = threading.Lock(), threading.Lock()

    def add(self, outcome: Outcome) -> bool:
        """Returns (True) once this outcome is committed, by us or by whoever wrote ours along with theirs."""
        with self._adding:
            self._waiting.append(outcome)
        with self._writing:
            if any(one is outcome for one in self._waiting):  # else whoever was before us wrote it
                time.sleep(GATHER_S)
                with self._adding:
                    batch, self._waiting = self._waiting, []
                self._write(batch)
        return True

    def _write(self, batch: list[Outcome]) -> None:
        try:
            record(self._runtime, batch)
        except Exception:
            log.exception("%d outcomes could not be written together; each is written by itself", len(batch))
            for outcome in batch:
                self._alone(outcome)

    def _alone(self, outcome: Outcome) -> None:
        """One post's trouble is never another's: a claim that is not recorded runs out, and the post is looked for."""
        try:
            record(self._runtime, [outcome])
        except Exception:
            log.exception("what came of post %s could not be written down", outcome.tried.post_id)
