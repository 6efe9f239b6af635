"""One fetch by libcurl under the door's rules: which addresses it may dial, how long, how much, and what its failures mean."""

import socket
import tempfile
from collections.abc import Mapping
from typing import IO, Any

import pycurl

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.security import failures
from creatorbot.security.addresses import Place
from creatorbot.security.authorities import authorities
from creatorbot.security.dial import Rules, connect_address

_IN_MEMORY = 256 * 1024  # of one answer; more of it goes to a file, so that many large ones at once cost no memory
_UNTRUSTED = (pycurl.E_SSL_CONNECT_ERROR, pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CACERT_BADFILE)
_NO_ADDRESS = (pycurl.E_URL_MALFORMAT, pycurl.E_UNSUPPORTED_PROTOCOL)
_TOO_LARGE = pycurl.E_FILESIZE_EXCEEDED


class Transfer:
    """What libcurl tells while it works, kept. The callbacks refuse every address but those that were checked."""

    def __init__(self, place: Place, addresses: list[str], rules: Rules, max_bytes: int) -> None:
        self.place, self.rules, self.max_bytes = place, rules, max_bytes
        self.addresses = frozenset(addresses)
        self.sent = False  # the connection stands, and the request goes out
        self.too_large = False
        self.refused = False
        self._socket: socket.socket | None = None
        self._lines: list[bytes] = []  # libcurl ends an answer with too many of them
        self._body = bytearray()
        self._rest: IO[bytes] | None = None
        self._size = 0

    def prepare(self, curl: pycurl.Curl, url: str, headers: Mapping[str, str], user_agent: str, seconds: float) -> None:
        """Set all options of a fresh handle. seconds: until the whole answer must be there."""
        rules, option = self.rules, curl.setopt
        option(pycurl.URL, url)
        option(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        option(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        option(pycurl.PROXY, "")  # else libcurl reads the environment
        option(pycurl.NOSIGNAL, 1)
        option(pycurl.USERAGENT, user_agent)
        option(pycurl.ACCEPT_ENCODING, "gzip, deflate")
        option(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
        option(pycurl.CONNECTTIMEOUT_MS, max(1, round(min(rules.connect_timeout, seconds) * 1000)))
        option(pycurl.TIMEOUT_MS, max(1, round(seconds * 1000)))
        option(pycurl.LOW_SPEED_LIMIT, 1)
        option(pycurl.LOW_SPEED_TIME, max(1, round(rules.read_timeout)))
        option(pycurl.MAXFILESIZE_LARGE, self.max_bytes)
        if self.place.host not in self.addresses:  # found and checked already: libcurl asks nobody. "+" lets it forget them again
            option(pycurl.RESOLVE, [f"+{self.place.host}:{self.place.port}:{','.join(map(_bracketed, sorted(self.addresses)))}"])
        option(pycurl.OPENSOCKETFUNCTION, self._open)
        option(pycurl.PREREQFUNCTION, self._about_to_ask)
        option(pycurl.HEADERFUNCTION, self._lines.append)
        option(pycurl.WRITEFUNCTION, self._write)
        option(pycurl.SOCKOPTFUNCTION, self._opened)
        if self.place.scheme == "https":
            option(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
            option(pycurl.CAINFO, authorities(rules.tls))

    def _open(self, purpose: int, address: Any) -> socket.socket | int:
        """A socket for exactly this address, if it is one of those that were checked."""
        ip, port = str(address.addr[0]), int(address.addr[1])
        if ip not in self.addresses:
            self.refused = True
            return int(pycurl.SOCKET_BAD)
        try:
            if self.rules.connect is connect_address:
                self._socket = socket.socket(address.family, address.socktype, address.protocol)
            else:
                self._socket = self.rules.connect(ip, port, self.rules.connect_timeout)
        except OSError:
            return int(pycurl.SOCKET_BAD)
        return self._socket

    def _opened(self, handle: int, purpose: int) -> int:
        """libcurl has made a copy of the socket for itself."""
        if self._socket is not None:
            self._socket.close()
        return int(pycurl.SOCKOPT_OK if self.rules.connect is connect_address else pycurl.SOCKOPT_ALREADY_CONNECTED)

    def _about_to_ask(self, ip: str, own_ip: str, port: int, own_port: int) -> int:
        """Also a connection that is used once more must lead to an address that this request may reach."""
        self.sent = ip in self.addresses
        self.refused = not self.sent
        return int(pycurl.PREREQFUNC_OK if self.sent else pycurl.PREREQFUNC_ABORT)

    def headers(self) -> dict[str, str]:
        """Those of the answer itself, by lower-case name: not of an answer before it (103), and not what comes after the body."""
        found: dict[str, str] = {}
        ended = False
        for line in self._lines:
            text = line.decode("latin-1").rstrip("\r\n")
            if text.startswith("HTTP/"):
                found, ended = {}, False
            elif not text:
                ended = True
            elif not ended:
                name, _, value = text.partition(":")
                name, value = name.strip().lower(), value.strip()
                found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    def _write(self, chunk: bytes) -> int:
        self._size += len(chunk)
        if self._size > self.max_bytes:
            self.too_large = True
            return 0
        if self._rest is None and self._size <= _IN_MEMORY:
            self._body += chunk
            return len(chunk)
        try:
            self._rest = self._rest or tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
            return self._rest.write(chunk)
        except OSError:  # no room left on the disk
            return 0

    def body(self) -> bytes:
        """The decoded answer. Once only."""
        if self._rest is None:
            return bytes(self._body)
        self._rest.seek(0)
        return bytes(self._body) + self._rest.read()

    def close(self) -> None:
        """Let go of the file, if there is one."""
        if self._rest is not None:
            self._rest.close()

    def meaning(self, number: int, *, first: bool) -> InvalidInput | ServiceError:
        """What libcurl's error means for us."""
        host = self.place.host
        if self.refused:
            return failures.private(host, first=first)
        if self.too_large or number == _TOO_LARGE:
            return failures.too_large(host)
        if number in _NO_ADDRESS and not self.sent:
            return failures.no_address()
        if number == pycurl.E_COULDNT_RESOLVE_HOST:
            return failures.no_server(host)
        if number in _UNTRUSTED and not self.sent:
            return failures.untrusted(host)
        if number == pycurl.E_OPERATION_TIMEDOUT and self.sent:
            return failures.too_slow(host)
        return failures.broken(host) if self.sent else failures.unreached(host)


def _bracketed(ip: str) -> str:
    return f"[{ip}]" if ":" in ip else ip
