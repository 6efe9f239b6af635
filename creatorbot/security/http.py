"""The one door through which we call outside: public addresses only, few redirects, bounded time and size."""

from collections.abc import Mapping
from dataclasses import dataclass

import requests


@dataclass(frozen=True)
class Answer:
    """One answer. address: the final one. headers: lower-case names. body: decoded, at most max_bytes."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Door:
    """SKELETON: being written."""

    def admitting(self, places: frozenset[tuple[str, int]]) -> "Door":
        """A door that also reaches exactly these host:port on loopback, by http."""
        raise NotImplementedError

    def admits(self, url: str) -> bool:
        """Whether this address is one of the admitted loopback places."""
        raise NotImplementedError

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None, redirects: int = 5) -> Answer:
        """Fetch. Any HTTP status is an answer; ServiceError otherwise, InvalidInput for what is no public http(s) address."""
        raise NotImplementedError

    def post(self, url: str, *, form: Mapping[str, str] | None = None, json: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form or JSON. Follows no redirect."""
        raise NotImplementedError

    def session(self, *, max_bytes: int | None = None) -> requests.Session:
        """A requests session for vendor libraries: same rules, no redirects, nothing from the environment, no retries."""
        raise NotImplementedError
