"""Whom we believe about where a request comes from: the proxies that were named, and nobody else.

A proxy in front of us is the one who connects; the visitor's own address, and how they reached the proxy, stand in headers it adds.
Anybody can send such headers. `look_through` reads them when the one who connects is a proxy that was named, takes them out of the
request in every case, and puts what is true in their place: whoever comes after it may ask the request itself and needs no care.

Only X-Forwarded-… is read. The newer header Forwarded (RFC 7239) says the same; reading both would let a visitor fill in the one that
the proxy does not write, for proxies hand on what they do not know.
"""

import ipaddress
from collections.abc import Sequence
from wsgiref.types import WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
FOR, PROTO, HOST = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"
_MOST_HOPS = 16
_MOST_KEPT = 1024
_SCHEMES = frozenset(("http", "https"))


class Proxies:
    """The proxies that are believed. Safe to use from several threads."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self._known: dict[str, bool] = {}

    def believes(self, peer: str) -> bool:
        """Whether this is the address of a proxy that was named. Remembered, for there are few and each asks often."""
        found = self._known.get(peer)
        if found is None:
            address = read_address(peer)
            found = address is not None and self._is_ours(address)
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[peer] = found
        return found

    def look_through(self, environ: WSGIEnvironment) -> None:
        """Make REMOTE_ADDR, wsgi.url_scheme and HTTP_HOST of this WSGI request what the visitor's are, and remove the headers."""
        told, scheme, host = environ.pop(FOR, ""), environ.pop(PROTO, ""), environ.pop(HOST, "")
        if not (told or scheme or host) or not self.believes(environ.get("REMOTE_ADDR", "")):
            return
        if told:
            environ["REMOTE_ADDR"] = self.visitor(environ["REMOTE_ADDR"], told)
        scheme = scheme.rpartition(",")[2].strip().lower()
        if scheme in _SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        # A proxy that hands on the Host it was asked for needs no second header; what stands in one then is the visitor's own.
        if host and is_machine(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = host.rpartition(",")[2].strip()

    def visitor(self, peer: str, told: str) -> str:
        """Who the proxy at `peer` says is behind it: from the right, past our own proxies, to the first other address.

        What stands further left was sent by the visitor. An entry that is no address ends the walk: then the last proxy's address stands.
        """
        found = peer
        for entry in reversed(told.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:]):
            address = read_address(entry.strip())
            if address is None:
                break
            found = str(address)
            if not self._is_ours(address):
                break
        return found

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def read_address(text: str) -> Address | None:
    """An IP address, also as some proxies write it: with a port, in brackets. None for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def bare_host(host: str) -> str:
    """The name or address in a Host header: lower case, without port, brackets and final dot."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().removesuffix(".")


def is_machine(host: str) -> bool:
    """Whether this Host header names a machine by its number, or by a name without a dot: no name anybody could have bought."""
    name = bare_host(host)
    return "." not in name or read_address(name) is not None
