"""`creatorbot serve`: the web server (granian). On Linux its workers are forks: they share what was loaded, and start at once."""

import argparse
import gc
import importlib
import multiprocessing
import os
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from creatorbot.cli import build
from creatorbot.cli.processes import process

MASTER = "CREATORBOT_SERVER"  # process id of this process, in the environment of its workers
_APPLICATION = "creatorbot.cli.application"
# Connections that may wait to be taken in. One too many is refused by the system without a word, and tries again after a second, then
# three: when a post is boosted, thousands of servers come in a few seconds, and people among them.
_BACKLOG = 4096
_AT_ONCE = 512  # connections that one worker has open


def serve(_typed: argparse.Namespace) -> int:
    """Listen until told to end. Workers that die are started again."""
    process.end_with_parent()
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
        importlib.import_module(_APPLICATION)  # by name: what it loads needs this module
        gc.collect()
        gc.freeze()  # so that collecting garbage in a worker does not copy what it shares
    settings = build.settings_now()
    os.environ[MASTER] = str(os.getpid())
    server = Granian(
        f"{_APPLICATION}:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=settings.server_threads,
        http=HTTPModes.http1,
        loop=Loops.asyncio,
        backlog=_BACKLOG,
        backpressure=_AT_ONCE,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,  # without it the whole server ends when one worker does
        respawn_interval=0.2,
        workers_kill_timeout=5,
    )
    server.serve()
    return 0
