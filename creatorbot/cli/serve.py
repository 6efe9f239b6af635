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
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,  # without it the whole server ends when one worker does
        respawn_interval=0.2,
        workers_kill_timeout=5,
    )
    server.serve()
    return 0
