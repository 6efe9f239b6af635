"""Text as posts are made of: nothing dangerous from outside in it, its addresses and hashtags, what it is found by. Pure."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from creatorbot.links.address import is_public_name
from creatorbot.security.addresses import is_public

FEWEST_WORDS = 12
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w/&])#(?=[\w·]*[^\W\d_])[\w·]+")
_MENTION = re.compile(r"@(?=\S)")
_SCHEME = re.compile(r"https?:/+", re.IGNORECASE)
_CONTROL = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Signs without width. The joiners U+200C and U+200D stay: Persian words and many emoji are made with them.
_WITHOUT_WIDTH = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")


@dataclass(frozen=True)
class Part:
    """A piece of a post as followers see it."""

    kind: Literal["text", "link", "tag"]
    text: str


def harmless(value: str) -> str:
    """A value from outside, made unable to mention anybody, to carry a link, to turn the text around, or to break out of its line.

    A second link would take the preview away from ours, and with it the count of who came.
    """
    one_line = " ".join(_WITHOUT_WIDTH.sub("", _CONTROL.sub("", value)).split())
    while _SCHEME.search(one_line):
        one_line = _SCHEME.sub("", one_line)
    return _MENTION.sub("@\u2060", one_line)


def plain(typed: str) -> str:
    """What was typed, with one kind of line break and without signs that cannot be seen."""
    return _CONTROL.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))


def addresses(text: str) -> list[str]:
    """The addresses in a text, without the stops that end a sentence."""
    return [part.text for part in parts(text) if part.kind == "link"]


def link_marker(code: str) -> str:
    """What every address of this link contains and nothing else does."""
    return f"/l/{code}"


def marker_of(text: str, carries: str, code: str) -> str:
    """What to find a post by: its link where it carries one, else the words before the first address or hashtag."""
    if carries == "link":
        return link_marker(code)
    words = re.split(rf"{_ADDRESS.pattern}|{_HASHTAG.pattern}", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    address = _ADDRESS.search(text)
    return words if len(words) >= FEWEST_WORDS or address is None else address.group()


def parts(text: str) -> tuple[Part, ...]:
    """The text cut into plain pieces, addresses and hashtags, in order; joined they are the text again."""
    found: list[Part] = []
    at = 0
    for match in re.finditer(f"{_ADDRESS.pattern}|{_HASHTAG.pattern}", text, re.IGNORECASE):
        piece = match.group()
        is_link = piece.lower().startswith("http")
        end = match.start() + (len(piece.rstrip(".,;:!?)")) if is_link else len(piece))
        if match.start() > at:
            found.append(Part("text", text[at : match.start()]))
        found.append(Part("link" if is_link else "tag", text[match.start() : end]))
        at = end
    if at < len(text):
        found.append(Part("text", text[at:]))
    return tuple(found)


def private_addresses(text: str) -> list[str]:
    """Addresses in the text that nobody outside could open: loopback, private networks, names without a domain."""
    return [address for address in _ADDRESS.findall(text) if _is_private(address)]


def _is_private(address: str) -> bool:
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").lower().split("%")[0]
    except ValueError:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # A name. What looks public is one; 127.1, 0x7f.1 and 2130706433, which browsers read as IPv4, do not.
        return not is_public_name(_as_dns(host))
    return not is_public(host)


def _as_dns(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ""
