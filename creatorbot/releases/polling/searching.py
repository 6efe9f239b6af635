"""Looking for the feed of a web page: where the page says, where its software keeps it, what the server says it runs. Bounded."""

import time
from dataclasses import dataclass, field

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.releases.polling.looking import Look, complain, fetch, read
from creatorbot.security.http import Door
from creatorbot.sources.base import Fetched, Note, Reading
from creatorbot.sources.discovery import (
    Candidate,
    candidates,
    nodeinfo_address,
    nodeinfo_place,
    nodeinfo_software,
    profile_of,
    usual_candidates,
)
from creatorbot.sources.discovery_paths import how_found, software_of
from creatorbot.wording import N_

_MOST = 6
_SECONDS = 15.0
_MOST_NAMED = 3  # leaves requests for asking the server what it runs
_NO_ACCOUNT = N_("There is no account of this name on %(host)s. It should look like @name@server.")
_NOTHING = N_(
    "We found no feed here: the page names none, and none of the %(count)d other places we looked at has one. "
    "Look on your site for a link called RSS, Feed or Podcast, and paste its address."
)


@dataclass(frozen=True)
class Answered:
    """A candidate that can be read."""

    address: str
    look: Look
    reading: Reading
    how: Note


@dataclass
class Search:
    """Somebody waits: six fetches and fifteen seconds in all. Nothing on loopback is fetched because a page from outside named it."""

    door: Door
    left: int = _MOST
    ends: float = field(default_factory=lambda: time.monotonic() + _SECONDS)
    trouble: CreatorbotError | None = None

    def look(self, address: str) -> Look | None:
        """What is at this address; None when the search is over, or nothing came back. The first trouble is kept, to be told."""
        remaining = self.ends - time.monotonic()
        if self.left <= 0 or remaining <= 0:
            return None
        self.left -= 1
        try:
            return fetch(self.door.within(remaining), address)
        except CreatorbotError as error:
            self.trouble = self.trouble or error
            return None

    def readable(self, address: str) -> tuple[Look, Reading] | None:
        """What is at this address, read; None when it cannot be."""
        look = self.look(address)
        if look is None:
            return None
        try:
            return look, read(look.page)
        except CreatorbotError as error:
            self.trouble = self.trouble or error
            return None

    def account_page(self, address: str) -> str:
        """The page of an account, as its server's webfinger tells. Raises InvalidInput or ServiceError with a sentence."""
        look = fetch(self.door.within(max(self.ends - time.monotonic(), 1.0)), address)
        host = address.split("/")[2]
        if look.page.status in (400, 404, 410):
            raise InvalidInput(_NO_ACCOUNT, field="address", host=host)
        complain(look.page)
        there = profile_of(look.page)
        if there is None or self.strays(there, address):
            raise InvalidInput(_NO_ACCOUNT, field="address", host=host)
        return there

    def first(self, page: Fetched, places: tuple[Candidate, ...], most: int) -> Answered | None:
        """The first of these that has entries, else the first that can be read."""
        empty: Answered | None = None
        for place in places[:most]:
            address = _as_safe(place.address, page.address)
            if self.strays(address, page.address):
                continue
            before = self.trouble
            answered = self.readable(address)
            if not place.named:
                self.trouble = before  # that a guess was wrong is no trouble
            if answered is None or answered[1].state == "robot_check":
                continue
            found = Answered(address, *answered, place.how)
            if found.reading.releases:
                return found
            empty = empty or found
        return empty

    def strays(self, address: str, page_address: str) -> bool:
        """Whether a page from outside points into a practice server on this machine."""
        return self.door.admits(address) and not self.door.admits(page_address)


def search(looking: Search, look: Look) -> Answered:
    """The feed of a page that cannot be read itself. Raises InvalidInput or ServiceError that says what was tried."""
    page = look.page
    named = candidates(page)
    found = looking.first(page, named, _MOST_NAMED if not software_of(page) else _MOST)
    if found is None and not software_of(page):
        told = _ask_server(looking, page)
        found = looking.first(page, _new(candidates(page, told), named), _MOST) if told and how_found(told) else None
        found = found or looking.first(page, _new(usual_candidates(page), named), _MOST)
    if found is not None:
        return found
    if isinstance(looking.trouble, ServiceError):
        raise looking.trouble
    raise InvalidInput(_NOTHING, field="address", count=_MOST - looking.left)


def _new(places: tuple[Candidate, ...], tried: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    known = {one.address for one in tried}
    return tuple(place for place in places if place.address not in known)


def _ask_server(looking: Search, page: Fetched) -> str:
    """Which software the server says it runs (NodeInfo)."""
    before = looking.trouble
    place = looking.look(nodeinfo_place(page.address))
    there = nodeinfo_address(place.page) if place and place.page.status == 200 else None
    told = looking.look(there) if there and not looking.strays(there, page.address) else None
    looking.trouble = before  # most sites run nothing that would tell
    return nodeinfo_software(told.page) if told and told.page.status == 200 else ""


def _as_safe(address: str, page_address: str) -> str:
    """Sites behind an encrypting front name their feeds without it: encryption is kept."""
    if page_address.startswith("https:") and address.startswith("http:"):
        return "https:" + address.removeprefix("http:")
    return address
