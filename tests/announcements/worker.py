"""A worker in a process of its own, to be killed: python -m tests.announcements.worker DATABASE FOLDER VAULT_KEY SCALE."""

import sys
import time
from pathlib import Path

from creatorbot import clock
from creatorbot.config import Settings
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from jobs import confirm_posts, see_returns, send_posts


def runtime_on(url: str, folder: Path, key: str, scale: float) -> Runtime:
    """What parent and workers share."""
    engine = open_engine(url)
    return Runtime(
        settings=Settings(data=folder, database_url=url, wait_scale=scale),
        session=session_factory(engine),
        reading=reading_factory(engine),
        door=Door(),
        vault=Vault([key]),
        clock=clock.now,
        cookie_key="worker" * 8,
    )


def main() -> None:
    """Work until killed."""
    url, folder, key, scale = sys.argv[1:]
    runtime = runtime_on(url, Path(folder), key, float(scale))
    print("ready", flush=True)
    while True:
        for job in (send_posts, confirm_posts, see_returns):
            job.run(runtime, runtime.clock())
        time.sleep(0.02)


if __name__ == "__main__":
    main()
