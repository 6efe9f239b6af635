"""What came back for our own statuses, who boosted and answered them, and taking one down."""

import html
import re
from collections.abc import Mapping, Sequence

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.mastodon.client import Client, utc
from creatorbot.networks.mastodon.looking import is_absent
from creatorbot.networks.mastodon.statuses import confirmed

AT_ONCE = 20  # what Mastodon answers in one call
_MANY_SINCE = (4, 3)
_NO_SUCH_CALL = (400, 404, 405, 422, 501)
_PUBLIC = ("public", "unlisted")
_MOST = 100
_WORDS = 500
_LINE = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def engagement(client: Client, remote_ids: Sequence[str]) -> Mapping[str, Counts]:
    """See the port. Twenty in a call where the server can, else one by one."""
    if len(remote_ids) > 1 and _answers_many(client):
        try:
            return _many(client, remote_ids)
        except ServiceError as error:
            if error.status not in _NO_SUCH_CALL:
                raise
    found = {}
    for remote_id in remote_ids:
        one = _one(client, remote_id)
        if one is not None:
            found[remote_id] = _counts(one)
    return found


def boosters(client: Client, remote_id: str) -> list[Somebody]:
    """See the port."""
    try:
        found: object = client.call(lambda: client.api.status_reblogged_by(remote_id))
    except ServiceError as error:
        if error.status in _NO_SUCH_CALL:
            return []
        raise confirmed(client, error) from error
    if not isinstance(found, list):
        raise unreadable(client.host)
    return [one for one in (_somebody(client, account) for account in found) if one.handle]


def replies(client: Client, remote_id: str) -> list[Reply]:
    """See the port: what others wrote below it, as far as this server has seen it."""
    try:
        found: object = client.call(lambda: client.api.status_context(remote_id))
    except ServiceError as error:
        if error.status in _NO_SUCH_CALL:
            return []
        raise confirmed(client, error) from error
    below = part(found, "descendants")
    if not isinstance(below, list):
        raise unreadable(client.host)
    return [one for status in below if (one := _reply(client, status)) is not None][:_MOST]


def delete(client: Client, remote_id: str) -> None:
    """See the port. What the server answers to it does not matter: one says nothing at all."""
    try:
        client.call(lambda: client.api.status_delete(remote_id))
    except ServiceError as error:
        if not is_absent(client, error):
            raise confirmed(client, error) from error


def _answers_many(client: Client) -> bool:
    """Whether this server takes several ids in one question."""
    known = re.match(r"\D{0,2}(\d{1,4})\.(\d{1,4})", client.account.version)
    return client.profile.software in ("mastodon", "glitch") and known is not None and (int(known[1]), int(known[2])) >= _MANY_SINCE


def _many(client: Client, remote_ids: Sequence[str]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for start in range(0, len(remote_ids), AT_ONCE):
        asked = list(remote_ids[start : start + AT_ONCE])
        answered: object = client.call(lambda ids=asked: client.api.statuses(ids))  # type: ignore[misc]
        if not isinstance(answered, list):
            raise unreadable(client.host)
        found |= {str(part(status, "id")): _counts(status) for status in answered if part(status, "id") is not None}
    return {remote_id: found[remote_id] for remote_id in remote_ids if remote_id in found}


def _one(client: Client, remote_id: str) -> object:
    try:
        status: object = client.call(lambda: client.api.status(remote_id))
    except ServiceError as error:
        if is_absent(client, error):
            return None
        raise confirmed(client, error) from error
    if part(status, "id") is None:
        raise unreadable(client.host)
    return status


def _counts(status: object) -> Counts:
    return Counts(
        boosts=_number(part(status, "reblogs_count")),
        favourites=_number(part(status, "favourites_count")),
        replies=_number(part(status, "replies_count")),
        quotes=_number(part(status, "quotes_count")),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _somebody(client: Client, account: object) -> Somebody:
    acct = text(part(account, "acct"), 200)
    handle = f"@{acct}" if "@" in acct or not acct else f"@{acct}@{client.host}"
    return Somebody(handle if acct else "", text(part(account, "display_name"), 200) or acct, _page(part(account, "url")))


def _reply(client: Client, status: object) -> Reply | None:
    """None for what is not public, and for what the account itself added."""
    number = part(status, "id")
    remote_id, who = text(str(number)) if isinstance(number, str | int) else "", _somebody(client, part(status, "account"))
    own = str(part(status, "account", "id")) == client.account.remote_id
    if own or not remote_id or not who.handle or text(part(status, "visibility")) not in _PUBLIC:
        return None
    written = html.unescape(_TAG.sub("", _LINE.sub("\n", text(part(status, "content"), 100_000)))).strip()
    warned = text(part(status, "spoiler_text"), _WORDS)
    words = warned or (written if len(written) <= _WORDS else written[: _WORDS - 1] + "…")
    return Reply(remote_id, who, words, _page(part(status, "url")), utc(part(status, "created_at")))


def _page(value: object) -> str:
    """The address of a page, or nothing: it will be a link on ours."""
    found = text(value, 2000)
    return found if found.startswith(("https://", "http://")) else ""
