"""Making a post in Threads' two steps: a container that nobody sees, then its publication.

A container is published once at most, whoever asks how often. So its number is what a repeat needs to know, and the attempt's key
is made of it: written down before the second step, it says afterwards whether that step was taken.
"""

import re
import time
from collections.abc import Callable
from datetime import timedelta

from creatorbot.clock import now
from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Published
from creatorbot.networks.threads.answers import HOST, is_absent, not_begun
from creatorbot.networks.threads.client import Client
from creatorbot.networks.threads.posts import find, may_answer, published, show
from creatorbot.networks.threads.words import addresses, written

Pause = Callable[[float], None]
_KEY = re.compile(r"threads:(\d{1,40})")
_WAITS = (0.0, 1, 1, 2, 3, 5, 8, 13, 20, 30)  # seconds between looks at a container; words are ready at once, pictures take a while
_LONGEST_S = 110.0  # no step begins later; an answer may take half a minute more
_DAY = timedelta(hours=25)  # a container lives for one
_AGAIN = (0.0, 2, 5, 10)  # Threads says FINISHED, and may not know the container for some seconds more
_FINISHED, _PUBLISHED, _FAILED, _OLD = "FINISHED", "PUBLISHED", "ERROR", "EXPIRED"


def prepare(client: Client, draft: Draft, key: str = "") -> str:
    """The first step: a container for this draft, as a key for `publish`. Nobody sees it; left alone it is gone after a day."""
    if _number_in(key):
        return key
    try:
        return f"threads:{_made(client, draft)}"
    except ServiceError as error:
        raise not_begun(error) from error


def publish(client: Client, draft: Draft, key: str, pause: Pause) -> Published:
    """Both steps, or, with a container's key, the second. What an earlier try published is found, never published again."""
    ends = time.monotonic() + _LONGEST_S
    container = _number_in(key)
    status = _status(client, container) if container else ""
    if status == _PUBLISHED:
        return _already(client, draft)
    if status in ("", _FAILED, _OLD):  # none, or one that can never be published any more
        container = _number_in(prepare(client, draft))
    if status != _FINISHED:
        _ready(client, container, pause, ends)
    remote_id = _second_step(client, container, draft, pause, ends)
    return remote_id if isinstance(remote_id, Published) else _told(client, remote_id, draft, pause)


def _made(client: Client, draft: Draft) -> str:
    words = written(draft.text, draft.content_warning)
    asked = {"media_type": "TEXT", "text": words}
    if draft.reply_to:
        may_answer(client)
        asked["reply_to_id"] = draft.reply_to
    if draft.picture is not None:
        if not draft.picture.address:
            raise ServiceError(
                "%(host)s fetches pictures itself, and this one has no public address. Choose the look “card”.", kind="refused", host=HOST
            )
        most = client.account.limits.description
        described = draft.picture.description
        asked |= {
            "media_type": "IMAGE",
            "image_url": draft.picture.address,
            "alt_text": described if len(described) <= most else described[: most - 1] + "…",
        }
    elif ours := next((one for one in addresses(words) if draft.marker in one), ""):
        asked["link_attachment"] = ours  # else the first address in the text becomes the card
    return _number(client.tell("me/threads", asked))


def _number_in(key: str) -> str:
    """The container's number in a key; "" for a key that is none of ours."""
    found = _KEY.fullmatch(key)
    return found[1] if found else ""


def _status(client: Client, container: str) -> str:
    """How far it is; "" when Threads knows none of that number. One that has become a post has no such field any more."""
    try:
        return text(part(client.ask(container, fields="status,error_message"), "status"), 50).upper()
    except ServiceError as error:
        if is_absent(error):
            return ""
        if error.kind == "refused" and error.values.get("code") == 100:
            return _PUBLISHED
        raise not_begun(error) from error


def _ready(client: Client, container: str, pause: Pause, ends: float) -> None:
    """Wait until it can be published."""
    for wait in _WAITS:
        if time.monotonic() + wait > ends:
            break
        pause(wait)
        status = _status(client, container)
        if status in (_FINISHED, _PUBLISHED):
            return
        if status == _FAILED:
            raise ServiceError(
                "%(host)s could not make a post of it: it may not reach the picture. Nothing was posted.", kind="refused", host=HOST
            )
    raise _busy()


def _second_step(client: Client, container: str, draft: Draft, pause: Pause, ends: float) -> str | Published:
    """The post's number; or the post itself, when no clear answer came but the container says that it is out."""
    for wait in _AGAIN:
        if time.monotonic() + wait > ends:
            break
        pause(wait)
        try:
            return _number(client.tell("me/threads_publish", {"creation_id": container}))
        except ServiceError as error:
            if error.kind == "unknown":
                return _after(client, container, draft, error)
            if not is_absent(error):
                raise
    raise _busy()


def _busy() -> ServiceError:
    return ServiceError("%(host)s is still busy with this post. Nothing is out yet. We go on.", kind="busy", retry_after=60, host=HOST)


def _after(client: Client, container: str, draft: Draft, error: ServiceError) -> Published:
    """The post, when it is already to be seen; else the unclear answer as it was: it may still be on its way."""
    try:
        if _status(client, container) == _PUBLISHED:
            return _already(client, draft)
    except ServiceError:
        pass
    raise error


def _already(client: Client, draft: Draft) -> Published:
    """The post of a container that says it was published. It is there, so that it cannot be seen yet is no reason to make another."""
    found = find(client, draft.marker, now() - _DAY)
    if found is None:
        raise ServiceError("%(host)s has published it, but does not show it yet. We keep looking.", kind="unknown", host=HOST)
    return published(show(client, found.remote_id), draft)


def _told(client: Client, remote_id: str, draft: Draft, pause: Pause) -> Published:
    """The post as Threads tells of it. It is out whether or not it does."""
    for wait in (0.0, 1.0, 3.0):
        pause(wait)
        try:
            there = show(client, remote_id)
        except ServiceError:
            continue
        if there is not None:
            return published(there, draft)
    return published({"id": remote_id, "text": written(draft.text, draft.content_warning), "media_type": "IMAGE" if draft.picture else ""})


def _number(told: object) -> str:
    found = text(part(told, "id"), 100)
    if not found.isdecimal():
        raise unreadable(HOST)
    return found
