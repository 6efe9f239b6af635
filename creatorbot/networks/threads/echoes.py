"""What came back for our posts, as Threads counts it. Who passed a post on is not told."""

from collections.abc import Mapping, Sequence

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.threads.answers import is_absent, is_not_allowed
from creatorbot.networks.threads.client import Client
from creatorbot.networks.threads.posts import moment

_METRICS = "likes,replies,reposts,quotes"
_LINES = 500


def engagement(client: Client, remote_ids: Sequence[str]) -> Mapping[str, Counts]:
    """Counts by remote id, each asked for alone. A key that may not ask gets no numbers, which says nothing about the posts."""
    found: dict[str, Counts] = {}
    for at, remote_id in enumerate(remote_ids):
        try:
            told = client.ask(f"{remote_id}/insights", metric=_METRICS)
        except ServiceError as error:
            if is_not_allowed(error):
                return found | {one: Counts() for one in remote_ids[at:]}
            if not is_absent(error):
                raise
            continue
        values = {text(part(one, "name"), 50): _count(one) for one in _list(part(told, "data"))}
        found[remote_id] = Counts(values.get("reposts"), values.get("likes"), values.get("replies"), values.get("quotes"))
    return found


def replies(client: Client, remote_id: str) -> Sequence[Reply]:
    """Direct answers by others, oldest first."""
    fields = "id,text,username,permalink,timestamp,is_reply_owned_by_me"
    try:
        told = client.ask(f"{remote_id}/replies", fields=fields, reverse="false")
    except ServiceError as error:
        if is_absent(error) or is_not_allowed(error):
            return ()
        raise
    found = []
    for one in _list(part(told, "data")):
        name, number = text(part(one, "username"), 200), text(part(one, "id"), 100)
        if name and number and part(one, "is_reply_owned_by_me") is not True:
            who = Somebody(f"@{name}@threads.net", name, f"https://www.threads.com/@{name}")
            page = text(part(one, "permalink"), 2000)
            found.append(Reply(number, who, text(part(one, "text"), _LINES), page, moment(part(one, "timestamp"))))
    return sorted(found, key=lambda one: (one.at is None, one.at.timestamp() if one.at else 0))[:100]


def _count(told: object) -> int | None:
    values = _list(part(told, "values"))
    value = part(values[0], "value") if values else part(told, "total_value", "value")
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _list(told: object) -> list[object]:
    return told if isinstance(told, list) else []
