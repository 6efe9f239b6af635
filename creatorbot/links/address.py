"""Which addresses of ours may leave in a post, and which names look public."""

import ipaddress
import re
from urllib.parse import urlsplit

from creatorbot.models import Installation
from creatorbot.security.http import Door

_NAME = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\Z")
_AT_HOME = (".local", ".localhost", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".arpa", ".invalid")


def is_public_name(host: str) -> bool:
    """Whether this could be the name of a server on the internet: lower case, with a dot, no address, nothing local."""
    return _NAME.match(host) is not None and not host.endswith(_AT_HOME)


def is_public_https(url: str) -> bool:
    """Whether this address may be told to the world: https, a public name (or public IP), nobody's user name in it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or "@" in parts.netloc or port == 0:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return is_public_name(host)


def public_base(installation: Installation | None) -> str | None:
    """Our public https address, once it is set and has answered our check; without a final slash."""
    if installation is None or installation.public_answered_at is None or not is_public_https(installation.public_url):
        return None
    return installation.public_url.rstrip("/")


def post_base(installation: Installation | None, own_url: str, server_base_url: str, door: Door) -> str | None:
    """What a post on this server may point to: our public address; our own one only if the server is an admitted place on
    loopback; else None, and the post carries the shop's own address."""
    if door.admits(server_base_url):
        return own_url
    return public_base(installation)


def link_address(base: str, code: str) -> str:
    """The short address."""
    return f"{base}/l/{code}"
