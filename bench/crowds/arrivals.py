"""Many who come at their own moments, each request over a connection of its own, from an address of its own. Linux only.

What one waits counts from the moment the request was to be made, connecting included; the next request is made when the one before has
been answered. A browser reads the whole answer and closes; so does this.
"""

import gc
import heapq
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.crowds.answers import length_of, status_of, tag_of
from bench.crowds.crowd import TAG, Call
from bench.crowds.load import Tally

_BIND_WITHOUT_PORT = 24  # linux/in.h: the port is chosen when connecting, so that addresses can share it
_GIVE_UP_S = 30.0
_RIGHT = (200, 206, 303, 304)


@dataclass
class _Open:
    number: int
    step: int
    due: float
    line: socket.socket
    wanted: bytes
    sent: bool = False
    head: bytes = b""  # what came first, until the header is whole
    size: int = 0
    length: int | None = None


class Arrivals:
    """Plays calls against a server. tally.answered counts requests."""

    def __init__(self, port: int, calls: Sequence[Call]) -> None:
        self._port, self.tally = port, Tally()
        self._poll, self._open = select.epoll(), dict[int, _Open]()
        self._coming = [(call.at, number, 0) for number, call in enumerate(calls)]
        self._calls, self._tags, self._buffer = calls, dict[int, bytes](), bytearray(1 << 18)
        self.late = 0.0
        heapq.heapify(self._coming)

    def run(self, begins: float) -> Tally:
        """Until all are answered. begins: time.time() of the beginning, so that several processes can begin together."""
        gc.disable()
        zero = time.perf_counter() + begins - time.time()
        while self._coming or self._open:
            now = time.perf_counter() - zero
            while self._coming and self._coming[0][0] <= now:
                due, number, step = heapq.heappop(self._coming)
                self.late = max(self.late, time.perf_counter() - zero - due)
                self._begin(number, step, due)
            pause = min(0.05, self._coming[0][0] - now) if self._coming else 0.05
            for handle, _ in self._poll.poll(max(0.0, pause)):
                self._go_on(handle, zero)
            if not self._coming and self._open and now > max(one.due for one in self._open.values()) + _GIVE_UP_S:
                self._give_up()
        gc.enable()
        self.tally.seconds = time.perf_counter() - zero
        self._poll.close()
        return self.tally

    def _begin(self, number: int, step: int, due: float) -> None:
        call = self._calls[number]
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        line.setsockopt(socket.IPPROTO_IP, _BIND_WITHOUT_PORT, 1)
        line.bind((call.source, 0))
        line.connect_ex(("127.0.0.1", self._port))
        one = _Open(number, step, due, line, call.steps[step].replace(TAG, self._tags.get(number, b'"none"')))
        self._open[line.fileno()] = one
        try:
            line.send(one.wanted)  # on one machine a connection is mostly there at once
            one.sent = True
        except OSError:
            one.sent = False
        self._poll.register(line, select.EPOLLIN if one.sent else select.EPOLLOUT)

    def _go_on(self, handle: int, zero: float) -> None:
        one = self._open[handle]
        try:
            if not one.sent:
                if (trouble := one.line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) != 0:
                    raise OSError(trouble, "not connected")
                one.line.send(one.wanted)
                one.sent = True
                self._poll.modify(handle, select.EPOLLIN)
                return
            size = one.line.recv_into(self._buffer)
        except OSError as error:
            self._end(handle, f"{error}", zero)
            return
        one.size += size
        if one.length is None:
            one.head += self._buffer[:size]
            one.length = length_of(one.head, head=one.wanted.startswith(b"HEAD "))
        if one.length is not None and one.size >= one.length:
            right = status_of(one.head) in _RIGHT and one.size == one.length
            self._end(handle, "" if right else one.head[:80].decode("latin-1"), zero)
        elif not size:
            self._end(handle, f"ended after {one.size} bytes", zero)

    def _end(self, handle: int, trouble: str, zero: float) -> None:
        one = self._open.pop(handle)
        one.line.close()  # which also takes it out of the poll
        now = time.perf_counter() - zero
        self.tally.waits.append(now - one.due)
        if trouble:
            self.tally.wrong(f"{one.wanted[:60]!r}: {trouble}")
            return
        self.tally.answered += 1
        if tag := tag_of(one.head):
            self._tags.setdefault(one.number, tag)
        if one.step + 1 < len(self._calls[one.number].steps):
            heapq.heappush(self._coming, (now, one.number, one.step + 1))

    def _give_up(self) -> None:
        for one in self._open.values():
            one.line.close()
            self.tally.wrong(f"{one.wanted[:60]!r}: no answer in {_GIVE_UP_S:.0f} seconds")
        self._open.clear()


@dataclass(frozen=True)
class Played:
    """What became of the calls. late_s: how late this program itself was at worst. cpu_s: processor it used."""

    tally: Tally
    late_s: float
    cpu_s: float


def played(port: int, calls: Sequence[Call], begins: float) -> Played:
    """All of it in one call, for a process of its own."""
    arrivals, before = Arrivals(port, calls), time.process_time()
    tally = arrivals.run(begins)
    return Played(tally, arrivals.late, time.process_time() - before)
