"""Mastodon.py, made safe: one client for one account and one job, and one meaning for each of its many exceptions.

Pinned in requirements; what it does in each case was tried: a version must be given or it may ask for the instance without end
(halcy/Mastodon.py#450), it must throw at the rate limit or it sleeps, and it calls some failures a success.
"""

import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import requests
from mastodon import Mastodon as Api
from mastodon.errors import MastodonIllegalArgumentError, MastodonNetworkError, MastodonVersionError, MastodonWarning
from mastodon.return_types import MediaAttachment, Status

from creatorbot.clock import now
from creatorbot.errors import ServiceError
from creatorbot.networks.answers import Document, document, host_of, patience, unreadable
from creatorbot.networks.base import Account, Profile
from creatorbot.networks.mastodon.answers import refusal, words_of
from creatorbot.security.http import Door, meaning

TIMEOUT = (5, 30)  # seconds to connect, and to wait for an answer
T = TypeVar("T")

warnings.simplefilter("ignore", MastodonWarning)


class Client:
    """One account's connection. Use it in one thread, for one job, and close it (it is a context manager)."""

    def __init__(self, account: Account, profile: Profile, door: Door) -> None:
        self.account, self.profile = account, profile
        self.host = host_of(account.base_url)
        self._last: requests.Response | None = None
        self._session = door.session()
        self._session.headers["Accept"] = "application/json"  # without it one server answers what it does not like with a redirect
        self._session.hooks["response"].append(self._remember)
        self.api = Api(
            api_base_url=account.base_url,
            version_check_mode="created" if profile.media_v2 else "none",
            mastodon_version="4.4.0" if profile.media_v2 else "4.0.0",
            ratelimit_method="throw",
            request_timeout=TIMEOUT,  # type: ignore[arg-type]  # handed on to requests, which takes the pair
            session=self._session,
            user_agent=door.user_agent,
        )
        self.api.access_token = account.token  # not an argument above: that one is also tried as the name of a file

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def call(self, act: Callable[[], T]) -> T:
        """Do one thing there. Raises ServiceError for every failure; the library also trips over odd answers, which are "unknown"."""
        self._last = None
        try:
            return act()
        except Exception as error:
            raise self._meaning(error) from error

    def send(
        self, method: str, path: str, fields: Mapping[str, object], *, key: str = "", files: Mapping[str, object] | None = None
    ) -> object:
        """Write to one address there: as JSON where the profile says so, else as a form. Answers with a status, or with a file's."""
        as_json = self.profile.speaks_json and files is None
        # What all of the library's own calls come down to; those fix the body and the fields for us.
        return self.call(
            lambda: self.api._Mastodon__api_request(  # type: ignore[attr-defined]
                method,
                path,
                dict(fields) if as_json else as_form(fields),
                files=dict(files or {}),
                headers={"Idempotency-Key": key} if key else {},
                use_json=as_json,
                override_type=Status if files is None else MediaAttachment,
            )
        )

    def told(self) -> Document | None:
        """The JSON object in the last answer, also of a refusal; None when it was something else."""
        return document(self._last.content) if self._last is not None else None

    def behind(self) -> timedelta:
        """How far that server's clock is behind ours, by its last answer; zero when it is ahead or does not say."""
        try:
            said = parsedate_to_datetime(self._last.headers["Date"]) if self._last is not None else now()
        except (KeyError, ValueError, TypeError):
            return timedelta()
        return max(timedelta(), now() - (said if said.tzinfo else said.replace(tzinfo=UTC)))

    def _remember(self, response: requests.Response, **_: object) -> None:
        self._last = response

    def _meaning(self, error: Exception) -> ServiceError:
        """By the answer itself where there was one, not by the exception: a bad rate limit header raises "rate limit" on a success."""
        if isinstance(error, MastodonNetworkError):
            cause = error.__context__
            return meaning(cause, self.host) if isinstance(cause, Exception) else unreadable(self.host)
        if self._last is None:
            if isinstance(error, MastodonIllegalArgumentError | MastodonVersionError | ValueError):
                return ServiceError("This cannot be sent to %(host)s as it is.", kind="refused", host=self.host)
            return unreadable(self.host)
        if self._last.status_code < 400:
            return unreadable(self.host)
        said = words_of(self.told())
        headers = {name.lower(): value for name, value in self._last.headers.items()}
        return refusal(self.host, self._last.status_code, said, patience(headers))


def as_form(fields: Mapping[str, object], inside: str = "") -> dict[str, object]:
    """Fields of JSON as a form has them: lists and what is inside by brackets, yes and no as 1 and 0."""
    form: dict[str, object] = {}
    for name, value in fields.items():
        here = f"{inside}[{name}]" if inside else name
        if isinstance(value, Mapping):
            form |= as_form(value, here)
        elif isinstance(value, list | tuple):
            form[f"{here}[]"] = [str(one) for one in value]
        else:
            form[here] = str(int(value)) if isinstance(value, bool) else str(value)
    return form


def utc(value: object) -> datetime | None:
    """A moment as the library gives it, aware and in UTC; None when it could not be read."""
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
