"""How a connected account is doing: by its permission, and as everybody sees it."""

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.networks.answers import document, host_of, part, patience, text, unreadable
from creatorbot.networks.base import Account, Health
from creatorbot.networks.mastodon.answers import LOCKED, refusal
from creatorbot.networks.mastodon.client import Client
from creatorbot.networks.returning import Seen
from creatorbot.security.http import Door
from creatorbot.wording import N_


def check(client: Client, door: Door) -> Health:
    """One call; a second one when the account is locked out, as a moved account is."""
    try:
        told: object = client.call(client.api.account_verify_credentials)
    except ServiceError as error:
        return _trouble(client, door, error)
    if part(told, "moved"):
        return _moved(client, part(told, "moved"))
    if not part(told, "id"):
        return Health("unreachable", N_("%(host)s answered with something that cannot be read."), {"host": client.host})
    return Health("ok")


def _trouble(client: Client, door: Door, error: ServiceError) -> Health:
    if error.kind in ("unreached", "unknown", "busy"):
        return Health("unreachable", error.message, error.values)
    if error.status == 403:
        moved = _public_move(client, door)
        if moved:
            return _moved(client, moved)
        if error.kind == "revoked" and error.message == LOCKED:
            return Health("locked", error.message, error.values)
    revoked = error.kind == "revoked" or error.status in client.profile.revoked_status
    return Health("revoked" if revoked else "refused", error.message, error.values)


def _public_move(client: Client, door: Door) -> object:
    """Where the public page of the account says it has gone; a locked-out account sees it only there."""
    try:
        answer = door.get(f"{client.account.base_url}/api/v1/accounts/{client.account.remote_id}", redirects=0)
    except CreatorbotError:
        return None
    return part(document(answer.body), "moved") if answer.status == 200 else None


def _moved(client: Client, to: object) -> Health:
    values = {"there": _handle(to, client.host), "host": client.host}
    return Health("moved", N_("This account has moved to %(there)s. Please connect that one."), values)


def _handle(account: object, host: str) -> str:
    acct = text(part(account, "acct"), 200)
    return f"@{acct}" if "@" in acct else f"@{acct}@{host}"


def seen(account: Account, door: Door) -> Seen:
    """What everybody may know. Servers that answer only to people who are logged in hide it."""
    host = host_of(account.base_url)
    answer = door.get(f"{account.base_url}/api/v1/accounts/{account.remote_id}", headers={"Accept": "application/json"}, redirects=0)
    told = document(answer.body)
    if answer.status in (404, 410) and told is not None:  # a page of 404 is a machine in front of it, and no answer
        return Seen("gone")
    if answer.status in (401, 403):
        return Seen("hidden")
    if answer.status >= 400:
        raise refusal(host, answer.status, text(part(told, "error")), patience(answer.headers))
    if answer.status >= 300 or str(part(told, "id") or "") != account.remote_id:
        raise unreadable(host)
    to = part(told, "moved")
    if text(part(to, "acct")):
        url = text(part(to, "url"), 2000)
        return Seen("moved", _handle(to, host), url if url.startswith(("https://", "http://")) else "")
    return Seen("suspended" if part(told, "suspended") is True else "here")
