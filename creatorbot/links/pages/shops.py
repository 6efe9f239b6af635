"""The buttons for shops: what they are called and where they lead."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from creatorbot.wording import N_, say

MOST_SHOPS = 8
_SHOPS = {"bandcamp": "Bandcamp", "funkwhale": "Funkwhale", "peertube": "PeerTube"}
_SHOP_HOSTS = {
    "bandcamp.com": "Bandcamp",
    "ko-fi.com": "Ko-fi",
    "patreon.com": "Patreon",
    "itch.io": "itch.io",
    "mirlo.space": "Mirlo",
    "jamcoop.org": "Jam",
    "ampwall.com": "Ampwall",
    "resonate.is": "Resonate",
    "archive.org": "Internet Archive",
}


def buttons(language: str, places: Sequence[tuple[str, str]], *, preorder: bool = False) -> list[dict[str, str]]:
    """A button for each place (address, kind of source); those that would be called the same are told apart by their hosts."""
    named = [(url, host_of(url), _name(url, kind)) for url, kind in places if url.startswith(("https://", "http://", "/"))]
    often = Counter(name for _, _, name in named)
    return [
        {"address": url, "word": exit_word(url), "label": _label(language, host if often[name] > 1 and host else name, preorder)}
        for url, host, name in named[:MOST_SHOPS]
    ]


def exit_word(url: str) -> str:
    """What names a shop's address on our page: the same for the same address, so that a page somebody has open goes on working."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=4).hexdigest()


def host_of(url: str) -> str:
    """The host as people know it, "" for an address without one."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _label(language: str, name: str, preorder: bool) -> str:
    if not name:
        return say(language, N_("Get it in the shop"))
    return say(language, N_("Pre-order on %(shop)s") if preorder else N_("Get it on %(shop)s"), {"shop": name})


def _name(url: str, kind: str) -> str:
    host = host_of(url)
    return _SHOPS.get(kind) or _SHOP_HOSTS.get(host) or _SHOP_HOSTS.get(host.partition(".")[2]) or host
