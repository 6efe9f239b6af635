"""Sends one post in a process that is there to be killed: `sender.py FOLDER DATABASE KEY SCALE`.

Everything is loaded once, and no database opened; for each post's id on a line of input a process is split off, whose number is told.
"""

import os
import signal
import sys
from pathlib import Path

from bench.posts.ours import runtime_on
from creatorbot.announcements.send import send_post


def main() -> None:
    """Until there is no more input."""
    folder, url, key, scale = sys.argv[1:]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave by themselves
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            send_post(runtime_on(Path(folder), url, key, float(scale)), int(line))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
