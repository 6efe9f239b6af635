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
_MOVED = (301, 302, 303, 307, 308)
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
        self.user_agent = user_agent
        self._max_bytes = max_bytes
        self._rules = Rules(resolve, connect, admitted, tls or public_tls(), connect_timeout, read_timeout, total_timeout)

    def admitting(self, places: frozenset[tuple[str, int]]) -> "Door":
        """A door that also reaches exactly these host:port on loopback, by http."""
        other = object.__new__(Door)
        other.user_agent, other._max_bytes = self.user_agent, self._max_bytes
        other._rules = replace(self._rules, admitted=self._rules.admitted | places)
        return other

    def admits(self, url: str) -> bool:
        """Whether this address is one of the admitted loopback places."""
        place = place_of(url)
        return place is not None and place.scheme == "http" and (place.host, place.port) in self._rules.admitted

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None, redirects: int = 5) -> Answer:
        """Fetch. Any HTTP status is an answer; ServiceError otherwise, InvalidInput for what is no public http(s) address.

        With redirects=0 a redirect is the answer. Each step is checked again; https never leads back to http.
        """
        ends = time.monotonic() + self._rules.total_timeout
        here, sent = self._checked(url), dict(headers or {})
        with self._session(max_bytes, lambda: ends) as session:
            for step in range(redirects + 1):
                answer = self._ask(session, requests.Request("GET", url, headers=sent), here, first=step == 0)
                target = urljoin(url, answer.headers.get("location", ""))
                if answer.status not in _MOVED or "location" not in answer.headers or redirects == 0:
                    return answer
                there = self._next(here, url, target)
                if (there.host, there.port) != (here.host, here.port):
                    sent = {name: value for name, value in sent.items() if name.lower() not in _OF_THE_FIRST_HOST}
                here, url = there, target
        raise ServiceError("%(host)s keeps sending us on from one address to the next.", kind="refused", host=here.host)

    def post(
        self, url: str, *, form: Mapping[str, str] | None = None, json: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form or JSON. Follows no redirect."""
        here = self._checked(url)
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
        adapter = Adapter(self._rules, self._max_bytes if max_bytes is None else max_bytes, ends)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def _checked(self, url: str) -> Place:
        place = place_of(url)
        if place is None:
            raise InvalidInput("This is not a web address. It should look like https://example.com/music.", field="address")
        if place.port in BAD_PORTS and not self.admits(url):
            raise InvalidInput("This address does not belong to a website, so it is not opened.", field="address")
        return place

    def _next(self, here: Place, url: str, target: str) -> Place:
        """Where a redirect leads, if we may go there."""
        there = place_of(target)
        strays = there is not None and (there.port in BAD_PORTS or (self.admits(target) and not self.admits(url)))
        if there is None or strays:
            raise ServiceError("%(host)s sends us on to an address that cannot be opened.", kind="refused", host=here.host)
        if here.scheme == "https" and there.scheme == "http":
            raise ServiceError("%(host)s sends us on to a page without encryption, which is not opened.", kind="refused", host=here.host)
        return there

    def _ask(self, session: requests.Session, request: requests.Request, here: Place, *, first: bool) -> Answer:
        try:
            response = session.send(session.prepare_request(request), allow_redirects=False)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
            raise InvalidInput("This is not a web address. It should look like https://example.com/music.", field="address") from error
        except requests.exceptions.RequestException as error:
            raise self._meaning(error, here.host, first) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.url or "", response.status_code, headers, response.content)

    def _meaning(self, error: requests.exceptions.RequestException, host: str, first: bool) -> InvalidInput | ServiceError:
        cause = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(cause, Private):
            if first:
                return InvalidInput("This address leads into a private network, so it is not opened.", field="address")
            return ServiceError("%(host)s leads into a private network, so it is not opened.", kind="refused", host=host)
        return meaning(error, host)


def meaning(error: Exception, host: str) -> ServiceError:
    """What a requests exception means: was anything sent, may it have happened?"""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(cause, NameResolutionError):
        return ServiceError("There is no server called %(host)s at the moment. Nothing was sent.", kind="unreached", host=host)
    if isinstance(cause, Untrusted):
        return ServiceError("%(host)s has no valid certificate, so nothing was sent.", kind="unreached", host=host)
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return ServiceError("%(host)s sends us on to another address instead of answering. Nothing was done.", kind="refused", host=host)
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(cause, ConnectTimeoutError):
        return ServiceError("%(host)s cannot be reached at the moment. Nothing was sent.", kind="unreached", host=host)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return ServiceError("%(host)s is not an address that can be called. Nothing was sent.", kind="refused", host=host)
    if isinstance(error, TooLarge):
        return ServiceError("%(host)s sends more than can be read: the answer is too large.", kind="unknown", host=host)
    if isinstance(error, requests.exceptions.ReadTimeout):
        return ServiceError("%(host)s took too long to answer.", kind="unknown", host=host)
    return ServiceError("The connection to %(host)s broke before the whole answer had arrived.", kind="unknown", host=host)
