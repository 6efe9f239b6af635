"""`creatorbot serve`: the web server (granian). This process only minds its workers, so it loads nothing of theirs."""

import argparse
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from creatorbot.cli import process
from creatorbot.config import read_settings

MASTER = "CREATORBOT_SERVER"  # process id of this process, in the environment of its workers


def serve(_typed: argparse.Namespace) -> int:
    """Listen until told to end. Workers that die are started again."""
    settings = read_settings()
    process.end_with_parent()
    os.environ[MASTER] = str(os.getpid())
    server = Granian(
        "creatorbot.cli.application:application",
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
