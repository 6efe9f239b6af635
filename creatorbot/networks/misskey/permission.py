"""Getting permission, which this family calls MiAuth: the browser goes to /miauth/SESSION, and SESSION can be swapped once.

Whoever knows the session can fetch the permission, so it is made from our verifier and known to nobody beforehand.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import document, host_of, part, text, unreadable
from creatorbot.networks.base import Account, App, Grant, RemoteAccount, ServerFacts
from creatorbot.networks.misskey.client import Client
from creatorbot.networks.misskey.profiles import SCOPES
from creatorbot.networks.misskey.refusals import refusal
from creatorbot.security.http import Door

APP_NAME = "creatorbot"
_GRANTED = ("read:statuses", "write:statuses", "write:media")


def register(redirect_uri: str) -> App:
    """Nobody registers here: the name and the wishes travel with the browser."""
    return App(APP_NAME, "", redirect_uri, SCOPES)


def authorize_address(facts: ServerFacts, app: App, state: str, verifier: str) -> str:
    """Where the person's browser goes. The server adds `session` to the address it sends them back to."""
    back = f"{app.redirect_uri}{'&' if urlsplit(app.redirect_uri).query else '?'}{urlencode({'state': state})}"
    asked = {"name": APP_NAME, "callback": back, "permission": ",".join(app.scopes)}
    return f"{facts.authorize_url}/{session_of(verifier)}?{urlencode(asked)}"


def session_of(verifier: str) -> str:
    """The session that belongs to this verifier, in the form of a random UUID."""
    return str(UUID(bytes=hashlib.sha256(f"session {verifier}".encode()).digest()[:16], version=4))


def exchange(facts: ServerFacts, code: str, verifier: str, door: Door) -> Grant:
    """The session for a permission. Works once. Here one grants all that was asked, or nothing."""
    host, session = host_of(facts.base_url), session_of(verifier)
    used = ServiceError(
        "The permission from %(host)s was used already or is too old. Please connect once more.", kind="refused", status=400, host=host
    )
    if code != session:
        raise used
    answer = door.post(f"{facts.token_url}/{session}/check", json={}, headers={"Accept": "application/json"})
    found = document(answer.body)
    if answer.status >= 400:
        raise refusal(host, answer.status, found, answer.headers)
    if part(found, "ok") is False:
        raise used
    token = text(part(found, "token"), 5000)
    if answer.status != 200 or not token:
        raise unreadable(host)
    return Grant(token, _GRANTED)


def whoami(facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
    """Whose permission this is."""
    with Client(Account(facts.base_url, facts.software, facts.version, token, ""), door) as client:
        return remote_account(client.ask("i"), facts)


def remote_account(found: object, facts: ServerFacts) -> RemoteAccount:
    """An account as its server tells of it. Raises ServiceError for one without id or name."""
    remote_id, name = text(part(found, "id"), 200), text(part(found, "username"), 200)
    if not remote_id or not name or not isinstance(found, Mapping):
        raise unreadable(host_of(facts.base_url))
    return RemoteAccount(
        remote_id=remote_id,
        handle=f"@{name}@{facts.domain}",
        name=text(found.get("name"), 200) or name,
        url=f"{facts.base_url}/@{name}",
        avatar_url=text(found.get("avatarUrl"), 2000) or None,
    )
