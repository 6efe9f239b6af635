"""What one note of an Owncast server says: which kind, when, about what. Pure.

Owncast posts {"type", "eventData": {"id", "name", "streamTitle", "summary", "timestamp", …}}, unsigned, at once and never again.
The id is the note's own, not the stream's; servers before 0.0.8 send neither id nor time.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

KINDS_HEARD = ("STREAM_STARTED", "STREAM_STOPPED")  # chat and the rest are none of our business, and are not kept
_LARGEST = 200_000
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class Note:
    """kind: as Owncast names it. id: the note's own, or "". told: the server's clock, or None."""

    kind: str
    id: str = ""
    told: datetime | None = None

    def at(self, received: datetime) -> datetime:
        """When it happened. A time far from the arrival is a wrong clock over there: notes are sent at once."""
        return self.told if self.told and abs(self.told - received) <= _CLOCKS_DIFFER else received


def read_note(body: bytes) -> Note | None:
    """The note; None for what is none."""
    if len(body) > _LARGEST:
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    kind = found.get("type") if isinstance(found, dict) else None
    if not isinstance(kind, str) or not 0 < len(kind) <= 100:
        return None
    about = found.get("eventData")
    told = about if isinstance(about, dict) else {}
    name = told.get("id")
    return Note(kind, name[:200] if isinstance(name, str) else "", moment_of(told.get("timestamp")))


def digest_of(note: Note) -> str:
    """By what a repeated note is known: its id and kind, else its time. Without either each arrival counts; the debounce takes care."""
    mark = note.id or (note.told.isoformat() if note.told else secrets.token_hex(16))
    return sha256(f"{note.kind}\0{mark}".encode("utf-8", "replace")).hexdigest()


def moment_of(text: object) -> datetime | None:
    """A moment as Go writes it (RFC 3339, up to nine digits of a second); None for anything else, and for Go's "never" (year 1)."""
    if not isinstance(text, str) or not 19 <= len(text) <= 40:
        return None
    head, _, tail = text.partition(".")
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    zone = tail[len(digits) :]
    try:
        found = datetime.fromisoformat(f"{head}.{digits[:6]}{zone}" if digits else text)
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC) if 1970 < aware.year < 9999 else None
