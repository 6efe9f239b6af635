"""Many pages at once through the one door: libcurl fetches, the door's rules hold for each, and hosts are asked politely."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import pycurl
import requests

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.security import failures
from creatorbot.security.addresses import Place
from creatorbot.security.http import Answer, Door
from creatorbot.security.transfer import Transfer
from creatorbot.security.turns import Turns
from creatorbot.security.wheels import Wheels

T = TypeVar("T")
AT_ONCE = 96
GAP_S = 0.25
_RESOLVING_S = 15.0
_LONG_S = 1.0  # an absence of whoever takes the answers in which a connection may seem to have timed out
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?&=%+,;@!$'()*")


@dataclass(frozen=True)
class Ask(Generic[T]):
    """One page to fetch. door: whose rules hold, with what that artist may reach. headers: beside our own.

    about: given back with what came. first: this address was given to us, no server sent us there. group: whose turn it takes; the host
    if "". gap_s: the pause after it, if not the usual one. seconds: until the answer must be complete, at most the door's own limit.
    max_bytes: of the decoded answer.
    """

    url: str
    door: Door
    about: T
    headers: Mapping[str, str] = field(default_factory=dict)
    first: bool = True
    group: str = ""
    gap_s: float | None = None
    seconds: float = float("inf")
    max_bytes: int | None = None


@dataclass(frozen=True)
class Came(Generic[T]):
    """What came of one: an answer of any HTTP status (a redirect is one), or why there is none. seconds: how long it took."""

    ask: Ask[T]
    answer: Answer | None
    error: InvalidInput | ServiceError | None
    seconds: float


@dataclass
class _Running(Generic[T]):
    ask: Ask[T]
    group: str
    url: str
    place: Place
    began: float
    ends: float
    found: Future[list[str]] | None = None
    transfer: Transfer | None = None
    curl: pycurl.Curl | None = None


class Many(Generic[T]):
    """A round of fetches. add() what is wanted, then take it from came() in the order it arrives; more may be added meanwhile.

    At most at_once are under way; of one host one at a time, with gap_s between two. Names are resolved in threads of their own, by the
    door's resolve. For one thread, as a context manager.
    """

    def __init__(self, *, at_once: int = AT_ONCE, gap_s: float = GAP_S) -> None:
        self._turns: Turns[_Running[T]] = Turns(gap_s)
        self._at_once = at_once
        self._arrived: deque[Came[T]] = deque()
        self._away_until = float("-inf")  # when whoever takes the answers came back from a long absence
        self._resolving: list[_Running[T]] = []
        self._running: dict[pycurl.Curl, _Running[T]] = {}
        self._idle: list[pycurl.Curl] = []
        self._resolvers: ThreadPoolExecutor | None = None
        self._wheels = Wheels()

    def __enter__(self) -> "Many[T]":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        """How many are waiting or under way."""
        return len(self._turns) + self.under_way + len(self._arrived)

    @property
    def under_way(self) -> int:
        """How many have begun and not come yet."""
        return len(self._resolving) + len(self._running)

    @property
    def has_room(self) -> bool:
        """Whether more could be fetched at once than is: those that wait, wait for the turn of their host."""
        return self._free > 0 and self._turns.wait(time.monotonic()) != 0

    @property
    def _free(self) -> int:
        return self._at_once - self.under_way - len(self._arrived)  # what nobody has taken yet needs memory too

    def add(self, ask: Ask[T]) -> None:
        """Fetch this when its turn has come. What is no address comes back like everything else."""
        try:
            ask.door.checked(ask.url)
            url = _as_asked(ask.url)
            place = ask.door.checked(url)
        except (InvalidInput, UnicodeError, requests.exceptions.RequestException):
            self._arrived.append(Came(ask, None, _no_page(ask), 0.0))
            return
        now = time.monotonic()
        self._turns.add(ask.group or place.host, _Running(ask, ask.group or place.host, url, place, now, now), now)

    def drop(self) -> list[Ask[T]]:
        """Give back what has not begun yet; it will not be fetched."""
        return [running.ask for running in self._turns.clear()]

    def came(self, patience: float = float("inf")) -> Iterator[Came[T]]:
        """What has arrived, as it arrives, until nothing is left, or nothing has arrived for so many seconds."""
        quiet_since = time.monotonic()
        while len(self):
            now = time.monotonic()
            self._step(0.0 if self._arrived else max(0.0, min(1.0, quiet_since + patience - now)))
            if self._arrived:
                yield self._arrived.popleft()
                quiet_since = time.monotonic()
                if quiet_since - now > _LONG_S:
                    self._away_until = quiet_since
            elif time.monotonic() - quiet_since >= patience:
                return

    def close(self) -> None:
        """Break off what is under way."""
        for curl, running in self._running.items():
            self._wheels.remove(curl)
            curl.close()
            if running.transfer:
                running.transfer.close()
        for curl in self._idle:
            curl.close()
        self._running, self._idle, self._resolving = {}, [], []
        if self._resolvers is not None:
            self._resolvers.shutdown(wait=False, cancel_futures=True)
        self._wheels.close()

    def _step(self, patience: float) -> None:
        """Start what may start, wait a little, and collect."""
        now = time.monotonic()
        while self._free > 0 and (running := self._turns.next(now)) is not None:
            self._begin(running, now)
        self._dial_resolved()
        over = self._wheels.turn(0.0 if self._arrived else self._time_to_wait(patience))
        for curl, number in over:
            self._finish(curl, number)

    def _time_to_wait(self, patience: float) -> float:
        now = time.monotonic()
        moments = [patience]
        if self._free > 0 and (wait := self._turns.wait(now)) is not None:
            moments.append(wait)
        if self._resolving:
            moments.append(min(one.began for one in self._resolving) + _RESOLVING_S - now)
        return max(0.0, min(moments))

    def _begin(self, running: _Running[T], now: float) -> None:
        rules, place = running.ask.door.rules, running.place
        running.began, running.ends = now, now + min(running.ask.seconds, rules.total_timeout)
        if _is_literal(place.host):
            self._dial(running, [place.host])
            return
        if self._resolvers is None:
            self._resolvers = ThreadPoolExecutor(self._at_once, thread_name_prefix="resolve")
        running.found = self._resolvers.submit(rules.resolve, place.host, place.port)
        running.found.add_done_callback(lambda _: self._wheels.ring())
        self._resolving.append(running)

    def _dial_resolved(self) -> None:
        """Dial those whose addresses were found; those that were not in time are over."""
        if not self._resolving:
            return
        now, still = time.monotonic(), list[_Running[T]]()
        waiting, self._resolving = self._resolving, still
        for one in waiting:
            if one.found is not None and one.found.done() and (addresses := _addresses(one.found)):
                self._dial(one, addresses)
            elif (one.found is not None and one.found.done()) or now >= min(one.ends, one.began + _RESOLVING_S):
                self._over(one, None, failures.no_server(one.place.host))
            else:
                still.append(one)

    def _dial(self, running: _Running[T], found: list[str]) -> None:
        ask, place, rules = running.ask, running.place, running.ask.door.rules
        allowed = [_plain(ip) for ip in rules.allowed(place.scheme, place.host, place.port, found)]
        if not allowed:
            self._over(running, None, failures.private(place.host, first=ask.first))
            return
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        transfer = Transfer(place, allowed, rules, ask.door.max_bytes if ask.max_bytes is None else ask.max_bytes)
        left = max(0.001, running.ends - time.monotonic())
        try:
            transfer.prepare(curl, running.url, ask.headers, ask.door.user_agent, left)
        except (pycurl.error, UnicodeError):
            curl.close()
            self._over(running, None, failures.no_address())
            return
        running.transfer, running.curl = transfer, curl
        self._running[curl] = running
        self._wheels.add(curl)

    def _finish(self, curl: pycurl.Curl, number: int) -> None:
        running = self._running.pop(curl)
        transfer = running.transfer
        assert transfer is not None
        self._wheels.remove(curl)
        try:
            if number == pycurl.E_OPERATION_TIMEDOUT and running.began < self._away_until:
                self._again(running, transfer)
            elif number:
                self._over(running, None, transfer.meaning(number, first=running.ask.first))
            else:
                status = int(curl.getinfo(pycurl.RESPONSE_CODE))
                self._over(running, Answer(running.ask.url, status, transfer.headers(), transfer.body()), None)
        finally:
            transfer.close()
            curl.reset()
            self._idle.append(curl)

    def _again(self, running: _Running[T], transfer: Transfer) -> None:
        """It was we who took too long to look at the connection: libcurl's clock went on meanwhile."""
        now = time.monotonic()
        running.ends, running.began = now + running.ends - running.began, now
        self._dial(running, list(transfer.addresses))

    def _over(self, running: _Running[T], answer: Answer | None, error: InvalidInput | ServiceError | None) -> None:
        now = time.monotonic()
        self._turns.done(running.group, now, running.ask.gap_s)
        self._arrived.append(Came(running.ask, answer, error, now - running.began))


def _no_page(ask: Ask[T]) -> InvalidInput:
    """Why this cannot be asked for at all."""
    try:
        ask.door.checked(ask.url)
    except InvalidInput as error:
        return error
    return failures.no_address()


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _plain(ip: str) -> str:
    """As libcurl writes it."""
    return str(ip_address(ip)) if ":" in ip else ip


def _addresses(found: Future[list[str]]) -> list[str]:
    try:
        return found.result()
    except (OSError, UnicodeError):
        return []


def _as_asked(url: str) -> str:
    """The address as it goes over the wire: other alphabets and strange characters written as the web does. Raises requests' errors."""
    parts = urlsplit(url)
    if _PLAIN.issuperset(url) and not (parts.hostname or "").endswith("."):
        return url
    parts = urlsplit(requests.Request("GET", url.partition("#")[0]).prepare().url or "")
    host = (parts.hostname or "").rstrip(".")
    return parts._replace(netloc=f"{f'[{host}]' if ':' in host else host}{f':{parts.port}' if parts.port else ''}").geturl()
