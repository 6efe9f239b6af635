"""From what a person types to a server's base address: a name, an address or a full handle."""

import re
from urllib.parse import quote, urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.networks.mastodon.answers import document, part
from creatorbot.security.http import Door

_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
_PERSON = re.compile(r"[\w.-]{1,100}")


def server_address(typed: str, door: Door) -> str:
    """The base address, without a final slash. A full handle is looked up, as its server may have another name than the handle.

    Raises InvalidInput with field "server".
    """
    person, server = _split(typed)
    if door.admits(f"http://{server}/"):
        return f"http://{server}"
    host, _, port = server.partition(":")
    named = _ascii(host)
    if not _NAME.fullmatch(named) or (port and not (port.isdecimal() and 0 < int(port) < 65536)):
        raise InvalidInput("This is not the name of a server. It looks like mastodon.social, or like @you@mastodon.social.", field="server")
    address = f"https://{named}:{port}" if port and port != "443" else f"https://{named}"
    return _home_of(person, named, address, door) if person else address


def _split(typed: str) -> tuple[str, str]:
    """The person ("" if none) and the server, as typed."""
    words = "".join(letter for letter in typed.strip().strip("<>\"'") if letter.isprintable())
    if "://" in words or words.startswith("//"):
        words = words.partition("//")[2].partition("/")[0]
        return "", words.rpartition("@")[2].lower()
    words = words.removeprefix("acct:").partition("/")[0].rstrip(".").lower()
    person, at, server = words.lstrip("@").rpartition("@")
    if not at and words.startswith("@"):
        raise InvalidInput("This is only your name. Please add the server, like @you@mastodon.social.", field="server")
    if not server:
        raise InvalidInput("Please type the name of your server, for example mastodon.social.", field="server")
    return (person if _PERSON.fullmatch(person) else ""), server


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        return ""


def _home_of(person: str, host: str, address: str, door: Door) -> str:
    """Where this handle's account lives. When nobody tells, the handle's own server."""
    try:
        answer = door.get(f"{address}/.well-known/webfinger?resource={quote(f'acct:{person}@{host}')}", max_bytes=200_000)
    except CreatorbotError:
        return address
    links = part(document(answer.body), "links") if answer.status == 200 else None
    for link in links if isinstance(links, list) else []:
        href = part(link, "href")
        if part(link, "rel") == "self" and isinstance(href, str):
            there = urlsplit(href)
            if there.scheme == "https" and _NAME.fullmatch(there.netloc):
                return f"https://{there.netloc}"
    return address
