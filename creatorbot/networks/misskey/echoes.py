"""What came back for our notes, taking one down, and boosting another account's. Reactions of all kinds count as favourites."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, whole
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.misskey.client import Client, moment
from creatorbot.networks.misskey.notes import address, own, show
from creatorbot.networks.misskey.refusals import ABSENT, code_of
from creatorbot.networks.returning import Boosted

_PAGE = 100
_REPLY = 500
_APART = 0.15  # seconds between calls: one of the family lets a program make ten in a second
_FAR_BACK = datetime(2000, 1, 1, tzinfo=UTC)


def engagement(client: Client, remote_ids: Sequence[str], pause: Callable[[float], None] = time.sleep) -> Mapping[str, Counts]:
    """By remote id. The account's latest hundred notes come in one answer; older ones are asked for one by one."""
    wanted, found = set(remote_ids), {}
    listed = client.ask("users/notes", userId=client.account.remote_id, limit=_PAGE, withReplies=True, includeReplies=True)
    for note in listed if isinstance(listed, list) else []:
        if text(part(note, "id"), 200) in wanted:
            found[text(part(note, "id"), 200)] = _counts(note)
    for remote_id in sorted(wanted - found.keys()):
        pause(_APART)
        note = show(client, remote_id)
        if note is not None:
            found[remote_id] = _counts(note)
    return found


def boosters(client: Client, remote_id: str) -> Sequence[Somebody]:
    """Who boosted it without a word of their own, the latest first."""
    listed = client.ask("notes/renotes", noteId=remote_id, limit=_PAGE)
    return [_somebody(client, part(one, "user")) for one in listed if not part(one, "text")] if isinstance(listed, list) else []


def replies(client: Client, remote_id: str) -> Sequence[Reply]:
    """Public answers by others, oldest first."""
    listed = client.ask("notes/replies", noteId=remote_id, limit=_PAGE)
    found = [
        Reply(
            text(part(one, "id"), 200),
            _somebody(client, part(one, "user")),
            (text(part(one, "cw"), _REPLY) or text(part(one, "text"), _REPLY)),
            address(client, one),
            moment(part(one, "createdAt")),
        )
        for one in (listed if isinstance(listed, list) else [])
        if part(one, "visibility") in ("public", "home") and text(part(one, "userId"), 200) != client.account.remote_id
    ]
    return sorted(found, key=lambda reply: reply.at or _FAR_BACK)


def delete(client: Client, remote_id: str) -> None:
    """Done, too, when it is not there any more."""
    try:
        client.ask("notes/delete", noteId=remote_id)
    except ServiceError as error:
        if code_of(error) != ABSENT:
            raise


def boost(client: Client, url: str) -> Boosted:
    """Look for a boost of it first: a second one would be made."""
    try:
        met = client.ask("ap/show", uri=url)
    except ServiceError as error:
        if error.kind != "refused":
            raise
        raise _not_found(client) from error
    target = text(part(met, "object", "id"), 200) if part(met, "type") == "Note" else ""
    if not target:
        raise _not_found(client)
    published = moment(part(met, "object", "createdAt")) or _FAR_BACK
    for note, _earliest in own(client, published):
        if part(note, "renoteId") == target and not part(note, "text") and text(part(note, "id"), 200):
            return Boosted(text(part(note, "id"), 200), already=True)
    made = part(client.ask("notes/create", renoteId=target, visibility="public"), "createdNote")
    remote_id = text(part(made, "id"), 200)
    if not remote_id:
        raise ServiceError("%(host)s answered with something that cannot be read.", kind="unknown", host=client.host)
    return Boosted(remote_id)


def _not_found(client: Client) -> ServiceError:
    return ServiceError("%(host)s cannot find that post.", kind="refused", status=404, host=client.host)


def _counts(note: object) -> Counts:
    reactions = part(note, "reactions")
    likes = sum(whole(number, 0) for number in reactions.values()) if isinstance(reactions, Mapping) else None
    return Counts(boosts=_number(part(note, "renoteCount")), favourites=_number(likes), replies=_number(part(note, "repliesCount")))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _somebody(client: Client, user: object) -> Somebody:
    name, host = text(part(user, "username"), 200), text(part(user, "host"), 300)
    here = f"{client.account.base_url}/@{name}" + (f"@{host}" if host else "")
    return Somebody(f"@{name}@{host or client.host}", text(part(user, "name"), 200) or name, here)
