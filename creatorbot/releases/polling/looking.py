"""One look at an address: fetch it through the door, say what went wrong in a sentence, hand the page to its reader."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from creatorbot.clock import now
from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.releases.polling.schedule import retry_after
from creatorbot.security import failures
from creatorbot.security.http import MOVED, Answer, Door
from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_page import is_challenge
from creatorbot.sources.base import Fetched, Reading
from creatorbot.sources.robot_check import robot_check

log = logging.getLogger(__name__)
PAGE_BYTES = 5_000_000
_MOST_HOPS = 5
_FOREVER = (301, 308)
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "text/html;q=0.7, application/json;q=0.6, */*;q=0.5"
)


@dataclass(frozen=True)
class Look:
    """What came back. moved_to: the address it lives at for good, when every step there said so."""

    page: Fetched
    moved_to: str | None = None


@dataclass
class Trail:
    """The way from an address to its page, redirect by redirect. here: what to fetch next."""

    door: Door
    address: str
    here: str = ""
    _forever: bool = True
    _left: int = field(default=_MOST_HOPS)

    def __post_init__(self) -> None:
        self.here = self.here or self.address

    def follow(self, answer: Answer) -> bool:
        """Whether this answer sends us on; then `here` is where to. Raises ServiceError when we do not go there."""
        there = answer.headers.get("location", "")
        if answer.status not in MOVED or not there:
            return False
        if not self._left:
            raise failures.going_round(_host(self.address))
        self._left -= 1
        self._forever = self._forever and answer.status in _FOREVER
        self.here = self.door.sent_on(self.here, there)
        return True

    def look(self, answer: Answer) -> Look:
        """The page at the end of it."""
        page = Fetched(answer.address, answer.body, answer.status, answer.headers)
        return Look(page, answer.address if self._forever and self.here != self.address else None)


def asked_with(headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers a page is asked for with."""
    return {"Accept": _ACCEPT, **(headers or {})}


def fetch(door: Door, address: str, headers: Mapping[str, str] | None = None) -> Look:
    """The page at this address, whatever its status. Follows up to five redirects and notices permanent ones.

    Raises InvalidInput for what is no public web address, ServiceError when nothing came back.
    """
    trail, asked = Trail(door, address), asked_with(headers)
    while True:
        answer = door.get(trail.here, headers=asked, max_bytes=PAGE_BYTES, redirects=0)
        if not trail.follow(answer):
            return trail.look(answer)


def read(page: Fetched) -> Reading:
    """What the page says. Raises ServiceError for an unhappy status, InvalidInput for what cannot be read."""
    if not is_challenge(page.body):
        asked_for_proof = robot_check(page, _host(page.address))
        if asked_for_proof:
            return Reading("feed", notes=(asked_for_proof,), state="robot_check")
        complain(page)
    try:
        return read_page(page)
    except CreatorbotError:
        raise
    except Exception as error:  # a page that our readers did not foresee must not stop the others
        log.exception("a page could not be read")
        raise no_sense() from error


def blocked(reading: Reading) -> ServiceError:
    """What to say to a person when a page asks for a human instead of being read."""
    error = ServiceError(reading.notes[0].message, kind="refused")
    error.values = dict(reading.notes[0].values)
    return error


def no_sense() -> InvalidInput:
    """A page that none of our readers foresaw."""
    return InvalidInput("We could not make sense of this page.", field="address")


def complain(page: Fetched) -> None:
    """Raises ServiceError with a sentence unless the status is a plain success."""
    if page.status == 200:
        return
    host, wait, status = _host(page.address), retry_after(page.headers, now()), page.status
    if status == 404:
        raise ServiceError("There is no page at this address on %(host)s.", kind="refused", status=status, host=host)
    if status == 410:
        raise ServiceError("%(host)s says that this page is gone for good.", kind="refused", status=status, host=host)
    if status == 403:
        raise ServiceError("%(host)s does not let us read this page.", kind="refused", status=status, host=host)
    if status == 401:
        raise ServiceError("%(host)s shows this page only to people who are logged in there.", kind="refused", status=status, host=host)
    if status == 451:
        raise ServiceError("%(host)s may not show this page for legal reasons.", kind="refused", status=status, host=host)
    if status in (429, 503):
        raise ServiceError("%(host)s is busy and asks us to come back later.", kind="busy", retry_after=wait, status=status, host=host)
    if status >= 500:
        raise ServiceError("%(host)s has a problem of its own at the moment.", status=status, retry_after=wait, host=host)
    raise ServiceError("%(host)s did not give us this page (answer %(number)d).", kind="refused", status=status, host=host, number=status)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address[:80]
