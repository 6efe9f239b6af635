"""The visit journal: append-only files, one whole line a visit, written before the link is answered.

A segment is `visits-<UTC start>-<process>-<8 random hex>.jsonl`, mode 0600, written by one process only and never by a later one.
Its writer holds a lock (flock) on it for as long as it lives; a segment nobody holds will never grow again. A line is one JSON
object and a newline, handed to the system in one write on an O_APPEND file, so a killed process loses nothing it has answered:

    v  1, the format             u  user agent as kept (links/agents)     f, d  Sec-Fetch-Mode, Sec-Fetch-Dest
    t  milliseconds since 1970   r  host of the referring page, or ""     p  the request said it was a prefetch
    c  the link's code           m  GET or HEAD                           a, l  Accept names text/html; a language was sent
    h  visitor hash in hex, "" when the visitor asked not to be followed
    b  the button for a shop that was pressed on the page, by its word; not there when the page itself was opened

A full disk can tear a line: its piece stands before the next whole line, or last in the file. Readers take whole lines and find a
good line behind a torn piece by its beginning, which cannot occur inside a JSON string.
"""

import fcntl
import logging
import os
import secrets
import threading
from datetime import datetime
from pathlib import Path

VERSION = 1
BEGINNING = b'{"v":1,"t":'
LARGEST_SEGMENT = 16 * 1024 * 1024
QUIET_S = 600.0
_PIECE = 4 * 1024 * 1024
_LONG_LINE = 2048
_log = logging.getLogger(__name__)


class _Segment:
    """One open file. Closed when the last thread lets go of it, so that a late write never meets a reused descriptor."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def __del__(self) -> None:
        if hasattr(self, "fd"):
            os.close(self.fd)


class Journal:
    """The writer of one process. dropped: visits that were answered but could not be written down. failing: so was the last one."""

    def __init__(self, folder: Path, *, largest: int = LARGEST_SEGMENT) -> None:
        self._folder = folder
        self._largest = largest
        self._segment: _Segment | None = None
        self._turning = threading.Lock()
        self.dropped = 0
        self.failing = False

    @property
    def segment(self) -> str:
        """The name of the file being written, "" before the first visit."""
        return self._segment.path.name if self._segment else ""

    def append(self, line: bytes, now: datetime) -> bool:
        """Write one whole line, newline included. False, and counted in `dropped`, when the disk refuses."""
        segment = self._segment
        try:
            if segment is None or segment.size >= self._largest:
                segment = self._turn(now)
            if os.write(segment.fd, line) == len(line):
                segment.size += len(line)
                self.failing = False
                return True
            why = "the disk is full"
        except OSError as error:
            why = error.strerror or "it could not be written"
        if not self.failing:
            _log.error("visits are answered but not counted: %s", why)
        self.failing = True
        self.dropped += 1
        return False

    def _turn(self, now: datetime) -> _Segment:
        # One thread opens the next file; the others go on in the old one meanwhile, if there is one.
        if not self._turning.acquire(blocking=self._segment is None):
            return self._segment or self._turn(now)
        try:
            if self._segment is None or self._segment.size >= self._largest:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                name = f"visits-{now:%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(4)}.jsonl"
                self._segment = _Segment(self._folder / name)
            return self._segment
        finally:
            self._turning.release()


def segments(folder: Path) -> list[Path]:
    """All segments, oldest first."""
    return sorted(folder.glob("visits-*.jsonl"))


def read_lines(path: Path, offset: int, most: int) -> tuple[list[bytes], int]:
    """At most `most` whole lines from this offset on, without their newline, and the offset behind them. A last line without its
    newline is left for later."""
    lines: list[bytes] = []
    with path.open("rb") as file:
        file.seek(offset)
        while len(lines) < most and (piece := file.read(min(_PIECE, (most - len(lines)) * _LONG_LINE))):
            end = piece.rfind(b"\n") + 1
            if not end and len(piece) >= _LONG_LINE:
                piece += file.readline()
                end = len(piece) if piece.endswith(b"\n") else 0
            if not end:
                break
            found = piece[: end - 1].split(b"\n")[: most - len(lines)]
            lines += found
            offset += sum(map(len, found)) + len(found)
            file.seek(offset)
    return lines, offset


def remove_if_done(path: Path, offset: int, now: datetime) -> bool:
    """Delete a segment whose whole lines have all been read, that has been quiet for a while and that nobody holds.
    True when deleted."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Quiet: a segment that was opened this moment is not locked yet.
        if os.fstat(fd).st_mtime > now.timestamp() - QUIET_S:
            return False
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if read_lines(path, offset, 1)[0]:
            return False
        path.unlink()
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
