"""A load in which every request is one of its own kind: a server's name that no other request has. Who was answered is known by name."""

import gc
import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowds.answers import length_of, request, status_of
from bench.crowds.load import connected

CONNECTIONS, LONGEST_S = 32, 180.0
_ROUND_S = 0.01


@dataclass
class Answered:
    """names: hosts whose request was answered in full. sent: how many requests were begun. broken: those whose connection broke off.

    wrong: answers that were none of ours."""

    names: list[int] = field(default_factory=list)
    sent: int = 0
    broken: int = 0
    wrong: int = 0
    seconds: float = 0.0


def host(number: int) -> str:
    """The name of the server that makes this request."""
    return f"v{number}.example"


class Unique:
    """The load: every connection asks again when answered, and is made anew when it breaks; never faster than per_second."""

    def __init__(self, port: int, paths: Sequence[str], per_second: float) -> None:
        self._port, self._paths, self._per_second = port, paths, per_second
        self._poll, self._numbers = select.epoll(), iter(range(1 << 60))
        self._busy: dict[int, tuple[socket.socket, int, bytearray]] = {}
        self._free: list[socket.socket] = []
        self.found = Answered()

    def run(self, stop: Path) -> Answered:
        """Until this file is there, and until what was asked has been answered or has failed."""
        gc.disable()
        began = time.time()
        ends = began + LONGEST_S
        while (now := time.time()) < ends or (self._busy and now < ends + 10):
            if now < ends:
                while len(self._busy) + len(self._free) < CONNECTIONS and self._add():
                    pass
                for _ in self._allowed(now - began):
                    self._ask()
                ends = now if stop.exists() else ends
            for number, _ in self._poll.poll(_ROUND_S):
                self._read(number)
        self.found.broken += len(self._busy)
        self.found.seconds = time.time() - began
        gc.enable()
        for line in [*self._free, *(one[0] for one in self._busy.values())]:
            line.close()
        self._poll.close()
        return self.found

    def _allowed(self, passed: float) -> Iterator[None]:
        while self._free and self.found.sent < passed * self._per_second:
            yield

    def _add(self) -> bool:
        try:
            line = connected(self._port)
        except OSError:  # the server is just being started again
            return False
        self._poll.register(line, select.EPOLLIN)
        self._free.append(line)
        return True

    def _ask(self) -> None:
        line, number = self._free.pop(), next(self._numbers)
        self.found.sent += 1
        self._busy[line.fileno()] = (line, number, bytearray())
        agent = f"Mastodon/4.5.3 (http.rb/5.3.1; +https://{host(number)}/) Bot"
        with suppress(OSError):  # noticed when it is read
            line.send(request(self._paths[number % len(self._paths)], agent, "Accept: text/html"))

    def _read(self, handle: int) -> None:
        if handle not in self._busy:
            line = next(one for one in self._free if one.fileno() == handle)
            self._free.remove(line)
            self._drop(line)
            return
        line, number, got = self._busy[handle]
        try:
            piece = line.recv(1 << 18)
        except OSError:
            piece = b""
        got += piece
        length = length_of(got)
        if piece and (length is None or len(got) < length):
            return
        del self._busy[handle]
        if not piece:
            self.found.broken += 1
            self._drop(line)
        elif status_of(got) != 200 or len(got) != length:
            self.found.wrong += 1
            self._drop(line)
        else:
            self.found.names.append(number)
            self._free.append(line)

    def _drop(self, line: socket.socket) -> None:
        self._poll.unregister(line)
        line.close()


def asked(port: int, paths: Sequence[str], per_second: float, stop: Path) -> Answered:
    """All of it in one call, for a process of its own."""
    return Unique(port, paths, per_second).run(stop)
