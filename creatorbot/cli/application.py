"""What each worker of the web server loads: the front door, with the pages behind it."""

import os

from creatorbot.cli import build, process
from creatorbot.cli.serve import MASTER
from creatorbot.web import create_app
from creatorbot.web.frontdoor import FrontDoor


def application() -> FrontDoor:
    """The WSGI callable, made once in each worker."""
    process.end_with_parent(int(os.environ.get(MASTER, "0")))
    runtime = build.build(build.settings_now())
    return FrontDoor(create_app(runtime), runtime)
