"""One account's calls. The whole interface is one shape: a document posted to /api/NAME, the permission inside it as `i`."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from creatorbot.clock import now
from creatorbot.errors import ServiceError
from creatorbot.networks.answers import host_of, part, unreadable
from creatorbot.networks.base import Account
from creatorbot.networks.misskey.profiles import profile
from creatorbot.networks.misskey.refusals import refusal
from creatorbot.security.http import Door, meaning

TIMEOUT = (5, 30)  # seconds to connect, and to wait for an answer
UPLOAD_TIMEOUT = (5, 90)


class Client:
    """Use it in one thread, for one job, and close it (it is a context manager)."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account, self.profile = account, profile(account.software)
        self.host = host_of(account.base_url)
        self._session = door.session()
        self._date = ""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, call: str, **given: object) -> object:
        """The answer to one call; None for an empty one. Raises ServiceError for every failure."""
        return self._send(call, {"json": {"i": self.account.token, **given}, "timeout": TIMEOUT})

    def upload(self, call: str, filename: str, body: bytes, mime: str, **given: str) -> object:
        """The same with a file."""
        fields = {"i": self.account.token, **given}
        return self._send(call, {"data": fields, "files": {"file": (filename, body, mime)}, "timeout": UPLOAD_TIMEOUT})

    def behind(self) -> timedelta:
        """How far that server's clock is behind ours, by its last answer; zero when it is ahead or does not say."""
        try:
            said = parsedate_to_datetime(self._date)
        except (ValueError, TypeError):
            return timedelta()
        return max(timedelta(), now() - (said if said.tzinfo else said.replace(tzinfo=UTC)))

    def _send(self, call: str, given: dict[str, object]) -> object:
        try:
            response = self._session.post(
                f"{self.account.base_url}/api/{call}",
                headers={"Accept": "application/json"},
                allow_redirects=False,
                **given,  # type: ignore[arg-type]
            )
        except requests.exceptions.RequestException as error:
            raise meaning(error, self.host) from error
        except ValueError as error:  # requests looks at where a redirect leads although it shall not follow it
            raise unreadable(self.host) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        self._date = headers.get("date", "")
        return _read(self.host, response.status_code, headers, response.content)


def _read(host: str, status: int, headers: dict[str, str], body: bytes) -> object:
    try:
        found: object = json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        found = body
    if 300 <= status < 400:
        raise ServiceError(
            "%(host)s sends us on to another address instead of answering. Nothing was done.", kind="refused", status=status, host=host
        )
    if status >= 400 or status == 202 or part(found, "error") is not None:
        raise refusal(host, status, found, headers)
    if isinstance(found, bytes):
        raise unreadable(host)
    return found


def moment(value: object) -> datetime | None:
    """A moment as these servers write it, aware and in UTC; None when it cannot be read."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
