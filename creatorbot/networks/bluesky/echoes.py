"""What came back for our posts, as Bluesky counts it; asked through the account's own server, which passes such questions on."""

from collections.abc import Mapping, Sequence

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text
from creatorbot.networks.bluesky.client import Client
from creatorbot.networks.bluesky.records import COLLECTION, created, key_in
from creatorbot.networks.engaging import Counts, Reply, Somebody

_AT_ONCE = 25
_LINES = 500


def engagement(client: Client, remote_ids: Sequence[str]) -> Mapping[str, Counts]:
    """Counts by remote id; what is not in the answer is not there."""
    found: dict[str, Counts] = {}
    for at in range(0, len(remote_ids), _AT_ONCE):
        told = client.ask("app.bsky.feed.getPosts", uris=[_uri(client, one) for one in remote_ids[at : at + _AT_ONCE]])
        for post in _list(part(told, "posts")):
            counts = (_count(part(post, name)) for name in ("repostCount", "likeCount", "replyCount", "quoteCount"))
            found[key_in(part(post, "uri"))] = Counts(*counts)
    return {one: found[one] for one in remote_ids if one in found}


def boosters(client: Client, remote_id: str) -> Sequence[Somebody]:
    """Who reposted it."""
    told = client.ask("app.bsky.feed.getRepostedBy", uri=_uri(client, remote_id), limit="100")
    return [_somebody(one) for one in _list(part(told, "repostedBy"))]


def replies(client: Client, remote_id: str) -> Sequence[Reply]:
    """Direct answers by others, oldest first. Those of blocked or vanished people come without words, and are left out."""
    try:
        told = client.ask("app.bsky.feed.getPostThread", uri=_uri(client, remote_id), depth="1", parentHeight="0")
    except ServiceError as error:
        if error.values.get("named") == "NotFound":
            return []
        raise
    found = []
    for one in _list(part(told, "thread", "replies")):
        post = part(one, "post")
        did, key = text(part(post, "author", "did"), 300), key_in(part(post, "uri"))
        if key and did != client.account.remote_id:
            words = text(part(post, "record", "text"), _LINES)
            found.append(
                Reply(text(part(post, "uri"), 1000), _somebody(part(post, "author")), words, _page(did, key), created(part(post, "record")))
            )
    return sorted(found, key=lambda one: (one.at is None, one.at.timestamp() if one.at else 0))[:100]


def _somebody(told: object) -> Somebody:
    handle, did = text(part(told, "handle"), 300), text(part(told, "did"), 300)
    return Somebody(f"@{handle}", text(part(told, "displayName"), 200) or handle, f"https://bsky.app/profile/{did}" if did else "")


def _page(did: str, key: str) -> str:
    return f"https://bsky.app/profile/{did}/post/{key}"


def _uri(client: Client, remote_id: str) -> str:
    return f"at://{client.account.remote_id}/{COLLECTION}/{remote_id}"


def _list(told: object) -> list[object]:
    return told if isinstance(told, list) else []


def _count(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 2**31 else None
