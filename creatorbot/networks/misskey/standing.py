"""How a connected account is doing: by its permission, and as everybody sees it."""

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import part, text, unreadable
from creatorbot.networks.base import Account, Health
from creatorbot.networks.misskey.client import Client
from creatorbot.networks.misskey.refusals import SUSPENDED, code_of
from creatorbot.networks.returning import Seen
from creatorbot.security.http import Door
from creatorbot.wording import N_

_GONE = ("NO_SUCH_USER", "USER_SUSPENDED")


def check(client: Client) -> Health:
    """One call; a second one for where a moved account went."""
    try:
        told = client.ask("i")
    except ServiceError as error:
        if error.kind in ("unreached", "unknown", "busy"):
            return Health("unreachable", error.message, error.values)
        if code_of(error) in SUSPENDED:
            return Health("locked", error.message, error.values)
        return Health("revoked" if error.kind == "revoked" else "refused", error.message, error.values)
    if part(told, "movedTo"):
        there, _ = _moved_to(client, part(told, "movedTo"))
        if there:
            values = {"there": there, "host": client.host}
            return Health("moved", N_("This account has moved to %(there)s. Please connect that one."), values)
    if not part(told, "id") or part(told, "movedTo"):
        return Health("unreachable", N_("%(host)s answered with something that cannot be read."), {"host": client.host})
    return Health("ok")


def seen(account: Account, door: Door) -> Seen:
    """What everybody may know: asked without the account's permission."""
    nobody = Account(account.base_url, account.software, account.version, "", account.remote_id, account.limits)
    with Client(nobody, door) as client:
        try:
            told = client.ask("users/show", userId=account.remote_id)
        except ServiceError as error:
            if code_of(error) in _GONE:
                return Seen("gone" if code_of(error) == "NO_SUCH_USER" else "suspended")
            if error.kind == "revoked" or error.status in (401, 403):
                return Seen("hidden")
            raise
        if text(part(told, "id"), 200) != account.remote_id:
            raise unreadable(client.host)
        if part(told, "movedTo"):
            there, page = _moved_to(client, part(told, "movedTo"))
            if not there:
                raise unreadable(client.host)
            return Seen("moved", there, page)
        return Seen("suspended" if part(told, "isSuspended") is True else "here")


def _moved_to(client: Client, to: object) -> tuple[str, str]:
    """The name and the page of where it went, ("", "") if it cannot be learned now: servers give an address, or the id under which
    they know the new account."""
    there = text(to, 2000)
    if there.startswith(("https://", "http://")):
        return there, there
    try:
        told = client.ask("users/show", userId=there)
    except ServiceError:
        return "", ""
    name, host = text(part(told, "username"), 200), text(part(told, "host"), 300) or client.host
    if not name:
        return "", ""
    page = text(part(told, "url"), 2000)
    return f"@{name}@{host}", page if page.startswith(("https://", "http://")) else f"https://{host}/@{name}"
