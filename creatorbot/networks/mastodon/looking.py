"""Finding our own status again, by its marker or its id, and telling "it is not there" from "nobody can say"."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Published
from creatorbot.networks.mastodon.client import Client, utc
from creatorbot.networks.mastodon.statuses import carries, id_of, published

_SLACK = timedelta(minutes=10)
_PAGES = 10
_PAGE = 40


def find(client: Client, marker: str, since: datetime) -> Published | None:
    """Our own status with this marker; None only when the listing was read back to ten minutes before `since`."""
    for status, earliest in _own(client, since - _SLACK):
        made = utc(part(status, "created_at"))
        if carries(status, marker) and (made is None or made >= earliest):
            return published(status, client.host)
    return None


def _own(client: Client, since: datetime) -> Iterator[tuple[object, datetime]]:
    """The account's own statuses, newest first, until one page ends before `since` by that server's clock."""
    last: str | None = None
    for _ in range(_PAGES):
        found: object = client.call(
            lambda before=last: client.api.account_statuses(  # type: ignore[misc]
                client.account.remote_id, exclude_reblogs=True, limit=_PAGE, max_id=before
            )
        )
        if not isinstance(found, list):
            raise unreadable(client.host)
        if not found:
            if last is None:
                _known(client)
            return
        earliest = since - client.behind()
        for status in found:
            yield status, earliest
        made, oldest = utc(part(found[-1], "created_at")), id_of(found[-1], client.host)
        if made is not None and made < earliest:
            return
        if oldest == last:
            break
        last = oldest
    raise ServiceError("The posts on %(host)s could not be looked through far enough.", kind="unknown", host=client.host)


def _known(client: Client) -> None:
    """An empty list may mean anything where a server does not even say whose permission this is: one answers everything with []."""
    if part(client.call(client.api.account_verify_credentials), "id") is None:
        raise unreadable(client.host)


def get(client: Client, remote_id: str) -> Published | None:
    """The status by its id; None when the server itself says that there is none."""
    try:
        return published(client.call(lambda: client.api.status(remote_id)), client.host)
    except ServiceError as error:
        if is_absent(client, error):
            return None
        raise


def is_absent(client: Client, error: ServiceError) -> bool:
    """Whether this answer to a question for one status says that there is none.

    A page of 404 comes from a machine in front of the server and proves nothing. A JSON answer without an error in it may come from
    either: then the server is asked who we are, and if it knows, it is the status that is missing.
    """
    if error.status == 410:
        return True
    told = client.told()
    if error.status != 404 or told is None:
        return False
    if text(part(told, "error")):
        return True
    try:
        return part(client.call(client.api.account_verify_credentials), "id") is not None
    except ServiceError:
        return False
