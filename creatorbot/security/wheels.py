"""libcurl's many transfers driven by this thread: it says which sockets to watch and when to wake it, we watch and wake."""

import selectors
import socket
import time
from contextlib import suppress

import pycurl

_KEPT_CONNECTIONS = 32


class Wheels:
    """Transfers under way. add() a prepared handle, turn() until it comes back. Only ring() may be called from another thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()  # not select(): it cannot watch numbers above 1023
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._wake_at: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, _KEPT_CONNECTIONS)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def add(self, curl: pycurl.Curl) -> None:
        """Begin this transfer."""
        self._multi.add_handle(curl)

    def remove(self, curl: pycurl.Curl) -> None:
        """It is over, or broken off."""
        self._multi.remove_handle(curl)

    def ring(self) -> None:
        """Make turn() return early."""
        with suppress(OSError):  # closed, or rung already
            self._rope.send(b"!")

    def turn(self, wait: float) -> list[tuple[pycurl.Curl, int]]:
        """Move everything on; wait at most so many seconds for something to do. Returns what is over, each with libcurl's error or 0."""
        if self._wake_at is not None:
            wait = max(0.0, min(wait, self._wake_at - time.monotonic()))
        for key, events in self._selector.select(wait):
            if key.fileobj is self._bell:
                with suppress(OSError):
                    self._bell.recv(4096)
                continue
            readable = pycurl.CSELECT_IN if events & selectors.EVENT_READ else 0
            writable = pycurl.CSELECT_OUT if events & selectors.EVENT_WRITE else 0
            self._multi.socket_action(key.fd, readable | writable)
        if self._wake_at is not None and self._wake_at <= time.monotonic():
            self._wake_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._collect()

    def close(self) -> None:
        """Let go of all connections. Every handle must have been removed."""
        self._multi.close()
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def _collect(self) -> list[tuple[pycurl.Curl, int]]:
        over, left = list[tuple[pycurl.Curl, int]](), 1
        while left:
            left, well, badly = self._multi.info_read()
            over += [(curl, 0) for curl in well]
            over += [(curl, number) for curl, number, _ in badly]
        return over

    def _watch(self, what: int, handle: int, multi: object, data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            with suppress(KeyError, ValueError, OSError):
                self._selector.unregister(handle)
            return
        events = (selectors.EVENT_READ if what & pycurl.POLL_IN else 0) | (selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0)
        try:
            self._selector.modify(handle, events)
        except (KeyError, OSError):  # new; or an old number that means another socket now
            with suppress(KeyError, ValueError, OSError):
                self._selector.unregister(handle)
            self._selector.register(handle, events)

    def _set_timer(self, milliseconds: int) -> None:
        self._wake_at = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
