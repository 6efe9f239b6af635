"""Making a post, finding our own again, taking it down. The account's own server keeps the records, so what it says is so."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from creatorbot.clock import now
from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Draft, Picture, Published
from creatorbot.networks.bluesky.answers import is_absent, is_there_already
from creatorbot.networks.bluesky.client import Client, not_begun
from creatorbot.networks.bluesky.keys import moment_of, record_key
from creatorbot.networks.bluesky.records import COLLECTION, Blob, carries, created, key_in, published, record_of

KEY_KEPT_S = 86_400  # an attempt key, and with it the record key, is repeated for so long
_SLACK = timedelta(minutes=10)
_PAGES = 20
_PAGE = 100


def publish(client: Client, draft: Draft, key: str) -> Published:
    """Make the post. Its record key follows from `key`, so a repeat meets the first one; after an unclear answer it is looked for."""
    rkey = record_key(key)
    answers = _reply(client, draft.reply_to) if draft.reply_to else None
    blob = _blob(client, draft)
    record = record_of(draft, now(), blob, answers)
    wish = {"repo": client.account.remote_id, "collection": COLLECTION, "rkey": rkey, "record": record}
    try:
        made = client.tell("com.atproto.repo.createRecord", wish)
    except ServiceError as error:
        if not is_there_already(error):
            raise
        found = _after(client, rkey, draft)
        if found is None:
            raise
        return found
    given = key_in(part(made, "uri"))
    if not given:
        raise unreadable(client.host)
    return published(client.account.remote_id, given, record, draft)


def _blob(client: Client, draft: Draft) -> Blob | None:
    """The picture, or the card's, uploaded. No failure here is "unknown": no post can have come of it. A card goes without, if need be."""
    picture: Picture | None = draft.picture or (draft.card.picture if draft.card else None)
    if picture is None:
        return None
    try:
        return client.upload(picture.body, picture.mime)
    except ServiceError as error:
        if error.kind == "refused" and draft.picture is None:
            return None
        if error.kind != "unknown":
            raise
        raise not_begun(client.host, error) from error


def _reply(client: Client, rkey: str) -> Mapping[str, object]:
    """What a record names when it goes on from our own post: that one, and the one with which it all began."""
    try:
        told = _told(client, rkey)
    except ServiceError as error:
        if error.kind != "unknown":
            raise
        raise not_begun(client.host, error) from error
    if told is None:
        raise ServiceError("The post it goes on from is not on %(host)s any more. Nothing was posted.", kind="refused", host=client.host)
    parent = {"uri": part(told, "uri"), "cid": part(told, "cid")}
    root = part(told, "value", "reply", "root")
    return {"root": root if isinstance(root, Mapping) else parent, "parent": parent}


def _after(client: Client, rkey: str, draft: Draft) -> Published | None:
    """The post itself, after an unclear answer; None when it cannot be seen now, which proves nothing: it may still be on its way."""
    try:
        found = _record(client, rkey)
    except ServiceError:
        return None
    return None if found is None else published(client.account.remote_id, rkey, found, draft)


def get(client: Client, remote_id: str) -> Published | None:
    """The post by its record key; None when its own server says that there is none."""
    found = _record(client, remote_id)
    return None if found is None else published(client.account.remote_id, remote_id, found)


def edit(client: Client, draft: Draft, remote_id: str) -> Published:
    """The post, if these are its words already. Raises ServiceError status 410 for one that is gone, 405 for every other."""
    found = _record(client, remote_id)
    if found is None:
        raise ServiceError("The post is not on %(host)s any more.", kind="refused", status=410, host=client.host)
    if "text" in published(client.account.remote_id, remote_id, found, draft).differs:
        raise ServiceError(
            "%(host)s does not let posts be changed once they are out. Its words stay as they are.",
            kind="refused",
            status=405,
            host=client.host,
        )
    return published(client.account.remote_id, remote_id, found)


def _record(client: Client, rkey: str) -> object:
    told = _told(client, rkey)
    return None if told is None else told["value"]


def _told(client: Client, rkey: str) -> Mapping[str, object] | None:
    """A record with its address and the mark of its content; None when its server says that there is none."""
    try:
        told = client.ask("com.atproto.repo.getRecord", repo=client.account.remote_id, collection=COLLECTION, rkey=rkey)
    except ServiceError as error:
        if is_absent(error):
            return None
        raise
    if not isinstance(part(told, "value"), Mapping):
        raise unreadable(client.host)
    return told


def find(client: Client, marker: str, since: datetime) -> Published | None:
    """Our own post with this marker, made after `since` less ten minutes; None when its own server has shown all there are since.

    Listed by record key, newest first. A repeated key is as old as its first use, so the list is read a day further back.
    """
    earliest, cursor = since - _SLACK, ""
    for _ in range(_PAGES):
        about = {"repo": client.account.remote_id, "collection": COLLECTION, "limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
        told = client.ask("com.atproto.repo.listRecords", **about)
        listed = part(told, "records")
        if not isinstance(listed, list):
            raise unreadable(client.host)
        for one in listed:
            made = created(part(one, "value"))
            if carries(part(one, "value"), marker) and (made is None or made >= earliest):
                return published(client.account.remote_id, key_in(part(one, "uri")), part(one, "value"))
        last, cursor = moment_of(key_in(part(listed[-1], "uri"))) if listed else None, text(part(told, "cursor"), 1000)
        if not listed or not cursor or (last is not None and last < earliest - timedelta(seconds=KEY_KEPT_S)):
            return None
    raise ServiceError("The posts on %(host)s could not be looked through far enough.", kind="unknown", host=client.host)


def delete(client: Client, remote_id: str) -> None:
    """Take it down. Done, too, when it is not there."""
    client.tell("com.atproto.repo.deleteRecord", {"repo": client.account.remote_id, "collection": COLLECTION, "rkey": remote_id})
