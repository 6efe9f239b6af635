"""From what a person typed to a page we can read; and from a list to the pages of its entries."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.releases.keys import guid_key, url_key
from creatorbot.releases.polling.looking import Look, fetch, read
from creatorbot.security.http import Door
from creatorbot.sources.base import FoundRelease, Reading
from creatorbot.sources.feed_link import feed_address
from creatorbot.sources.plain import web_address


@dataclass(frozen=True)
class Found:
    """A readable address. address: where to look from now on."""

    address: str
    look: Look
    reading: Reading


def typed_address(typed: str) -> str:
    """The web address a person meant: "aoife.bandcamp.com" is one. Raises InvalidInput with what to write instead."""
    text = typed.strip()
    address = web_address(text if "://" in text else "https://" + text) if text else None
    host = (urlsplit(address).hostname or "") if address else ""
    if address is None or ("." not in host and ":" not in host):
        raise InvalidInput("This is not a web address. It should look like https://example.com/music.", field="address")
    parts = urlsplit(address)._replace(fragment="")
    if host.endswith(".bandcamp.com") and parts.path in ("", "/"):
        parts = parts._replace(path="/music", query="")
    return urlunsplit(parts)


def find(door: Door, address: str) -> Found:
    """The page at this address, or the feed it names, or the list of releases beside it: one step, no more.

    Raises InvalidInput or ServiceError with a sentence when there is nothing to read. A robot check is a reading with that state.
    """
    look = fetch(door, address)
    try:
        reading = read(look.page)
    except InvalidInput:
        there = feed_address(look.page)
        if there is None:
            raise
        return _readable(door, there)
    return _beside(door, look, reading) or Found(look.moved_to or address, look, reading)


def _readable(door: Door, address: str) -> Found:
    look = fetch(door, address)
    return Found(look.moved_to or address, look, read(look.page))


def _beside(door: Door, look: Look, reading: Reading) -> Found | None:
    """An artist's front page may show one release only, a label's its artists: the list of releases is at /music."""
    front = urlsplit(look.page.address).path in ("", "/")
    if reading.source != "bandcamp" or not (front or (reading.follow and not reading.releases)):
        return None
    if reading.follow and reading.releases:
        return None
    try:
        other = _readable(door, urljoin(look.page.address, "/music"))
    except CreatorbotError:
        return None
    return other if other.reading.releases else None


def follow(door: Door, reading: Reading, wanted: Sequence[FoundRelease], *, most: int, seconds: float) -> dict[str, FoundRelease]:
    """What the wanted entries' own pages say, by the guid they are listed under. At most `most` pages and about `seconds`.

    Stops at the first robot check or "come back later": what is not learned now stays unknown, never wrong.
    """
    allowed, details, ends = set(reading.follow), dict[str, FoundRelease](), time.monotonic() + seconds
    for release in [one for one in wanted if one.url in allowed][:most]:
        if time.monotonic() > ends:
            break
        try:
            detail = details_of(door, release.url or "", release.guid)
        except ServiceError as error:
            if error.kind == "busy" or error.status == 403:
                break
            continue
        except InvalidInput:
            continue
        if detail:
            details[release.guid] = detail
    return details


def details_of(door: Door, address: str, guid: str) -> FoundRelease | None:
    """The release on its own page: the one with this guid, else at this address. Raises ServiceError or InvalidInput.

    A robot check is a ServiceError of kind "busy": come back later.
    """
    reading = read(fetch(door, address).page)
    if reading.state == "robot_check":
        raise ServiceError(reading.notes[0].message, kind="busy")
    if reading.source == "feed":
        return None
    matching = [one for one in reading.releases if guid_key(one.guid) == guid_key(guid) or url_key(one.url) == url_key(address)]
    return matching[0] if matching else None
