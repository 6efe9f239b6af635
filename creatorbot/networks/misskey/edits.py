"""Changing a note that is out, where the software can: look first, hand everything back that is not to change, and compare.

What is not named again is reset: an edit without visibility is public, one without files has none.
"""

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text
from creatorbot.networks.base import Draft, Published
from creatorbot.networks.misskey.client import Client, moment
from creatorbot.networks.misskey.markup import plain, seen
from creatorbot.networks.misskey.notes import THEIRS, files, published, show, warned, words
from creatorbot.networks.misskey.refusals import ABSENT, UNKNOWN_CALL, code_of

_KEPT = ("localOnly", "reactionAcceptance", "replyId", "renoteId", "channelId")


def edit(client: Client, draft: Draft, remote_id: str) -> Published:
    """See the port's `edit`."""
    there = show(client, remote_id)
    if there is None:
        raise _gone(client)
    was = published(client, there)
    if seen(words(there)) == seen(draft.text) and seen(text(part(there, "cw"), 1000)) == seen(draft.content_warning):
        return was
    if not client.profile.edits:
        raise _not_possible(client)
    try:
        answer = client.ask("notes/edit", **_asked(client, there, draft, remote_id))
    except ServiceError as error:
        if code_of(error) == ABSENT:
            raise _gone(client) from error
        if code_of(error) == UNKNOWN_CALL or error.status in (404, 405, 501):
            raise _not_possible(client) from error
        raise
    now = part(answer, "createdNote") or show(client, remote_id)
    made = published(client, now)
    others = {
        "visibility": made.visibility != was.visibility,
        "pictures": made.pictures != was.pictures,
        "text": seen(words(now)) != seen(draft.text),
    }
    differs = [name for name, other in others.items() if other]
    return Published(made.remote_id, made.url, made.visibility, made.pictures, made.created_at, tuple(differs))


def _asked(client: Client, there: object, draft: Draft, remote_id: str) -> dict[str, object]:
    asked: dict[str, object] = {
        "editId": remote_id,
        "text": plain(draft.text),
        "cw": warned(client, draft),
        "visibility": text(part(there, "visibility")) or THEIRS[draft.visibility],
    }
    asked |= {name: part(there, name) for name in _KEPT if part(there, name) is not None}
    if attached := files(there):
        asked["fileIds"] = attached
    if poll := _poll(part(there, "poll")):
        asked["poll"] = poll
    return asked


def _poll(there: object) -> dict[str, object] | None:
    """A poll as it is asked for, from how it is told: without it the poll and its votes would go."""
    choices = part(there, "choices")
    if not isinstance(choices, list):
        return None
    ends = moment(part(there, "expiresAt"))
    return {
        "choices": [text(part(choice, "text"), 1000) for choice in choices],
        "multiple": part(there, "multiple") is True,
        "expiresAt": int(ends.timestamp() * 1000) if ends else None,
    }


def _gone(client: Client) -> ServiceError:
    return ServiceError("The post is not on %(host)s any more.", kind="refused", status=410, host=client.host)


def _not_possible(client: Client) -> ServiceError:
    return ServiceError(
        "%(host)s does not let posts be changed once they are out. Its words stay as they are.",
        kind="refused",
        status=405,
        host=client.host,
    )
