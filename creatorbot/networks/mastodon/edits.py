"""Changing a status that is out: look first, keep its pictures, and see whether it then says what was asked."""

from urllib.parse import quote

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Published
from creatorbot.networks.mastodon.client import Client
from creatorbot.networks.mastodon.looking import get, is_absent
from creatorbot.networks.mastodon.statuses import carries, confirmed, published, squeezed, words

_NO_SUCH_CALL = (404, 405, 410, 501)


def edit(client: Client, draft: Draft, remote_id: str) -> Published:
    """See the port's `edit`."""
    there = _there(client, remote_id)
    if _says(client, there, draft):
        return _compared(client, there, there, draft)
    try:
        changed = _send(client, draft, remote_id, there)
    except ServiceError as error:
        if error.status in _NO_SUCH_CALL:
            raise _not_possible(client, remote_id) from error
        raise confirmed(client, error) from error
    return _compared(client, there, changed, draft)


def _there(client: Client, remote_id: str) -> object:
    """The status as it stands."""
    try:
        found: object = client.call(lambda: client.api.status(remote_id))
    except ServiceError as error:
        if is_absent(client, error):
            raise _gone(client) from error
        if error.status == 404:
            raise unreadable(client.host) from error
        raise confirmed(client, error) from error
    published(found, client.host)  # raises for what is no status
    return found


def _send(client: Client, draft: Draft, remote_id: str, there: object) -> object:
    """The change itself. What is not named again is dropped by most servers: pictures, and the mark that they are sensitive."""
    attached = part(there, "media_attachments")
    pictures = [text(part(one, "id")) for one in attached] if isinstance(attached, list) else []
    hidden = part(there, "sensitive") is True and not draft.content_warning
    wanted: dict[str, object] = {
        "status": draft.text,
        "media_ids": [one for one in pictures if one],
        "spoiler_text": draft.content_warning,
        "sensitive": hidden,  # only if it was: one server refuses any value
        "language": draft.language,
    }
    fields = {name: value for name, value in wanted.items() if value} | dict(client.profile.extra)
    return client.send("PUT", f"/api/v1/statuses/{quote(remote_id, safe='')}", fields)


def _compared(client: Client, before: object, after: object, draft: Draft) -> Published:
    """What became of it. Its audience and pictures are compared with what they were: an edit must not touch them."""
    was, made = published(before, client.host), published(after, client.host)
    differs = [
        name for name, other in (("visibility", made.visibility != was.visibility), ("pictures", made.pictures != was.pictures)) if other
    ]
    if not _reads(client, after, draft):
        differs.append("text")
    return Published(made.remote_id, made.url, made.visibility, made.pictures, made.created_at, tuple(differs))


def _says(client: Client, status: object, draft: Draft) -> bool:
    """Whether the status is already what the draft asks for, as far as its page tells."""
    return squeezed(words(status)) == squeezed(draft.text) and text(part(status, "spoiler_text")) == draft.content_warning.strip()


def _reads(client: Client, status: object, draft: Draft) -> bool:
    """Whether it reads as asked. Servers render words in their own way, so the words as typed decide where they can be had."""
    if squeezed(words(status)) == squeezed(draft.text):
        return True
    typed = _source(client, text(part(status, "id")))
    if typed:
        return squeezed(typed) == squeezed(draft.text)
    return carries(status, draft.marker) if draft.marker else bool(text(part(status, "content")))


def _source(client: Client, remote_id: str) -> str:
    """The words as they were typed; "" from a server that does not tell."""
    try:
        found: object = client.call(lambda: client.api.status_source(remote_id))
    except ServiceError:
        return ""
    return text(part(found, "text"), 200_000)


def _gone(client: Client) -> ServiceError:
    return ServiceError("The post is not on %(host)s any more.", kind="refused", status=410, host=client.host)


def _not_possible(client: Client, remote_id: str) -> ServiceError:
    """The server does not know the call for this status: is it the status that is missing, or the call?"""
    if get(client, remote_id) is None:
        return _gone(client)
    return ServiceError(
        "%(host)s does not let posts be changed once they are out. Its words stay as they are.",
        kind="refused",
        status=405,
        host=client.host,
    )
