"""A worker as the service runs it, to be killed: `worker.py FOLDER DATABASE KEY SCALE`. Only the two jobs of sending."""

import gc
import logging
import os
import sys
import time
from pathlib import Path

from bench.posts.ours import runtime_on
from jobs import REGISTRY
from jobs.embedded import Scheduler


def main() -> None:
    """Until killed, or until whoever started us is gone."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # as the service does: a round that is still at work is no news
    folder, url, key, scale = sys.argv[1:]
    jobs = [job for job in REGISTRY if job.name in ("send_posts", "confirm_posts")]
    parent, scheduler = os.getppid(), Scheduler(runtime_on(Path(folder), url, key, float(scale)), jobs)
    gc.collect()
    gc.freeze()  # as the service does once everything is loaded
    scheduler.start()
    print("ready", flush=True)
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main()
