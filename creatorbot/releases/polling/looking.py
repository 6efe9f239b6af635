"""One look at an address: fetch it through the door, say what went wrong in a sentence, hand the page to its reader."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.security.http import Door
from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_page import is_challenge
from creatorbot.sources.base import Fetched, Reading

log = logging.getLogger(__name__)
PAGE_BYTES = 5_000_000
_MOST_HOPS = 5
_FOREVER = (301, 308)
_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/html;q=0.7, */*;q=0.5"


@dataclass(frozen=True)
class Look:
    """What came back. moved_to: the address it lives at for good, when every step there said so."""

    page: Fetched
    moved_to: str | None = None


def fetch(door: Door, address: str, headers: Mapping[str, str] | None = None) -> Look:
    """The page at this address, whatever its status. Follows up to five redirects and notices permanent ones.

    Raises InvalidInput for what is no public web address, ServiceError when nothing came back.
    """
    asked = {"Accept": _ACCEPT, **(headers or {})}
    here, forever = address, True
    for _ in range(_MOST_HOPS + 1):
        answer = door.get(here, headers=asked, max_bytes=PAGE_BYTES, redirects=0)
        there = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not there:
            page = Fetched(answer.address, answer.body, answer.status, answer.headers)
            return Look(page, answer.address if forever and here != address else None)
        forever = forever and answer.status in _FOREVER
        here = _next(door, here, there)
    raise ServiceError("%(host)s keeps sending us from one address to the next.", kind="refused", host=_host(address))


def _next(door: Door, here: str, there: str) -> str:
    target = urljoin(here, there)
    if door.admits(target) and not door.admits(here):
        raise ServiceError("%(host)s sends us on to an address that cannot be opened.", kind="refused", host=_host(here))
    if here.startswith("https:") and not target.startswith("https:"):
        raise ServiceError("%(host)s sends us on to a page without encryption, which is not opened.", kind="refused", host=_host(here))
    return target


def read(page: Fetched) -> Reading:
    """What the page says. Raises ServiceError for an unhappy status, InvalidInput for what cannot be read."""
    if not is_challenge(page.body):
        complain(page)
    try:
        return read_page(page)
    except CreatorbotError:
        raise
    except Exception as error:  # a page that our readers did not foresee must not stop the others
        log.exception("a page could not be read")
        raise InvalidInput("We could not make sense of this page.", field="address") from error


def complain(page: Fetched) -> None:
    """Raises ServiceError with a sentence unless the status is a plain success."""
    if page.status == 200:
        return
    host, wait = _host(page.address), retry_after(page.headers)
    if page.status == 404:
        raise ServiceError("There is no page at this address on %(host)s.", kind="refused", status=404, host=host)
    if page.status == 410:
        raise ServiceError("%(host)s says that this page is gone for good.", kind="refused", status=410, host=host)
    if page.status in (401, 403):
        raise ServiceError(
            "%(host)s shows this page only to people who are logged in there.", kind="refused", status=page.status, host=host
        )
    if page.status in (429, 503):
        raise ServiceError("%(host)s is busy and asks us to come back later.", kind="busy", retry_after=wait, status=page.status, host=host)
    if page.status >= 500:
        raise ServiceError("%(host)s has a problem of its own at the moment.", status=page.status, retry_after=wait, host=host)
    raise ServiceError(
        "%(host)s did not give us this page (answer %(number)d).", kind="refused", status=page.status, host=host, number=page.status
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from the Retry-After header: a number, or a date."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(min(int(told[:9]), 7 * 86_400))
    try:
        when = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address[:80]
