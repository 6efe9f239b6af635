"""Making a note, finding our own again, and comparing what came back with what was asked."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Picture, Published
from creatorbot.networks.misskey.client import Client, moment
from creatorbot.networks.misskey.markup import BREAK, plain, seen
from creatorbot.networks.misskey.profiles import WARNING
from creatorbot.networks.misskey.refusals import ABSENT, code_of

THEIRS = {"public": "public", "unlisted": "home", "private": "followers"}
OURS = {theirs: ours for ours, theirs in THEIRS.items()}
_SLACK = timedelta(minutes=10)
_PAGES, _PAGE = 20, 50
_NAMES = {"image/jpeg": "cover.jpg", "image/png": "cover.png", "image/gif": "cover.gif", "image/webp": "cover.webp"}


def publish(client: Client, draft: Draft) -> Published:
    """Make the note, picture first. Until the note itself is sent no failure is "unknown": no note can have come of it."""
    warning = warned(client, draft)
    asked: dict[str, object] = {"text": plain(draft.text), "visibility": THEIRS[draft.visibility], "cw": warning}
    if draft.reply_to:
        asked["replyId"] = draft.reply_to
    if draft.poll is not None:
        asked["poll"] = {
            "choices": [plain(option) for option in draft.poll.options],
            "multiple": draft.poll.several,
            "expiredAfter": draft.poll.seconds * 1000,
        }
    if draft.picture is not None:
        try:
            asked["fileIds"] = [_upload(client, draft.picture)]
        except ServiceError as error:
            if error.kind != "unknown":
                raise
            raise ServiceError(
                "%(host)s did not take the picture at the moment, so nothing was posted. We try again.",
                kind="busy",
                status=error.status,
                retry_after=error.retry_after or 60,
                host=client.host,
            ) from error
    made = part(client.ask("notes/create", **asked), "createdNote")
    return published(client, made, draft)


def warned(client: Client, draft: Draft) -> str | None:
    """The content warning as it is sent, None for none. Raises ServiceError for one that would be refused."""
    warning = plain(draft.content_warning.strip())
    if len(warning) > WARNING:
        raise ServiceError(
            "The content warning is too long for %(host)s: it may have %(most)s characters.",
            kind="refused",
            host=client.host,
            most=WARNING,
        )
    return warning or None


def _upload(client: Client, picture: Picture) -> str:
    """The id of the picture in the account's drive. The same picture is not stored twice, unless its description became another."""
    most = client.account.limits.description
    described = picture.description if len(picture.description) <= most else picture.description[: most - 1] + "…"
    name = _NAMES.get(picture.mime, "cover")
    for force in ("false", "true"):
        file = client.upload("drive/files/create", name, picture.body, picture.mime, name=name, comment=described, force=force)
        if text(part(file, "comment"), 100_000) == described.strip():
            break
    return _id(file, client.host)


def published(client: Client, note: object, draft: Draft | None = None) -> Published:
    """A note as the server tells of it, compared with the draft. Raises ServiceError "unknown" for what is no note."""
    remote_id = _id(note, client.host)
    pictures, theirs = len(files(note)), text(part(note, "visibility"))
    visibility = OURS.get(theirs, theirs)
    differs: list[str] = []
    if draft is not None:
        if visibility != draft.visibility:
            differs.append("visibility")
        if pictures != (1 if draft.picture else 0):
            differs.append("pictures")
        if seen(words(note)) != seen(draft.text):
            differs.append("text")
        left_out = (
            ("warning", draft.content_warning.strip() and not text(part(note, "cw"))),
            ("poll", draft.poll and not part(note, "poll", "choices")),
            ("reply", draft.reply_to and not part(note, "replyId")),
        )
        differs += [name for name, missing in left_out if missing]
    url = address(client, note)
    return Published(remote_id, url, visibility, pictures, moment(part(note, "createdAt")), tuple(differs))


def address(client: Client, note: object) -> str:
    """Where people read a note: on its own server for others' notes, else here."""
    there = text(part(note, "url"), 2000) or text(part(note, "uri"), 2000)
    return there if there.startswith(("https://", "http://")) else f"{client.account.base_url}/notes/{text(part(note, 'id'), 200)}"


def files(note: object) -> list[str]:
    """The ids of what is attached."""
    attached = part(note, "fileIds")
    if not isinstance(attached, list):
        told = part(note, "files")
        attached = [part(one, "id") for one in told] if isinstance(told, list) else []
    return [one for one in attached if isinstance(one, str)]


def words(note: object) -> str:
    """What was written."""
    return text(part(note, "text"), 200_000)


def carries(note: object, marker: str) -> bool:
    """Whether the marker is in the note's words. Whole, not as a part of a longer code."""
    written = words(note).replace(BREAK, "")
    marker = marker.replace(BREAK, "")
    if len(marker.split()) > 1:
        return seen(marker) in seen(written)
    return bool(marker) and re.search(re.escape(marker) + r"(?![\w-])", written) is not None


def find(client: Client, marker: str, since: datetime) -> Published | None:
    """Our own note with this marker; None only when the listing was read back to ten minutes before `since`."""
    for note, earliest in own(client, since - _SLACK):
        made = moment(part(note, "createdAt"))
        if carries(note, marker) and (made is None or made >= earliest):
            return published(client, note)
    return None


def own(client: Client, since: datetime) -> Iterator[tuple[object, datetime]]:
    """The account's own notes, newest first, each with `since` by that server's clock, until one page ends before it.

    Boosts are among them. Raises ServiceError "unknown" when it cannot be read back that far.
    """
    asked: dict[str, object] = {"userId": client.account.remote_id, "limit": _PAGE, "withReplies": True, "includeReplies": True}
    last = ""
    for _ in range(_PAGES):
        found = client.ask("users/notes", **asked)
        if not isinstance(found, list):
            raise unreadable(client.host)
        if not found:
            return
        earliest = since - client.behind()
        for note in found:
            yield note, earliest
        made, oldest = moment(part(found[-1], "createdAt")), _id(found[-1], client.host)
        if made is not None and made < earliest:
            return
        if oldest == last:
            break
        asked["untilId"] = last = oldest
    raise ServiceError("The posts on %(host)s could not be looked through far enough.", kind="unknown", host=client.host)


def show(client: Client, remote_id: str) -> object:
    """The note by its id; None when the server says that there is none."""
    try:
        return client.ask("notes/show", noteId=remote_id)
    except ServiceError as error:
        if code_of(error) == ABSENT or error.status == 410:
            return None
        raise


def _id(value: object, host: str) -> str:
    found = text(part(value, "id"), 200)
    if not found:
        raise unreadable(host)
    return found
