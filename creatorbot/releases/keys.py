"""By what two sightings of one entry are known to be the same, although its id or address was written differently."""

import re
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from creatorbot.sources.base import FoundRelease

_LONGEST = 300  # longer than any honest id; an index of PostgreSQL refuses keys of some thousand bytes
_UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # neither database keeps all of them
_SPACES = re.compile(r"\s+")
_KEPT = 2048  # of what was reckoned last: one reading asks for each entry's keys several times over


def stored(text: str) -> str:
    """An id or address as it can be kept: without control characters and halves of letters."""
    return _UNSEEN.sub("", text).strip()


@lru_cache(_KEPT)
def guid_key(guid: str) -> str:
    """The id for comparison only: without scheme, "www.", capital host letters, default port and final slash."""
    text = stored(guid)
    if text[:8].lower().startswith(("http://", "https://")):
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


def has_own_page(url: str | None) -> bool:
    """Whether an address may lead to a page of this entry alone: a site's front page does not."""
    return bool(_own_path(url))


@lru_cache(_KEPT)
def _own_path(url: str | None) -> str:
    try:
        parts = urlsplit(url) if url else None
    except ValueError:
        return url or ""
    return (parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")) if parts else ""


def title_key(title: str) -> str:
    """The title for comparison only: without capitals, single spaces."""
    return _SPACES.sub(" ", title).strip().casefold()


def entry_key(release: FoundRelease) -> str:
    """By what an entry is known in its source: its id, else its link, else all that it says. "" when it says nothing at all."""
    key = guid_key(release.guid) or url_key(release.url)
    if key:
        return key
    said = (title_key(release.title), str(release.released_on or ""), release.description)
    return f"text-{_digest(chr(10).join(said))}" if any(said) else ""


def entry_keys(release: FoundRelease) -> tuple[str, ...]:
    """The entry's own key first, then those of the entries that were joined into it."""
    own = entry_key(release)
    return (own, *(key for key in dict.fromkeys(map(guid_key, release.parts)) if key and key != own)) if release.parts else (own,)


def content_key(release: FoundRelease) -> str:
    """What stays when a site moves or renumbers: title and the link's path; the date too where the link leads to no page of its own.

    "" when the entry has none of them.
    """
    return _content_key(release.title, release.url, release.released_on)


@lru_cache(_KEPT)
def _content_key(title: str, url: str | None, day: date | None) -> str:
    title, own = title_key(title), _own_path(url)
    # A weekly "Live tonight" links to the same front page each time: only its date tells one from the next.
    return _digest(f"{title}\n{own or day}") if title or own else ""


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
        release.upc,
        release.isrc,
        release.availability,
        *filter(None, (release.player_url, release.audio_url)),  # without them the digest is as it was before there were any
    )
    return _digest("\x1f".join(map(repr, parts)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
