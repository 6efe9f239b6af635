"""What each worker of the web server loads: the front door, with the pages behind it."""

import os

from creatorbot.cli import build, logs
from creatorbot.cli.processes import process
from creatorbot.cli.serve import MASTER
from creatorbot.web import create_app
from creatorbot.web.frontdoor import FrontDoor


def application() -> FrontDoor:
    """The WSGI callable, made once in each worker."""
    process.end_with_parent(int(os.environ.get(MASTER, "0")))
    settings = build.settings_now()
    logs.begin(settings.log_level)
    runtime = build.build(settings)
    return FrontDoor(create_app(runtime), runtime)
