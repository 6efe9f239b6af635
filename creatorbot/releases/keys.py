"""By what two sightings of one entry are known to be the same, although its id or address was written differently."""

import re
from hashlib import blake2b
from urllib.parse import urlsplit

from creatorbot.sources.base import FoundRelease

_LONGEST = 300  # longer than any honest id; an index of PostgreSQL refuses keys of some thousand bytes


def guid_key(guid: str) -> str:
    """The id for comparison only: without scheme, "www.", capital host letters, default port and final slash."""
    text = guid.strip()
    if re.match(r"https?://", text, re.I):
        text = _address_key(text)
    return text if len(text) <= _LONGEST else f"{text[:200]}#{_digest(text)}"


def _address_key(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return address
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"//{place}{parts.path.rstrip('/')}{rest}"


def url_key(url: str | None) -> str:
    """The address for comparison only; "" for none."""
    return guid_key(url) if url else ""


def content_key(release: FoundRelease) -> str:
    """What stays when a site moves or renumbers: title and the link's path; the date too where the link leads to no page of its own.

    "" when the entry has none of them.
    """
    title = " ".join(release.title.casefold().split())
    parts = urlsplit(release.url) if release.url else None
    own = (parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")) if parts else ""
    # A weekly "Live tonight" links to the same front page each time: only its date tells one from the next.
    return _digest(f"{title}\n{own or release.released_on}") if title or own else ""


def content_hash(release: FoundRelease) -> str:
    """A digest of all that a fan could see of the entry; its id and address are compared apart."""
    price = release.price
    parts = (
        release.title,
        release.artist,
        release.kind,
        release.part_of,
        release.released_on,
        price.model,
        price.amount and price.amount.plain,
        price.suggested and price.suggested.plain,
        price.currency,
        release.licence,
        release.cover_url,
        release.tags,
        release.description,
        release.tracks,
    )
    return _digest("\x1f".join(map(repr, parts)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
