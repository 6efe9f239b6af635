"""`creatorbot work`: the jobs, in this process, until told to end."""

import argparse
import logging
import os
import signal
import threading

from creatorbot.cli import build, logs
from creatorbot.cli.processes import process
from creatorbot.cli.processes.supervisor import ASK
from creatorbot.models import Rehearsal
from creatorbot.runtime import Runtime
from jobs import REGISTRY
from jobs.embedded import Scheduler

log = logging.getLogger("creatorbot.work")
_LOOK_S = 0.5


class Wish:
    """Passes the wish for practice servers on to the supervisor whenever it changes. Without a supervisor it does nothing."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._pipe = int(os.environ.get(ASK, "-1"))
        self._asked: bool | None = None

    def pass_on(self) -> None:
        """Read the row; tell the supervisor when it should start or end the servers."""
        if self._pipe < 0:
            return
        with self._runtime.reading() as session:
            row = session.get(Rehearsal, 1)
            wanted = row is not None and row.state != "stopped"
        if wanted != self._asked:
            os.write(self._pipe, b"practice start\n" if wanted else b"practice end\n")
            self._asked = wanted


def work(_typed: argparse.Namespace) -> int:
    """Run every job of the registry, each at its own pace."""
    process.end_with_parent()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    settings = build.settings_now()
    logs.begin(settings.log_level)
    runtime = build.build(settings)
    scheduler = Scheduler(runtime, REGISTRY)
    scheduler.start()
    wish = Wish(runtime)
    while not ended.wait(_LOOK_S):
        try:
            wish.pass_on()
        except Exception:  # a locked or unreachable database now is one to look at again soon
            log.exception("the wish for a rehearsal could not be read")
    scheduler.stop()
    return 0
