"""Boosting a post that lives on another server: that server's post is looked up by its address first."""

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.mastodon.client import Client
from creatorbot.networks.returning import Boosted


def boost(client: Client, url: str) -> Boosted:
    """See `Boosting.boost`."""
    there = _resolved(client, url)
    remote_id = text(part(there, "id"))
    if part(there, "reblogged") is True:
        return Boosted(remote_id, already=True)
    made: object = client.call(lambda: client.api.status_reblog(remote_id))
    boost_id = part(made, "id")
    if not isinstance(boost_id, str | int) or not str(boost_id):
        raise unreadable(client.host)
    return Boosted(str(boost_id))


def _resolved(client: Client, url: str) -> object:
    """The post as this server knows it. It fetches it from the other server when it does not know it yet."""
    try:
        found: object = client.call(lambda: client.api.search_v2(url, resolve=True, result_type="statuses"))
    except ServiceError as error:
        if error.status == 403:
            raise ServiceError(
                "You did not let us look up posts on %(host)s. Connect the account again to change that.",
                kind="refused",
                status=403,
                host=client.host,
            ) from error
        raise
    listed = part(found, "statuses")
    if not isinstance(listed, list):
        raise unreadable(client.host)
    for status in listed:
        if url in (part(status, "url"), part(status, "uri")) and text(part(status, "id")):
            return status
    if len(listed) == 1 and text(part(listed[0], "id")):
        return listed[0]  # some servers give their own address for it
    raise ServiceError("%(host)s cannot find that post.", kind="refused", status=404, host=client.host)
