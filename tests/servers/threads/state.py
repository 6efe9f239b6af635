"""What the counterpart remembers: in one file, written whole at each change."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

USER_ID, USERNAME = "17841400000000001", "aoife"
KEY = "THAAtestkeyofaoifeBQ0000000000000000000001ZD"
EVERYTHING = [
    "threads_basic",
    "threads_content_publish",
    "threads_delete",
    "threads_manage_insights",
    "threads_manage_replies",
    "threads_read_replies",
]


class State:
    """containers, posts: by number. keys: word -> {issued, expires, scopes, whose}. practice: what tests change."""

    def __init__(self, folder: Path) -> None:
        self.lock, self.base = threading.RLock(), ""
        self._file = folder / "threads.json"
        kept = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.containers: dict[str, dict[str, Any]] = kept.get("containers", {})
        self.posts: dict[str, dict[str, Any]] = kept.get("posts", {})
        first = {"issued": stamp() - 3 * 86_400, "expires": stamp() + 57 * 86_400, "scopes": EVERYTHING}
        self.keys: dict[str, dict[str, Any]] = kept.get("keys", {KEY: first})
        self.practice: dict[str, Any] = {"lag": 0, "slow": 0, "tells": True} | kept.get("practice", {})
        self.last: int = kept.get("last", 18_000_000_000_000_000)
        self.orders: list[dict[str, Any]] = []

    def keep(self) -> None:
        """Write it down."""
        with self.lock:
            names = ("containers", "posts", "keys", "practice", "last")
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps({name: getattr(self, name) for name in names}))
            beside.replace(self._file)

    def number(self) -> str:
        """A new one."""
        with self.lock:
            self.last += 7
            return str(self.last)

    def order(self, call: str) -> str:
        """What was ordered for this call, used up once."""
        with self.lock:
            for wanted in self.orders:
                if wanted["call"] == call and wanted["times"] > 0:
                    wanted["times"] -= 1
                    return str(wanted["behaviour"])
        return ""


def stamp() -> int:
    """The present, in seconds."""
    return int(datetime.now(UTC).timestamp())


def written(seconds: float) -> str:
    """A moment, as Meta writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
