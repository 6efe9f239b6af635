"""How a connected account is doing."""

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.networks.base import Health
from creatorbot.networks.mastodon.answers import document, part, text
from creatorbot.networks.mastodon.client import Client
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
    acct = text(part(to, "acct"), 200)
    there = f"@{acct}" if "@" in acct else f"@{acct}@{client.host}"
    return Health("moved", N_("This account has moved to %(there)s. Please connect that one."), {"there": there, "host": client.host})
