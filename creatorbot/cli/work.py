"""`creatorbot work`: the jobs, in this process, until told to end."""

import argparse
import logging
import signal
import threading

from creatorbot.cli import build, logs, process
from creatorbot.cli.practice import Wish
from jobs import REGISTRY
from jobs.embedded import Scheduler

log = logging.getLogger("creatorbot.work")
_LOOK_S = 0.5


def work(_typed: argparse.Namespace) -> int:
    """Run every job of the registry, each at its own pace."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    process.end_with_parent()
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
