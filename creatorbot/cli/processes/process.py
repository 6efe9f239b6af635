"""What a process knows about others: one service per data folder, a free port, and the end of whoever started us."""

import errno
import fcntl
import os
import signal
import socket
import threading
import time
from pathlib import Path

from creatorbot.errors import Conflict, InvalidInput

STARTED_BY = "CREATORBOT_STARTED_BY"  # process id of the one that started us, in the environment of its children
_WATCH_S = 0.5
_PATIENCE_S = 8.0


def hold(folder: Path) -> int:
    """Take the folder for this process until it ends, however it ends. Gives the open file. Raises Conflict when it is taken."""
    handle = os.open(folder / "creatorbot.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise Conflict(
            "creatorbot is running already with the data folder %(folder)s. Open its address, or end it first.", folder=str(folder)
        ) from error
    return handle


def is_held(folder: Path) -> bool:
    """Whether a running service holds this folder."""
    try:
        os.close(hold(folder))
    except Conflict:
        return True
    return False


def check_port(host: str, port: int) -> None:
    """Raises InvalidInput when nobody could listen there, with the way out."""
    try:
        family, _kind, _protocol, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise InvalidInput("%(host)s is no address of this machine. Leave HOST out, or use 0.0.0.0 for all.", host=host) from error
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(place)
        except OSError as error:
            raise _why(error, host, port) from error


def _why(error: OSError, host: str, port: int) -> InvalidInput:
    if error.errno == errno.EADDRINUSE:
        return InvalidInput(
            "Port %(port)s is used by another program. Choose another: make run PORT=%(other)s",
            port=port,
            other=port + 1 if port < 65535 else 8081,
        )
    if error.errno == errno.EACCES:
        return InvalidInput("Port %(port)s is reserved for the system. Choose one above 1023: make run PORT=8080", port=port)
    return InvalidInput("%(host)s is no address of this machine. Leave HOST out, or use 0.0.0.0 for all.", host=host)


def end_with_parent(parent: int | None = None) -> None:
    """End this process when the one that started it is gone, also when that was killed. Works alike on Linux and macOS.

    parent: its process id; by default the one in the environment. Without either nothing is watched.
    """
    expected = parent or int(os.environ.get(STARTED_BY, "0"))
    if expected:
        threading.Thread(target=_watch, args=(expected,), name="parent", daemon=True).start()


def _watch(expected: int) -> None:
    while os.getppid() == expected:
        time.sleep(_WATCH_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)
