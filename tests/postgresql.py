"""Folders for the tests' own PostgreSQL, and clearing away what a killed test run left behind."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

PREFIX = "creatorbot-pg-"


def make_folder() -> Path:
    """A new folder that the server's own user can enter; its name says whose it is."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    return folder


def clean_up_after_the_dead() -> None:
    """End servers, and delete folders, of test runs that are not alive any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            _end_server(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _end_server(folder: Path) -> None:
    try:
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        if str(folder).encode() in Path(f"/proc/{server}/cmdline").read_bytes():
            os.kill(server, signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        return


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
