"""Dialling: the name is resolved once, the address found is checked, and exactly that address is called. Vendor classes live here."""

import functools
import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, DecodeError, HTTPError, NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.ssl_match_hostname import CertificateError

from creatorbot.security.addresses import BAD_PORTS, is_loopback, is_public

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]
_TRIES = 4  # addresses of one name that are dialled before giving up


class Private(NewConnectionError):
    """The name leads to no public address, so nothing was dialled."""


class Untrusted(NewConnectionError):
    """The handshake failed: no valid certificate for this name, or no TLS at all. Nothing was sent."""


class TooLarge(requests.exceptions.RequestException):
    """The answer is larger than allowed; reading stopped."""


def resolve_name(host: str, port: int) -> list[str]:
    """The numeric addresses of a name, as the system finds them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect_address(ip: str, port: int, timeout: float) -> socket.socket:
    """A connection to a numeric address. Raises OSError."""
    return socket.create_connection((ip, port), timeout)


@functools.cache
def public_tls() -> ssl.SSLContext:
    """The usual authorities: those shipped with requests and those of the system."""
    context = create_urllib3_context()
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True)
class Rules:
    """Whom to call, and for how long. Times in seconds. admitted: host and port on loopback, reached by http only."""

    resolve: Resolve
    connect: Connect
    admitted: frozenset[tuple[str, int]]
    tls: ssl.SSLContext
    connect_timeout: float
    read_timeout: float
    total_timeout: float

    def open(self, connection: HTTPConnection, scheme: str) -> socket.socket:
        """A connected socket to a checked address of this connection's host. Raises urllib3's "nothing was sent" errors."""
        host, port = connection.host.strip("[]").lower(), connection.port
        refusal: OSError = OSError("no address")
        for ip in self._addresses(connection, scheme, host, port)[:_TRIES]:
            try:
                opened = self.connect(ip, port, self.connect_timeout)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return opened
            except OSError as error:
                refusal = error
        if isinstance(refusal, TimeoutError):
            raise ConnectTimeoutError(connection, f"Connection to {host} timed out.") from refusal
        raise NewConnectionError(connection, f"Failed to establish a new connection: {refusal}") from refusal

    def _addresses(self, connection: HTTPConnection, scheme: str, host: str, port: int) -> list[str]:
        """The addresses that may be dialled. Raises NameResolutionError or Private."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            found, reason = [], socket.gaierror(f"{error}")
        else:
            reason = socket.gaierror("no address")
        if not found:
            raise NameResolutionError(host, connection, reason)
        allowed = self.allowed(scheme, host, port, found)
        if not allowed:
            raise Private(connection, f"{host}:{port} is not a public address")
        return allowed

    def allowed(self, scheme: str, host: str, port: int, found: Iterable[str]) -> list[str]:
        """Of the numeric addresses found for this host those that may be dialled."""
        if scheme == "http" and (host, port) in self.admitted:
            return [ip for ip in found if is_loopback(ip)]
        return [] if port in BAD_PORTS else [ip for ip in found if is_public(ip)]


class _Clocked(io.RawIOBase):
    """Reads from a socket until a moment of the monotonic clock, however slowly the bytes drip."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, ends: float) -> None:
        self._raw, self._sock, self._ends = raw, sock, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole answer took too long")
        patience = self._sock.gettimeout()
        self._sock.settimeout(left if patience is None else min(left, patience))
        try:
            return self._raw.readinto(buffer)
        finally:
            if self._sock.fileno() >= 0:
                self._sock.settimeout(patience)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _clocked_response(
    ends: Callable[[], float], sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
) -> http.client.HTTPResponse:
    response = http.client.HTTPResponse(sock, debuglevel, method, url)
    response.fp = io.BufferedReader(_Clocked(response.fp.detach(), sock, ends()))
    return response


def _prepare(connection: HTTPConnection, rules: Rules, ends: Callable[[], float]) -> None:
    """Once connected: time to send a body, and a clock for the answer."""
    if connection.sock is not None:
        connection.sock.settimeout(rules.total_timeout)
    connection.response_class = functools.partial(_clocked_response, ends)  # type: ignore[assignment]


def pools(rules: Rules, ends: Callable[[], float]) -> Mapping[str, type[urllib3.HTTPConnectionPool]]:
    """Connection pools that dial by these rules. ends(): when an answer must be complete, on the monotonic clock."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return rules.open(self, "http")

        def connect(self) -> None:
            super().connect()
            _prepare(self, rules, ends)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return rules.open(self, "https")

        def connect(self) -> None:
            try:
                super().connect()
            except TimeoutError as error:
                raise ConnectTimeoutError(self, f"The handshake with {self.host} timed out.") from error
            except (ssl.SSLError, CertificateError) as error:  # told apart from TLS errors after the request was sent
                raise Untrusted(self, f"The handshake failed: {error}") from error
            except OSError as error:
                raise NewConnectionError(self, f"The handshake failed: {error}") from error
            _prepare(self, rules, ends)

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class Adapter(HTTPAdapter):
    """Carries requests by our rules: no proxy, always verified, no retry, the whole body read within its size and time."""

    def __init__(self, rules: Rules, max_bytes: int, ends: Callable[[], float] | None = None) -> None:
        self._rules, self._max_bytes = rules, max_bytes
        self._ends = ends or (lambda: time.monotonic() + rules.total_timeout)
        super().__init__(max_retries=urllib3.Retry(0, read=False))

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **rest: object) -> None:
        """requests asks for this when the adapter is made."""
        manager = urllib3.PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._rules.tls)
        manager.pool_classes_by_scheme = dict(pools(self._rules, self._ends))
        self.poolmanager = manager

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Nothing to do: the context is ours, whatever a caller asks for."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: object = None,
    ) -> requests.Response:
        """Send and read. Raises requests' own exceptions; a private address looks like a connection that was never made."""
        patience = timeout or (self._rules.connect_timeout, self._rules.read_timeout)
        response = super().send(request, stream=True, timeout=patience, verify=True)  # type: ignore[arg-type]
        try:
            response._content = self._read(response)
            response._content_consumed = True  # type: ignore[attr-defined]
        except ReadTimeoutError as error:
            raise requests.exceptions.ReadTimeout(error, request=request) from error
        except DecodeError as error:
            raise requests.exceptions.ContentDecodingError(error, request=request) from error
        except HTTPError as error:
            raise requests.exceptions.ChunkedEncodingError(error, request=request) from error
        finally:
            response.close()
        return response

    def _read(self, response: requests.Response) -> bytes:
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes and response.request.method != "HEAD":
            raise TooLarge(f"{announced} bytes announced", request=response.request)
        return _at_most(self._max_bytes, response.raw.stream(65536, decode_content=True), response.request)


def _at_most(limit: int, chunks: Iterable[bytes], request: requests.PreparedRequest | None) -> bytes:
    kept = bytearray()
    for chunk in chunks:
        kept += chunk
        if len(kept) > limit:
            raise TooLarge(f"more than {limit} bytes", request=request)
    return bytes(kept)
