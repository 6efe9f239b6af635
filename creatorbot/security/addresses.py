"""Which addresses may be called at all: well-formed http(s) addresses, and hosts of the public internet. Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

# Everything the registries keep back: private, shared, link-local, documentation, benchmarks, relays, multicast, reserved.
_NEVER_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only 2000::/3 is public; loopback, mapped and NAT64 addresses, link-local, unique local and multicast lie outside it.
_PUBLIC_6 = IPv6Network("2000::/3")
_NEVER_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, with Teredo and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
# Doors of mail, databases and the like: no website lives there, and a request sent there may be taken for something else.
BAD_PORTS = frozenset(
    {
        0,
        7,
        9,
        13,
        19,
        21,
        22,
        23,
        25,
        53,
        79,
        110,
        111,
        119,
        135,
        139,
        143,
        389,
        445,
        465,
        512,
        513,
        514,
        587,
        636,
        873,
        993,
        995,
        1433,
        2049,
        3306,
        3389,
        5060,
        5432,
        5900,
        6000,
        6379,
        6667,
        9200,
        11211,
        27017,
    }
)


@dataclass(frozen=True)
class Place:
    """Where an http(s) address leads. host: lower case, without brackets and final dot."""

    scheme: str
    host: str
    port: int


def is_public(ip: str) -> bool:
    """Whether this numeric address belongs to the public internet. Anything unreadable does not."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if address.version == 4:
        return not any(address in net for net in _NEVER_4)
    return not address.scope_id and address in _PUBLIC_6 and not any(address in net for net in _NEVER_6)


def is_loopback(ip: str) -> bool:
    """Whether this numeric address is the machine itself (127.0.0.0/8 or ::1)."""
    try:
        return ip_address(ip).is_loopback
    except ValueError:
        return False


def place_of(url: str) -> Place | None:
    """Where this address leads, or None when it is no plain http(s) address (spaces, a name and password, a bad port …)."""
    if not url.isprintable() or " " in url or "\\" in url or len(url) > 4000:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or port == 0:
        return None
    return Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))
