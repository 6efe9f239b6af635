"""What each worker of the web server loads: the front door, with the pages behind it."""

import os
import sys

from creatorbot.cli import build, logs
from creatorbot.cli.processes import process
from creatorbot.cli.serve import MASTER
from creatorbot.web import create_app
from creatorbot.web.frontdoor import FrontDoor

# A thread that makes a large page lets others go on after so long. With Python's 5 ms a link, opened in between, waits for that several
# times over. Beside such a page, at 600 links a second in one worker, the middle one waited 5.7 ms, with this 2.4 ms (a busy machine).
_TURN_S = 0.001


def application() -> FrontDoor:
    """The WSGI callable, made once in each worker."""
    sys.setswitchinterval(_TURN_S)
    process.end_with_parent(int(os.environ.get(MASTER, "0")))
    settings = build.settings_now()
    logs.begin(settings.log_level)
    runtime = build.build(settings)
    return FrontDoor(create_app(runtime), runtime)
