"""Where a Chromium is on this machine, and how it is started for tests: silently, touching nothing beyond the machine."""

import os
import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = (
    "chromium-headless-shell",  # of Debian: the same engine without a desk around it, a quarter less to do
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def where() -> str | None:
    """The program to run: CREATORBOT_CHROMIUM if set, else the first one found; None means the one playwright brought along."""
    return os.environ.get("CREATORBOT_CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
