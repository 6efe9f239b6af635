"""The one door through which we call outside: public addresses only, few redirects, bounded time and size."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError

from creatorbot import __version__
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.security import failures
from creatorbot.security.addresses import BAD_PORTS, Place, place_of
from creatorbot.security.dial import (
    Adapter,
    Connect,
    Private,
    Resolve,
    Rules,
    TooLarge,
    Untrusted,
    connect_address,
    public_tls,
    resolve_name,
)

USER_AGENT = f"creatorbot/{__version__} (announces music releases; self-hosted)"
MOVED = (301, 302, 303, 307, 308)
_OF_THE_FIRST_HOST = ("authorization", "cookie")  # headers that do not follow a redirect to another place


@dataclass(frozen=True)
class Answer:
    """One answer. address: the final one. headers: lower-case names. body: decoded, at most max_bytes."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Door:
    """Calls outside. Safe to share between threads; holds no connection.

    A name is resolved once; of its addresses only public ones are dialled, exactly those that were checked. Loopback is reached
    only at an admitted host:port, by http. resolve, connect: how names are resolved and addresses dialled, so that a test can
    play hostile DNS. tls: trusted authorities. Times in seconds; total_timeout bounds a whole fetch with its redirects.
    Any port is dialled but those of mail, databases and the like (addresses.BAD_PORTS).
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve_name,
        connect: Connect = connect_address,
        admitted: frozenset[tuple[str, int]] = frozenset(),
        user_agent: str = USER_AGENT,
        tls: ssl.SSLContext | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 20,
        total_timeout: float = 45,
        max_bytes: int = 5_000_000,
    ) -> None:
        self.user_agent, self.max_bytes = user_agent, max_bytes
        self.rules = Rules(resolve, connect, admitted, tls or public_tls(), connect_timeout, read_timeout, total_timeout)

    def admitting(self, places: frozenset[tuple[str, int]]) -> "Door":
        """A door that also reaches exactly these host:port on loopback, by http."""
        other = object.__new__(Door)
        other.user_agent, other.max_bytes = self.user_agent, self.max_bytes
        other.rules = replace(self.rules, admitted=self.rules.admitted | places)
        return other

    def within(self, seconds: float) -> "Door":
        """The same door for somebody who waits: no fetch takes longer than this."""
        other = self.admitting(frozenset())
        other.rules = replace(self.rules, total_timeout=min(self.rules.total_timeout, max(seconds, 0.1)))
        return other

    def admits(self, url: str) -> bool:
        """Whether this address is one of the admitted loopback places."""
        place = place_of(url)
        return place is not None and place.scheme == "http" and (place.host, place.port) in self.rules.admitted

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None, redirects: int = 5) -> Answer:
        """Fetch. Any HTTP status is an answer; ServiceError otherwise, InvalidInput for what is no public http(s) address.

        With redirects=0 a redirect is the answer. Each step is checked again; https never leads back to http.
        """
        ends = time.monotonic() + self.rules.total_timeout
        here, sent = self.checked(url), dict(headers or {})
        with self._session(max_bytes, lambda: ends) as session:
            for step in range(redirects + 1):
                answer = self._ask(session, requests.Request("GET", url, headers=sent), here, first=step == 0)
                if answer.status not in MOVED or "location" not in answer.headers or redirects == 0:
                    return answer
                target = self.sent_on(url, answer.headers["location"])
                there = self.checked(target)
                if (there.host, there.port) != (here.host, here.port):
                    sent = {name: value for name, value in sent.items() if name.lower() not in _OF_THE_FIRST_HOST}
                here, url = there, target
        raise failures.going_round(here.host)

    def post(
        self, url: str, *, form: Mapping[str, str] | None = None, json: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form or JSON. Follows no redirect."""
        here = self.checked(url)
        with self._session(None, None) as session:
            request = requests.Request("POST", url, data=dict(form) if form is not None else None, json=json, headers=dict(headers or {}))
            return self._ask(session, request, here, first=True)

    def session(self, *, max_bytes: int | None = None) -> requests.Session:
        """A requests session for vendor libraries: same rules, no redirects, nothing from the environment, no retries.

        It raises requests' exceptions. A refused address is a ConnectionError that sent nothing; a redirect is TooManyRedirects.
        """
        session = self._session(max_bytes, None)
        session.max_redirects = 0
        return session

    def _session(self, max_bytes: int | None, ends: Callable[[], float] | None) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers.update({"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"})
        adapter = Adapter(self.rules, self.max_bytes if max_bytes is None else max_bytes, ends)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def checked(self, url: str) -> Place:
        """Where this address leads. Raises InvalidInput for what is no http(s) address of a website."""
        place = place_of(url)
        if place is None:
            raise failures.no_address()
        if place.port in BAD_PORTS and not self.admits(url):
            raise failures.no_website()
        return place

    def sent_on(self, url: str, location: str) -> str:
        """The address a redirect leads to, if we may go there. Raises ServiceError of kind "refused"."""
        here, target = self.checked(url), _joined(url, location)
        there = place_of(target)
        # A stranger must not send us to a place on this machine, nobody to where no website lives.
        if there is None or (not self.admits(url) if self.admits(target) else there.port in BAD_PORTS):
            raise failures.leads_astray(here.host)
        if here.scheme == "https" and there.scheme == "http":
            raise failures.leads_into_the_open(here.host)
        return target

    def _ask(self, session: requests.Session, request: requests.Request, here: Place, *, first: bool) -> Answer:
        try:
            response = session.send(session.prepare_request(request), allow_redirects=False)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
            raise failures.no_address() from error
        except requests.exceptions.RequestException as error:
            raise self._meaning(error, here.host, first) from error
        except ValueError as error:  # requests looks at where a redirect leads although it shall not follow it
            raise failures.leads_astray(here.host) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.url or "", response.status_code, headers, response.content)

    def _meaning(self, error: requests.exceptions.RequestException, host: str, first: bool) -> InvalidInput | ServiceError:
        cause = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(cause, Private):
            return failures.private(host, first=first)
        return meaning(error, host)


def meaning(error: Exception, host: str) -> ServiceError:
    """What a requests exception means: was anything sent, may it have happened?"""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(cause, NameResolutionError):
        return failures.no_server(host)
    if isinstance(cause, Untrusted):
        return failures.untrusted(host)
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return failures.sent_on(host)
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(cause, ConnectTimeoutError):
        return failures.unreached(host)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return failures.no_call(host)
    if isinstance(error, TooLarge):
        return failures.too_large(host)
    if isinstance(error, requests.exceptions.ReadTimeout):
        return failures.too_slow(host)
    return failures.broken(host)


def _joined(url: str, location: str) -> str:
    try:
        location = location.encode("latin-1").decode("utf-8")  # as browsers read it
    except UnicodeError:
        pass
    try:
        return urljoin(url, location)
    except ValueError:  # "http://[" and the like
        return ""
