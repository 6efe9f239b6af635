"""Our own posts as Threads tells of them: reading one, finding one again, taking it down."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Published
from creatorbot.networks.threads.answers import HOST, is_absent, is_not_allowed
from creatorbot.networks.threads.client import Client
from creatorbot.networks.threads.words import seen, written

FIELDS = "id,text,permalink,timestamp,media_type,link_attachment_url,is_reply"
_SLACK = timedelta(minutes=10)
_PAGES, _PAGE = 20, "100"
_SITE = "https://www.threads.com/"
_PICTURES = {"IMAGE": 1, "CAROUSEL_ALBUM": 2}


def show(client: Client, remote_id: str) -> object:
    """The post by its number; None when Threads says that there is none."""
    if not remote_id.isdecimal():
        return None
    try:
        return client.ask(remote_id, fields=FIELDS)
    except ServiceError as error:
        if is_absent(error):
            return None
        raise


def published(post: object, draft: Draft | None = None) -> Published:
    """A post as told, compared with the draft. Raises ServiceError "unknown" for what is none."""
    remote_id = text(part(post, "id"), 100)
    if not remote_id:
        raise unreadable(HOST)
    pictures = _PICTURES.get(text(part(post, "media_type")), 0)
    differs = []
    if draft is not None:
        if pictures != (1 if draft.picture else 0):
            differs.append("pictures")
        if not same_words(post, draft):
            differs.append("text")
        if draft.reply_to and part(post, "is_reply") is False:
            differs.append("reply")
    return Published(remote_id, _page(post), "public", pictures, moment(part(post, "timestamp")), tuple(differs))


def same_words(post: object, draft: Draft) -> bool:
    """Whether these are the draft's words."""
    return seen(text(part(post, "text"), 20_000)) == seen(written(draft.text, draft.content_warning))


def edit(client: Client, draft: Draft, remote_id: str) -> Published:
    """The post, if these are its words already. Raises ServiceError status 410 for one that is gone, 405 for every other."""
    found = show(client, remote_id)
    if found is None:
        raise ServiceError("The post is not on %(host)s any more.", kind="refused", status=410, host=HOST)
    if not same_words(found, draft):
        raise ServiceError(
            "%(host)s does not let posts be changed once they are out. Its words stay as they are.", kind="refused", status=405, host=HOST
        )
    return published(found)


def find(client: Client, marker: str, since: datetime) -> Published | None:
    """Our own post with this marker, made after `since` less ten minutes: among the posts, then among our answers to our own."""
    earliest = since - _SLACK
    for kind in ("threads", "replies"):
        try:
            for post in _own(client, kind, earliest):
                made = moment(part(post, "timestamp"))
                if carries(post, marker) and (made is None or made >= earliest):
                    return published(post)
        except ServiceError as error:
            # A key that may not read answers has made none either: publishing one asks for this list first.
            if kind == "threads" or not is_not_allowed(error):
                raise
    return None


def may_answer(client: Client) -> None:
    """Raises ServiceError unless our answers can be looked through, without which none of them could be found again."""
    client.ask("me/replies", fields="id", limit="1")


def _own(client: Client, kind: str, earliest: datetime) -> Iterator[object]:
    """The account's own, newest first, until one page ends before `earliest`."""
    about = {"fields": FIELDS, "limit": _PAGE}
    for _ in range(_PAGES):
        told = client.ask(f"me/{kind}", **about)
        listed = part(told, "data")
        if not isinstance(listed, list):
            raise unreadable(HOST)
        yield from listed
        oldest = moment(part(listed[-1], "timestamp")) if listed else None
        after = text(part(told, "paging", "cursors", "after"), 2000)
        if not listed or not after or (oldest is not None and oldest < earliest):
            return
        if about.get("after") == after:
            break
        about["after"] = after
    raise ServiceError("The posts on %(host)s could not be looked through far enough.", kind="unknown", host=HOST)


def carries(post: object, marker: str) -> bool:
    """Whether the marker is in the post: in its words, or in the address behind its card. Whole, not as a part of a longer code."""
    words = text(part(post, "text"), 20_000)
    if len(marker.split()) > 1:
        return seen(marker) in seen(words)
    whole = re.compile(re.escape(marker) + r"(?![\w-])")
    return bool(marker) and any(whole.search(place) for place in (words, text(part(post, "link_attachment_url"), 5000)))


def delete(client: Client, remote_id: str) -> None:
    """Take it down. Done, too, when it is not there."""
    try:
        client.remove(remote_id)
    except ServiceError as error:
        if not is_absent(error):
            raise


def moment(value: object) -> datetime | None:
    """A moment as Threads writes it ("2026-11-23T12:00:00+0000"), in UTC; None when it cannot be read."""
    try:
        found = datetime.fromisoformat(text(value, 100))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _page(post: object) -> str:
    """Its page. Threads gives none for a post that it holds back for its music."""
    page = text(part(post, "permalink"), 2000)
    return page if page.startswith(("https://", "http://")) else _SITE
