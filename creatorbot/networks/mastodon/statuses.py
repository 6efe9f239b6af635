"""Making a status, and comparing what came back with what was asked."""

import html
import re
import time
from collections.abc import Callable

import grapheme  # type: ignore[import-untyped]

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Picture, Published
from creatorbot.networks.mastodon.client import Client, utc

Pause = Callable[[float], None]
_READY = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)  # seconds between looks at a picture that is being prepared
_AGAIN = (2.0, 5.0)  # seconds before a status is tried again whose picture was not ready yet
# Seconds after which no further call begins, so that the whole stays within the port's 200 even if the last one takes its time.
_FOR_PICTURE, _FOR_ALL = 60.0, 110.0
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_NAMES = {"image/jpeg": "cover.jpg", "image/png": "cover.png", "image/gif": "cover.gif", "image/webp": "cover.webp"}


def publish(client: Client, draft: Draft, key: str, pause: Pause) -> Published:
    """Make the status, picture first. Until the status itself is sent no failure is "unknown": no status can have come of it."""
    pictures: list[str] = []
    started = time.monotonic()
    if draft.picture is not None:
        try:
            pictures = [_upload(client, draft.picture, pause, started + _FOR_PICTURE)]
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
    return published(_send(client, draft, key, pictures, pause, started + _FOR_ALL), client.host, draft)


def _upload(client: Client, picture: Picture, pause: Pause, latest: float) -> str:
    """The id of the uploaded picture, once the server has prepared it."""
    described = picture.description
    most = client.account.limits.description
    if grapheme.length(described) > most:
        described = grapheme.slice(described, 0, most - 1) + "…"
    media = _hand_over(client, picture, described)
    media_id = id_of(media, client.host)
    for seconds in _READY:
        if time.monotonic() > latest:
            break
        if part(media, "url"):
            return media_id
        pause(seconds)
        media = client.call(lambda: client.api.media(media_id))
    if part(media, "url"):
        return media_id
    raise ServiceError("%(host)s is still preparing the picture. We try again.", kind="busy", retry_after=60, host=client.host)


def _hand_over(client: Client, picture: Picture, described: str) -> object:
    """The upload itself: at the newer address where the software has it, and at the older one where the newer is not known."""
    file = {"file": (_NAMES.get(picture.mime, "cover"), picture.body, picture.mime)}
    if client.profile.media_v2:
        try:
            return client.send("POST", "/api/v2/media", {"description": described}, files=file)
        except ServiceError as error:
            if error.status != 404:
                raise
    return client.send("POST", "/api/v1/media", {"description": described}, files=file)


def _fields(client: Client, draft: Draft, pictures: list[str]) -> dict[str, object]:
    """A status as the server takes it. Whether it is sensitive is left to the person's own default; one server refuses any value."""
    wanted: dict[str, object] = {
        "status": draft.text,
        "media_ids": pictures,
        "visibility": draft.visibility,
        "spoiler_text": draft.content_warning,
        "language": draft.language,
        "in_reply_to_id": draft.reply_to,
    }
    if draft.poll is not None:
        wanted["poll"] = {"options": list(draft.poll.options), "expires_in": draft.poll.seconds, "multiple": draft.poll.several}
    return {name: value for name, value in wanted.items() if value} | dict(client.profile.extra)


def _send(client: Client, draft: Draft, key: str, pictures: list[str], pause: Pause, latest: float) -> object:
    """The server's answer to the status itself."""

    fields = _fields(client, draft, pictures)
    waits = list(_AGAIN) if client.profile.repeated_key in ("same", "ignored") else []
    while True:
        try:
            return client.send("POST", "/api/v1/statuses", fields, key=key)
        except ServiceError as error:
            if not (pictures and error.status == 422 and _still_prepared(client, pictures[0], error)):
                raise confirmed(client, error) from error
            if not waits or time.monotonic() > latest:
                raise ServiceError(
                    "%(host)s is still preparing the picture. We try again.", kind="busy", status=422, retry_after=60, host=client.host
                ) from error
            pause(waits.pop(0))


def _still_prepared(client: Client, media_id: str, error: ServiceError) -> bool:
    """Whether this refusal only means that the picture is not ready. Its words may be in any language, so the picture is asked for too."""
    if "finished processing" in str(error.values.get("said", "")):
        return True
    try:
        media: object = client.call(lambda: client.api.media(media_id))
    except ServiceError:
        return False
    return part(media, "id") is not None and not part(media, "url")


def confirmed(client: Client, error: ServiceError) -> ServiceError:
    """What an error really means: some servers refuse a bad token with a plain 400; one more question tells that from a bad post."""
    if error.kind != "refused" or error.status not in client.profile.revoked_status:
        return error
    try:
        client.call(client.api.account_verify_credentials)
    except ServiceError as second:
        if second.status in client.profile.revoked_status:
            return ServiceError(
                "%(host)s no longer accepts our permission. Please connect the account again.",
                kind="revoked",
                status=second.status,
                host=client.host,
            )
    return error


def published(status: object, host: str, draft: Draft | None = None) -> Published:
    """A status as the server tells of it, compared with the draft. Raises ServiceError "unknown" for what is no status."""
    remote_id = id_of(status, host)
    attached = part(status, "media_attachments")
    pictures = len(attached) if isinstance(attached, list) else 0
    visibility = text(part(status, "visibility"))
    differs: list[str] = []
    if draft is not None:
        if visibility != draft.visibility:
            differs.append("visibility")
        if pictures != (1 if draft.picture else 0):
            differs.append("pictures")
        if not (carries(status, draft.marker) if draft.marker else text(part(status, "content"))):
            differs.append("text")
        left_out = (
            ("warning", draft.content_warning and not text(part(status, "spoiler_text"))),
            ("poll", draft.poll and not part(status, "poll")),
            ("reply", draft.reply_to and not part(status, "in_reply_to_id")),
        )
        differs += [name for name, missing in left_out if missing]
    url = text(part(status, "url"), 2000) or text(part(status, "uri"), 2000)
    return Published(remote_id, url, visibility, pictures, utc(part(status, "created_at")), tuple(differs))


def squeezed(written: str) -> str:
    """Without spaces and line breaks: servers set those in their own way."""
    return re.sub(r"\s+", "", written)


def words(status: object) -> str:
    """What a reader sees of a status, line breaks aside."""
    return html.unescape(_TAG.sub("", text(part(status, "content"), 200_000)))


def carries(status: object, marker: str) -> bool:
    """Whether the marker is in the status: in the address of a link, in the words, or in the preview card. Whole, not as a part
    of a longer code."""
    content = text(part(status, "content"), 200_000)
    places = (
        html.unescape(_TAG.sub("", _BREAK.sub("\n", content))),
        html.unescape(content),
        words(status),
        text(part(status, "card", "url"), 5000),
        text(part(status, "text"), 100_000),
    )
    if len(marker.split()) > 1:
        # Words: servers break lines and paragraphs in their own way, so only what is written counts.
        return any(squeezed(marker) in squeezed(place) for place in places)
    whole = re.compile(re.escape(marker) + r"(?![\w-])")
    return bool(marker) and any(whole.search(place) for place in places)


def id_of(value: object, host: str) -> str:
    """The id in an answer. Raises ServiceError "unknown" for one without."""
    found = part(value, "id")
    if not isinstance(found, str | int) or isinstance(found, bool) or not str(found):
        raise unreadable(host)
    return str(found)
