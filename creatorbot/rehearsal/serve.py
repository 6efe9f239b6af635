"""Runs the practice servers: in the foreground until told to end, or beside a test."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from creatorbot.rehearsal import fediverse, shop
from creatorbot.rehearsal.state import State
from creatorbot.rehearsal.world import World, placed


class QuietHandler(WSGIRequestHandler):
    """Answers in HTTP/1.1 and writes no log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing is logged: requests hold names and addresses."""

    def send_header(self, keyword: str, value: str) -> None:
        """A date of the app's own takes the place of this machine's: a practice server has its own clock."""
        kept: list[bytes] = getattr(self, "_headers_buffer", [])
        if keyword.lower() == "date":
            kept[:] = [line for line in kept if not line.lower().startswith(b"date:")]
        super().send_header(keyword, value)


class Listener:
    """One server on one port, which can go away for a while and come back."""

    def __init__(self, app: Flask, world: World, host: str, port: int) -> None:
        self._app, self._world, self._host = placed(app, world), world, host
        self._server = self._open(port)
        self._away, self._back = 0.0, threading.Event()
        self.port = self._server.port
        shown = f"[{host}]" if ":" in host else host
        world.base = f"http://{shown}:{self.port}"
        world.go_away = self.go_away
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _open(self, port: int) -> ThreadedWSGIServer:
        with socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._host, port))
            listening.listen(128)
            return ThreadedWSGIServer(self._host, listening.getsockname()[1], self._app, QuietHandler, fd=listening.fileno())

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def go_away(self, seconds: float) -> None:
        """Refuse every connection for a while, as a server that is switched off does."""
        self._away = seconds
        self._back.clear()
        threading.Thread(target=self._server.shutdown, daemon=True).start()

    def come_back(self) -> None:
        """Answer again, before the while is over."""
        self._back.set()

    def _run(self) -> None:
        while not self._world.ended.is_set():
            self._server.serve_forever(poll_interval=0.1)
            if self._away:
                self._back.wait(self._away)
            if self._world.ended.is_set():
                return
            self._away = 0.0
            self._reopen()

    def _reopen(self) -> None:
        """On the same port, which somebody else may hold for a moment."""
        while not self._world.ended.is_set():
            try:
                self._server = self._open(self.port)
            except OSError:
                self._world.ended.wait(0.2)
            else:
                return

    def stop(self) -> None:
        """Answer no more."""
        self._world.ended.set()
        self._back.set()
        self._server.shutdown()
        self._thread.join(5)


class Practice:
    """The fediverse's server, the shop, and a second server of the fediverse, running. Addresses have no final slash."""

    def __init__(self, folder: Path, host: str, ports: tuple[int, int, int], clock: Callable[[], float]) -> None:
        self.state, self.second_state = State(folder, clock), State(folder / "second", clock)
        first, its_shop = World(self.state), World(self.state)
        second = World(self.second_state, domain="backup.example", neighbour=first)
        first.neighbour = second
        self._listeners = (
            _listen(fediverse.build(), first, host, ports[0], "fediverse_port"),
            _listen(shop.build(), its_shop, host, ports[1], "shop_port"),
            _listen(fediverse.build(), second, host, ports[2], "fediverse_port"),
        )
        self.fediverse_url, self.shop_url, self.second_url = first.base, its_shop.base, second.base
        self.ports = tuple(one.port for one in self._listeners)
        for listener in self._listeners:
            listener.start()
        self._workers = [*fediverse.workers(first), *shop.workers(its_shop), *fediverse.workers(second)]
        for worker in self._workers:
            worker.start()
        self._worlds = first, its_shop, second

    def leave(self, seconds: float = 3600) -> None:
        """The fediverse's first server refuses all connections until it is told to return, or so long."""
        self._listeners[0].go_away(seconds)

    def return_(self) -> None:
        """It answers again."""
        self._listeners[0].come_back()

    def stop(self) -> None:
        """End all; what they remember stays in the folder."""
        for listener in self._listeners:
            listener.stop()
        for one in self._worlds:
            one.more_work.set()
        for worker in self._workers:
            worker.join(5)
        self.state.close()
        self.second_state.close()


def _listen(app: Flask, world: World, host: str, port: int, remembered: str) -> Listener:
    """On the wished port; without a wish on the one used last, if it is still free."""
    try:
        listener = Listener(app, world, host, port or int(world.state.setting(remembered, 0)))
    except OSError:
        if port:
            raise
        listener = Listener(app, world, host, 0)
    world.state.set(remembered, listener.port)
    return listener


@contextmanager
def start(
    folder: Path, *, host: str = "127.0.0.1", fediverse_port: int = 0, shop_port: int = 0, clock: Callable[[], float] = time.time
) -> Iterator[Practice]:
    """The servers beside the caller, for tests; ended with the block."""
    practice = Practice(folder, host, (fediverse_port, shop_port, 0), clock)
    try:
        yield practice
    finally:
        practice.stop()


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    fediverse_port: int = 0,
    shop_port: int = 0,
    second_port: int = 0,
    ready: Callable[[int, int, int], None] | None = None,
    leave_with_parent: bool = True,
) -> None:
    """Run the servers until SIGTERM or SIGINT; with leave_with_parent also until the process that started us is gone.

    ready(fediverse port, shop port, second port) is called once all listen. Port 0 means: the one used last in this
    folder, else any free one. Raises OSError when a wished port is taken. Call from the main thread.
    """
    ended, parent = threading.Event(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    practice = Practice(folder, host, (fediverse_port, shop_port, second_port), time.time)
    if ready:
        ready(practice.ports[0], practice.ports[1], practice.ports[2])
    while not ended.wait(1):
        if leave_with_parent and os.getppid() != parent:
            break
    practice.stop()
