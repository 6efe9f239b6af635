"""What the practice servers remember: one SQLite file in one folder, so that a killed server comes back as it was."""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = sqlite3.Row
Value: TypeAlias = Any  # whatever JSON can hold
Doc: TypeAlias = dict[str, Any]  # a JSON object as one of the played services sends it

TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, place TEXT NOT NULL, behaviour TEXT NOT NULL,
  times_left INTEGER, seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS app (client_id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, website TEXT NOT NULL,
  redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY, client_id TEXT NOT NULL, account_id INTEGER NOT NULL, redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL, challenge TEXT NOT NULL, made REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, client_id TEXT NOT NULL, account_id INTEGER, scope TEXT NOT NULL,
  made REAL NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS media (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, status_id INTEGER, description TEXT NOT NULL,
  mime TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS status (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, text TEXT NOT NULL, spoiler TEXT NOT NULL,
  visibility TEXT NOT NULL, language TEXT, sensitive INTEGER NOT NULL, app TEXT NOT NULL, reblog_of INTEGER, made REAL NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0, previewed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS edition (id INTEGER PRIMARY KEY, status_id INTEGER NOT NULL, text TEXT NOT NULL, spoiler TEXT NOT NULL,
  sensitive INTEGER NOT NULL, media TEXT NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS answer (place TEXT NOT NULL, key TEXT NOT NULL, account_id INTEGER NOT NULL, status_id INTEGER,
  code INTEGER NOT NULL, asked TEXT NOT NULL, body TEXT NOT NULL, made REAL NOT NULL, PRIMARY KEY (place, key, account_id));
CREATE TABLE IF NOT EXISTS preview (status_id INTEGER NOT NULL, server TEXT NOT NULL, software TEXT NOT NULL, code INTEGER NOT NULL,
  title TEXT NOT NULL, description TEXT NOT NULL, image BLOB, image_alt TEXT NOT NULL, made REAL NOT NULL, PRIMARY KEY (status_id, server));
CREATE TABLE IF NOT EXISTS elsewhere (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fate (account_id INTEGER PRIMARY KEY, what TEXT NOT NULL, moved_to TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS thing (id TEXT PRIMARY KEY, kind TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS thing_kind ON thing (kind, seq);
CREATE TABLE IF NOT EXISTS delivery (id INTEGER PRIMARY KEY, url TEXT NOT NULL, event_id TEXT NOT NULL, manner TEXT NOT NULL,
  due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, code INTEGER);
CREATE TABLE IF NOT EXISTS visit (id INTEGER PRIMARY KEY, page TEXT NOT NULL, referrer TEXT NOT NULL, made REAL NOT NULL);
"""


class State:
    """The one open database, shared by all threads. clock: seconds since 1970, replaceable in tests."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "media").mkdir(exist_ok=True)
        self.folder = folder
        self.now = clock
        self.lock = threading.RLock()
        self._last_id = 0
        self._settings: dict[str, str | None] = {}  # what the table holds, for it is asked many times in one answer
        self._db = sqlite3.connect(folder / "practice.sqlite3", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(TABLES)
        self.setting("born", self.now())

    def close(self) -> None:
        """No more reading or writing."""
        with self.lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other threads wait. May be nested."""
        with self.lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def do(self, sql: str, *values: object) -> int:
        """Write; returns the number of rows touched."""
        with self.lock:
            return self._db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Read all."""
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        """Read the first, if any."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def number(self, sql: str, *values: object) -> int:
        """The first column of the first row, as a number."""
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def new_id(self) -> int:
        """A number that grows with time, as the fediverse's own ids do; its upper bits are milliseconds."""
        with self.lock:
            self._last_id = max(self._last_id + 1, int(self.now() * 1000) << 16 | secrets.randbelow(1 << 16))
            return self._last_id

    def setting(self, name: str, otherwise: object = None) -> Value:
        """A remembered value; when there is none yet, `otherwise` is remembered (unless None) and returned."""
        with self.lock:
            if name not in self._settings:
                found = self.row("SELECT value FROM setting WHERE name = ?", name)
                self._settings[name] = found["value"] if found else None
            kept = self._settings[name]
        if kept is not None:
            return json.loads(kept)
        if otherwise is not None:
            self.set(name, otherwise)
        return otherwise

    def set(self, name: str, value: object) -> None:
        """Remember a value."""
        with self.lock:
            written = json.dumps(value)
            self.do("INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, written)
            self._settings[name] = written

    def forget(self, name: str) -> None:
        """As if it had never been set."""
        with self.lock:
            self.do("DELETE FROM setting WHERE name = ?", name)
            self._settings[name] = None
