"""From what a person typed to a page we can read; and from a list to the pages of its entries."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.releases.keys import guid_key, url_key
from creatorbot.releases.polling.looking import Look, fetch, read
from creatorbot.releases.polling.searching import Search, search
from creatorbot.releases.polling.typed import typed_address
from creatorbot.security.http import Door
from creatorbot.sources import REGISTRY
from creatorbot.sources.base import FoundRelease, Note, Reading
from creatorbot.sources.discovery import is_webfinger
from creatorbot.wording import N_

__all__ = ["Found", "details_of", "find", "follow", "gather", "typed_address"]

_AS_IT_IS = N_("This address can be read as it is: %(kind)s.")
_BANDCAMP = N_("This is a Bandcamp page. Bandcamp offers no feed, so we look at the page itself.")
_BANDCAMP_ONE = N_("This is the Bandcamp page of one release: what changes on it is seen, other releases are not.")
_BANDCAMP_LIST = N_("We found the list of all releases of this Bandcamp artist.")
_BANDCAMP_LABEL = N_("This is the Bandcamp page of a label: we look at the pages of its artists.")
_INSTEAD = N_("This feed says that it lives at another address now, and we found it there.")
_MOST_MEMBERS = 10
_SECONDS_FOR_MEMBERS = 15.0


@dataclass(frozen=True)
class Found:
    """A readable address. address: where to look from now on. how: a sentence that says how we got there from what was typed."""

    address: str
    look: Look
    reading: Reading
    how: Note


def find(door: Door, address: str) -> Found:
    """The page at this address, or the feed it has, or the list of releases beside it.

    After the page itself at most six more are fetched, within fifteen seconds. Raises InvalidInput or ServiceError with a sentence when
    there is nothing to read. A robot check is a reading with that state.
    """
    looking = Search(door)
    if is_webfinger(address):
        address = looking.account_page(address)
    look = fetch(door, address)
    try:
        reading = read(look.page)
    except InvalidInput:
        answered = search(looking, look)
        return _instead(looking, Found(answered.look.moved_to or answered.address, answered.look, answered.reading, answered.how))
    found = Found(look.moved_to or address, look, reading, _as_it_is(reading))
    if reading.source == "bandcamp":
        return _beside(looking, found) or _with_members(door, found)
    return _instead(looking, found)


def _as_it_is(reading: Reading) -> Note:
    if reading.source != "bandcamp":
        return Note(_AS_IT_IS, {"kind": REGISTRY[reading.source].label})
    return Note(_BANDCAMP_ONE if reading.releases and not reading.follow else _BANDCAMP)


def _instead(looking: Search, found: Found) -> Found:
    """A feed may name another address where it lives from now on. Taken only when it really is there."""
    there = found.reading.followed_by
    answered = looking.readable(there) if there and there != found.address else None
    if answered is None or answered[1].state == "robot_check":
        return found
    look, reading = answered
    return Found(look.moved_to or there, look, reading, Note(_INSTEAD))


def _beside(looking: Search, found: Found) -> Found | None:
    """An artist's front page may show one release only, a label's its artists: the list of releases is at /music."""
    reading, page = found.reading, found.look.page
    front = urlsplit(page.address).path in ("", "/")
    if (reading.follow and reading.releases) or not (front or (reading.follow and not reading.releases)):
        return None
    answered = looking.readable(urljoin(page.address, "/music"))
    if answered is None or not answered[1].releases:
        return None
    look, other = answered
    return Found(look.moved_to or look.page.address, look, other, Note(_BANDCAMP_LIST))


def _with_members(door: Door, found: Found) -> Found:
    reading = gather(door, found.reading)
    return replace(found, reading=reading, how=Note(_BANDCAMP_LABEL) if reading.gathered else found.how)


def gather(door: Door, reading: Reading, *, most: int = _MOST_MEMBERS, seconds: float = _SECONDS_FOR_MEMBERS) -> Reading:
    """The releases of a label whose own page lists only its artists: from the artists' lists, at most `most`, in about `seconds`.

    Any other reading is given back as it is. What could not be read this time is not there, which is no sign that it is gone. The page
    itself may stay the same while an artist's list grows: for such a reading (see `Reading.gathered`), ask anew each time.
    """
    if reading.source != "bandcamp" or reading.releases or not reading.follow or reading.gathered:
        return reading
    releases: dict[str, FoundRelease] = {}
    follow: dict[str, None] = {}
    ends = time.monotonic() + seconds
    for address in reading.follow[:most]:
        if time.monotonic() > ends:
            break
        try:
            member = read(fetch(door.within(ends - time.monotonic()), address).page)
        except CreatorbotError as error:
            if isinstance(error, ServiceError) and (error.kind == "busy" or error.status == 403):
                break
            continue
        if member.state == "robot_check":
            break
        for release in member.releases:
            releases.setdefault(release.guid, release)
        follow |= dict.fromkeys(member.follow)
    if not releases:
        return replace(reading, gathered=True)
    return replace(reading, releases=tuple(releases.values()), follow=tuple(follow), state="ok", gathered=True)


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
    """The release on its own page: the one with this guid, else at this address; None when the page is a list or a feed.

    Raises ServiceError or InvalidInput; a robot check is a ServiceError of kind "busy": come back later.
    """
    reading = read(fetch(door, address).page)
    if reading.state == "robot_check":
        raise ServiceError(reading.notes[0].message, kind="busy")
    if reading.source != "bandcamp" or len(reading.releases) != 1:
        return None
    release = reading.releases[0]
    return release if guid_key(release.guid) == guid_key(guid) or url_key(release.url) == url_key(address) else None
