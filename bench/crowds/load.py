"""Our own load programs, for one machine: a closed loop, which finds out how much is possible, and an open one, which measures waiting.

Both speak over kept connections without blocking (epoll), with requests made beforehand. The open loop sends at fixed moments, whatever
became of the requests before; a request that finds no free connection waits for one, and its time counts from the moment it was due.
So an answer that is late makes everything behind it late too, as it is for people, instead of being asked less often. Linux only.
"""

import gc
import select
import socket
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowds.answers import ask, length_of, status_of

CLOSED, OPEN = "bench.crowds.load, closed loop", "bench.crowds.load, open loop with fixed arrivals"
_READ = select.EPOLLIN
_PIECE = 1 << 18


@dataclass
class Tally:
    """answered: whole answers of the right kind. errors: the others. seconds: how long it ran. waits: seconds each answer took."""

    answered: int = 0
    errors: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds else 0.0

    def wrong(self, why: str) -> None:
        """Count one that went wrong; the first few are told."""
        self.errors += 1
        if len(self.trouble) < 10:
            self.trouble.append(why)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def connected(port: int) -> socket.socket:
    """A connection that does not block. Raises OSError."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return connection


def full(port: int, request: bytes, seconds: float, connections: int) -> Tally:
    """As much as possible: every connection asks again as soon as it was answered. All answers must be as long as the first."""
    length, tally = len(ask(port, request)), Tally()
    lines = {one.fileno(): one for one in (connected(port) for _ in range(connections))}
    got, poll, buffer = dict.fromkeys(lines, 0), select.epoll(), bytearray(_PIECE)
    for number, line in lines.items():
        poll.register(number, _READ)
        line.send(request)
    gc.disable()
    began = now = time.perf_counter()
    while now - began < seconds and lines:
        for number, _ in poll.poll(1):
            line = lines[number]
            size = line.recv_into(buffer)
            begins = got[number] == 0
            got[number] += size
            if not size or got[number] > length or (begins and not buffer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 302"))):
                tally.wrong(bytes(buffer[:60]).decode("latin-1") if size else "closed")
                poll.unregister(number)
                lines.pop(number).close()
            elif got[number] == length:
                got[number] = 0
                tally.answered += 1
                line.send(request)
        now = time.perf_counter()
    gc.enable()
    tally.seconds = now - began
    for line in lines.values():
        line.close()
    poll.close()
    return tally


class Paced:
    """The open loop. requests are sent in turn, each at its moment."""

    def __init__(self, port: int, requests: Sequence[bytes], per_second: float, connections: int) -> None:
        self._port, self._requests, self._step = port, requests, 1 / per_second
        self._poll, self._free, self.tally = select.epoll(), deque[socket.socket](), Tally()
        self._busy: dict[int, tuple[socket.socket, float, bytearray, bool]] = {}
        self._buffer = bytearray(_PIECE)
        self._due: deque[float] = deque()
        self._sent = 0
        for _ in range(connections):
            self._add()

    def _add(self) -> None:
        connection = connected(self._port)
        self._poll.register(connection, _READ)
        self._free.append(connection)

    def run(self, seconds: float, warm_s: float, stop: Path | None = None) -> Tally:
        """For so long, or until this file is there. How long the first ones waited is not kept. Ends when all is answered, or has waited
        ten seconds."""
        gc.disable()
        began = time.perf_counter() + 0.05
        # Half a step before the end: many small steps may add up to a trifle less than the whole, which would be one too many.
        moment, ends = began, began + seconds - self._step / 2
        while (now := time.perf_counter()) < ends + 10 and (moment < ends or self._due or self._busy):
            if stop is not None and moment < ends and stop.exists():
                ends = moment
            while moment <= now and moment < ends:
                self._due.append(moment)
                moment += self._step
            while self._due and self._free:
                self._send(self._due.popleft())
            pause = min(moment - time.perf_counter(), 0.05) if moment < ends else 0.05
            for number, _ in self._poll.poll(max(0.0, pause)):
                self._read(number, began + warm_s)
        gc.enable()
        for _ in range(len(self._due) + len(self._busy)):
            self.tally.wrong("not answered within ten seconds")
        self.tally.seconds = ends + self._step / 2 - began
        self.close()
        return self.tally

    def _send(self, due: float) -> None:
        line = self._free.popleft()
        request = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        self._busy[line.fileno()] = (line, due, bytearray(), request.startswith(b"HEAD "))
        with suppress(OSError):  # a dead one is noticed when it is read
            line.send(request)

    def _read(self, number: int, counts_from: float) -> None:
        if number not in self._busy:  # the server closed one that was resting
            resting = next(one for one in self._free if one.fileno() == number)
            self._free.remove(resting)
            self._replace(resting)
            return
        line, due, got, head = self._busy[number]
        try:
            size = line.recv_into(self._buffer)
        except OSError:
            size = 0
        got += self._buffer[:size]
        length = length_of(got, head=head)
        if size and (length is None or len(got) < length):
            return
        del self._busy[number]
        if not size or len(got) != length or status_of(got) not in (200, 302, 303, 304):
            self.tally.wrong(bytes(got[:60]).decode("latin-1") or "closed")
            self._replace(line)
            return
        self._free.append(line)
        self.tally.answered += 1
        if due >= counts_from:
            self.tally.waits.append(time.perf_counter() - due)

    def _replace(self, line: socket.socket) -> None:
        self._poll.unregister(line)
        line.close()
        with suppress(OSError):
            self._add()

    def close(self) -> None:
        """Let go of everything."""
        for line in [*self._free, *(one[0] for one in self._busy.values())]:
            line.close()
        self._poll.close()


def paced(
    port: int,
    requests: Sequence[bytes],
    per_second: float,
    seconds: float,
    connections: int = 64,
    *,
    warm_s: float = 0.5,
    stop: Path | None = None,
) -> Tally:
    """The open loop in one call, for a process of its own. stop: it ends when this file is there."""
    return Paced(port, requests, per_second, connections).run(seconds, warm_s, stop)
