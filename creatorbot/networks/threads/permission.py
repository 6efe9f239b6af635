"""From a pasted key to an account: the key is what Meta's own page makes for somebody who has an app there ("User Token Generator")."""

import re
from collections.abc import Mapping

from creatorbot.clock import now
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.answers import part, text, unreadable, whole
from creatorbot.networks.base import Account, Grant, RemoteAccount, ServerFacts
from creatorbot.networks.threads.answers import HOST
from creatorbot.networks.threads.client import Client
from creatorbot.security.http import Door

FIELD = "key"
SCOPES = ("write:statuses", "write:media", "read:statuses")
_KEY = re.compile(r"[A-Za-z0-9_|-]{30,2000}")
_SECRET = re.compile(r"[0-9a-f]{32}|[0-9]{10,20}")  # the app's secret, or its number
_PUBLISH, _READ = "threads_content_publish", "threads_basic"
_AN_HOUR_OR_SO = 2 * 86_400


def log_in(facts: ServerFacts, typed: Mapping[str, str], door: Door) -> Grant:
    """What was pasted, checked, and made to last sixty days from now. Raises InvalidInput with field "key"."""
    key = "".join(typed.get(FIELD, "").split())
    if _SECRET.fullmatch(key):
        raise InvalidInput(
            "This is the number or the secret of your app; it was not sent anywhere. The key is longer: press “Generate access token” "
            "beside your name, below it on Meta’s page.",
            field=FIELD,
        )
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            "This is not a whole key; it was not sent anywhere. Please copy it once more: it is a long row of letters and digits.",
            field=FIELD,
        )
    with Client(_stranger(facts, key), door) as client:
        try:
            scopes = _checked(client)
            client.ask("me", fields="id")
        except ServiceError as error:
            if error.kind != "revoked":
                raise
            raise InvalidInput("Threads does not accept this key. Please make a new one.", field=FIELD) from error
        return Grant(renewed(client) or f"{key} 0", scopes)


def _checked(client: Client) -> tuple[str, ...]:
    """What the key lets us do, in our own words; () where Meta does not tell."""
    try:
        told = part(client.about_key(), "data")
    except ServiceError as error:
        if error.kind != "refused":
            raise
        return ()
    if part(told, "is_valid") is False:
        raise InvalidInput("Threads does not accept this key. Please make a new one.", field=FIELD)
    begins, ends = whole(part(told, "issued_at"), 0), whole(part(told, "expires_at"), 0)
    if begins and ends and ends - begins < _AN_HOUR_OR_SO:
        raise InvalidInput(
            "This key runs out within the hour. Please make one under “User Token Generator”: it lasts for sixty days, and we renew it.",
            field=FIELD,
        )
    scopes = part(told, "scopes")
    if not isinstance(scopes, list):
        return ()
    may = {_PUBLISH: ("write:statuses", "write:media"), _READ: ("read:statuses",)}
    return tuple(ours for theirs, words in may.items() if theirs in scopes for ours in words)


def renewed(client: Client) -> str:
    """The account's permission with a key good for another sixty days; "" when Meta renews none now (it has to be a day old)."""
    try:
        key = text(part(client.renew(), "access_token"), 2000)
    except ServiceError:
        return ""
    return f"{key} {int(now().timestamp())}" if _KEY.fullmatch(key) else ""


def whoami(facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
    """See the port."""
    with Client(_stranger(facts, token), door) as client:
        told = client.ask("me", fields="id,username,name,threads_profile_picture_url")
    remote_id, name = text(part(told, "id"), 100), text(part(told, "username"), 200)
    if not remote_id or not name:
        raise unreadable(HOST)
    return RemoteAccount(
        remote_id,
        f"@{name}@threads.net",  # as the fediverse knows it
        text(part(told, "name"), 200) or name,
        f"https://www.threads.com/@{name}",
        text(part(told, "threads_profile_picture_url"), 2000) or None,
    )


def _stranger(facts: ServerFacts, token: str) -> Account:
    """The account before we know whose it is."""
    return Account(facts.base_url, facts.software, facts.version, token, "", facts.limits)
