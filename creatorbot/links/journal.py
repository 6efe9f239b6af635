"""The visit journal: append-only files, one whole line a visit, written before the link is answered.

A segment is `visits-<UTC start>-<process>-<8 random hex>.jsonl`, mode 0600, written by one process only and never by a later one.
Its writer holds a lock (flock) on it for as long as it lives; a segment nobody holds will never grow again. A line is one JSON
object and a newline, handed to the system in one write on an O_APPEND file, so a killed process loses nothing it has answered:

    v  1, the format             u  user agent as kept (links/agents)     f, d  Sec-Fetch-Mode, Sec-Fetch-Dest
    t  milliseconds since 1970   r  host of the referring page, or ""     p  the request said it was a prefetch
    c  the link's code           m  GET or HEAD                           a, l  Accept names text/html; a language was sent
    h  visitor hash in hex, "" when the visitor asked not to be followed
    b  the button that was pressed on the page, by its word ("play" for Play); not there when the page itself was opened
    i  the number of the artist's other release that was shown, 0 for the artist's page; not there for what the link itself opens
    s  1 when the request says it came from one of our own pages; not there otherwise

A full disk can tear a line: its piece stands before the next whole line, or last in the file. Readers take whole lines and find a
good line behind a torn piece by its beginning, which cannot occur inside a JSON string.

The whole journal may not outgrow LARGEST_JOURNAL, nor take the last FREE_FLOOR of the disk, which the database needs to read it in. Beyond
that, visits are answered and not counted. docs/visits.md says the same for whoever looks after an installation.
"""

import errno
import fcntl
import logging
import os
import secrets
import threading
from datetime import datetime, timedelta
from pathlib import Path

VERSION = 1
BEGINNING = b'{"v":1,"t":'
LARGEST_SEGMENT = 16 * 1024 * 1024
LARGEST_JOURNAL = 2 * 1024 * 1024 * 1024
FREE_FLOOR = 64 * 1024 * 1024
HEARTBEAT = "visit_journal"  # under this name the writers say whether they can write
_LOOK_EVERY = 1024 * 1024  # bytes written between two looks at the room there is
_LOOK_AGAIN = timedelta(seconds=1)
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
    """The writer of one process. dropped: visits that were answered but could not be written down. failing: so was the last one.

    largest: bytes in one file; most: in all files of the folder; floor: bytes on the disk to leave alone.
    """

    def __init__(self, folder: Path, *, largest: int = LARGEST_SEGMENT, most: int = LARGEST_JOURNAL, floor: int = FREE_FLOOR) -> None:
        self._folder = folder
        self._largest = largest
        self._most, self._floor = most, floor
        self._until_look = 0
        self._no_room: tuple[str, datetime] | None = None
        self._segment: _Segment | None = None
        self._turning = threading.Lock()
        self.dropped = 0
        self.failing = False

    @property
    def segment(self) -> str:
        """The name of the file being written, "" before the first visit."""
        return self._segment.path.name if self._segment else ""

    def append(self, line: bytes, now: datetime) -> bool:
        """Write one whole line, newline included. False, and counted in `dropped`, when there is no room or the disk refuses."""
        segment = self._segment
        try:
            if self._until_look <= 0 or self._no_room is not None:
                self._look(now)
            if segment is None or segment.size >= self._largest:
                segment = self._turn(now)
            if os.write(segment.fd, line) == len(line):
                segment.size += len(line)
                self._until_look -= len(line)
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

    def _look(self, now: datetime) -> None:
        """Whether there is room for another piece. Raises OSError when there is none."""
        if self._no_room is not None and timedelta() <= now - self._no_room[1] < _LOOK_AGAIN:
            raise OSError(errno.ENOSPC, self._no_room[0])
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        why = ""
        if size_of(self._folder) >= self._most:
            why = "the journal has reached its limit because nobody reads it"
        else:
            disk = os.statvfs(self._folder)
            if disk.f_bavail * disk.f_frsize < self._floor:
                why = "the disk is almost full"
        self._no_room = (why, now) if why else None
        if why:
            raise OSError(errno.ENOSPC, why)
        self._until_look = min(_LOOK_EVERY, self._largest)

    def _turn(self, now: datetime) -> _Segment:
        # One thread opens the next file; the others go on in the old one meanwhile, if there is one.
        if not self._turning.acquire(blocking=self._segment is None):
            return self._segment or self._turn(now)
        try:
            if self._segment is None or self._segment.size >= self._largest:
                name = f"visits-{now:%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(4)}.jsonl"
                self._segment = _Segment(self._folder / name)
            return self._segment
        finally:
            self._turning.release()


def segments(folder: Path) -> list[Path]:
    """All segments, oldest first."""
    return sorted(folder.glob("visits-*.jsonl"))


def size_of(folder: Path) -> int:
    """Bytes in all segments."""
    with os.scandir(folder) as files:
        return sum(_size(file) for file in files if file.name.startswith("visits-"))


def _size(file: os.DirEntry[str]) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # read and removed meanwhile
        return 0


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
    """Delete a segment whose whole lines have all been read, that is full or has been quiet for a while, and that nobody holds.
    True when deleted."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Quiet: a segment that was opened this moment is not locked yet.
        about = os.fstat(fd)
        if about.st_mtime > now.timestamp() - QUIET_S and about.st_size < LARGEST_SEGMENT:
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
