"""Sessions: made from the app password when there is something to do, shared by all calls for an account, kept in memory only.

What is stored is the app password: it does not run out, while refresh tokens are used up one by one and a lost answer would lose the
account. Logging in is limited (some 100 a day for an account), so a session is kept for as long as it is good.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

_MOST = 1000


@dataclass(frozen=True)
class Session:
    """What a server gave for the app password. access: for calls, good for some two hours; refresh: for the next pair, once."""

    did: str
    handle: str
    access: str
    refresh: str


class Sessions:
    """Safe to share between threads: of many that need the same session at once, one makes it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Session] = OrderedDict()
        self._turns: dict[bytes, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, base_url: str, token: str, make: Callable[[Session | None], Session], worn: Session | None = None) -> Session:
        """The session of this account. make(worn) makes one, and is asked when there is none, or none but the worn one."""
        name = _name(base_url, token)
        with self._lock:
            turn = self._turns.setdefault(name, threading.Lock())
        with turn:
            with self._lock:
                kept = self._kept.get(name)
            if kept is not None and kept != worn:
                return kept
            try:
                made = make(kept)
            except Exception:
                self._forget(name)
                raise
            self._keep(name, made)
            return made

    def keep(self, base_url: str, token: str, made: Session) -> None:
        """The session of this account, made elsewhere."""
        self._keep(_name(base_url, token), made)

    def _keep(self, name: bytes, made: Session) -> None:
        with self._lock:
            self._kept[name] = made
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST:
                self._turns.pop(self._kept.popitem(last=False)[0], None)

    def _forget(self, name: bytes) -> None:
        with self._lock:
            self._kept.pop(name, None)
            self._turns.pop(name, None)


def _name(base_url: str, token: str) -> bytes:
    return blake2b(f"{base_url}\n{token}".encode()).digest()
