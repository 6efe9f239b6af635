"""One account's calls to graph.threads.net, through the door. Every failure is a ServiceError, and none of them holds the key."""

from collections.abc import Mapping

import requests

from creatorbot.networks.answers import Document, document, unreadable
from creatorbot.networks.base import Account
from creatorbot.networks.threads.answers import HOST, no_longer, refusal
from creatorbot.security.http import Door, meaning

TIMEOUT = (5, 25)  # seconds to connect, and to wait for an answer
VERSION = "v1.0"


def parted(token: str) -> tuple[str, int]:
    """The key, and when we had it renewed last (seconds since 1970; 0 for never)."""
    key, _, renewed = token.partition(" ")
    return key, int(renewed) if renewed.isdecimal() else 0


class Client:
    """Use it in one thread, for one job, and close it (it is a context manager)."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account = account
        self._key, self.renewed = parted(account.token)
        self._http = door.session()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, path: str, **about: str) -> Document:
        """A question (GET)."""
        return self._send("GET", f"{VERSION}/{path}", about)

    def tell(self, path: str, what: Mapping[str, str]) -> Document:
        """A wish (POST)."""
        return self._send("POST", f"{VERSION}/{path}", {}, what)

    def remove(self, path: str) -> Document:
        """Take something down (DELETE)."""
        return self._send("DELETE", f"{VERSION}/{path}", {})

    def about_key(self) -> Document:
        """What Meta knows of the key: whose, for what, until when."""
        return self._send("GET", f"{VERSION}/debug_token", {"access_token": self._key, "input_token": self._key})

    def renew(self) -> Document:
        """Another sixty days for the key, or for a new one in its place; the old one stays good until its time."""
        return self._send("GET", "refresh_access_token", {"grant_type": "th_refresh_token", "access_token": self._key})

    def _send(self, method: str, path: str, about: Mapping[str, str], form: Mapping[str, str] | None = None) -> Document:
        if not self._key:
            raise no_longer()
        try:
            # The key goes in a header: addresses end up in logs.
            answer = self._http.request(
                method,
                f"{self.account.base_url}/{path}",
                params=about,
                data=form,
                headers={"Accept": "application/json", "Authorization": f"Bearer {self._key}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.exceptions.RequestException as error:
            raise meaning(error, HOST) from None
        except ValueError:  # an odd redirect or header
            raise unreadable(HOST) from None
        found = document(answer.content)
        if answer.status_code >= 400 or (found is not None and "error" in found):
            raise refusal(answer.status_code, answer.content, {name.lower(): value for name, value in answer.headers.items()})
        if found is None or answer.status_code >= 300:
            raise unreadable(HOST)
        return found
