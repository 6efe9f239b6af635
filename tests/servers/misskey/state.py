"""What the counterpart remembers: in one file, written whole at each change."""

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
VERSIONS = {"misskey": "2025.10.1", "sharkey": "2025.4.4", "iceshrimp": "2023.12.9", "firefish": "20250225"}


class State:
    """notes: by id. tokens: word -> what it may. sessions: MiAuth session -> its token and whether it was fetched."""

    def __init__(self, folder: Path, software: str) -> None:
        self.software, self.version, self.base = software, VERSIONS[software], ""
        self.lock = threading.RLock()
        self._file = folder / "state.json"
        kept = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.notes: dict[str, dict[str, Any]] = kept.get("notes", {})
        self.files: dict[str, dict[str, Any]] = kept.get("files", {})
        self.tokens: dict[str, list[str]] = kept.get("tokens", {})
        self.sessions: dict[str, dict[str, Any]] = kept.get("sessions", {})
        self.account: dict[str, Any] = kept.get("account", {})
        self.last: int = kept.get("last", 0)
        self.orders: list[dict[str, Any]] = []

    def keep(self) -> None:
        """Write it down."""
        with self.lock:
            names = ("notes", "files", "tokens", "sessions", "account", "last")
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps({name: getattr(self, name) for name in names}))
            beside.replace(self._file)

    def new_id(self) -> str:
        """One that sorts by time, as theirs do."""
        with self.lock:
            self.last = max(self.last + 1, int(time.time() * 1000))
            number, made = self.last, ""
            while number:
                number, digit = divmod(number, 36)
                made = DIGITS[digit] + made
            return made

    def order(self, call: str) -> dict[str, Any] | None:
        """What was ordered for this call, used up once."""
        with self.lock:
            for wanted in self.orders:
                if wanted["call"] == call and wanted["times"] > 0:
                    wanted["times"] -= 1
                    return wanted
        return None


def now() -> str:
    """The present, as these servers write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
