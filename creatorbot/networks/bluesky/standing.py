"""Meeting a server, and how a connected account is doing."""

from collections.abc import Mapping

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.networks.answers import document, host_of, part, text
from creatorbot.networks.base import Health, Limits, ServerFacts
from creatorbot.networks.bluesky.answers import refusal
from creatorbot.networks.bluesky.client import Client, named
from creatorbot.networks.bluesky.names import Directories, identity, names_in, server_in
from creatorbot.networks.bluesky.words import MOST_LETTERS
from creatorbot.security.http import Door
from creatorbot.wording import N_

SOFTWARE = "bluesky"
# Images may have two million bytes since 2025 (app.bsky.embed.images); card pictures, and servers not brought up to date, one.
LIMITS = Limits(characters=MOST_LETTERS, url_length=0, pictures=4, picture_bytes=1_000_000, description=2000)
_MOST = 200_000


def discover(base_url: str, door: Door) -> ServerFacts:
    """See the port's `discover`."""
    host = named(base_url)
    try:
        answer = door.get(f"{base_url}/xrpc/com.atproto.server.describeServer", headers={"Accept": "application/json"}, max_bytes=_MOST)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="handle", **error.values) from error
    if answer.status in (408, 429) or answer.status >= 500:
        raise refusal(host, answer.status, answer.body, answer.headers)
    told = document(answer.body)
    if answer.status != 200 or not text(part(told, "did")).startswith("did:"):
        raise ServiceError("%(host)s answers, but it is no server of Bluesky’s kind. Please check the name.", kind="refused", host=host)
    return ServerFacts(base_url, host, host, SOFTWARE, _version(base_url, door) or "unknown", LIMITS)


def _version(base_url: str, door: Door) -> str:
    """Its version; "" when it does not tell. Never raises: it is only a courtesy."""
    try:
        return text(part(document(door.get(f"{base_url}/xrpc/_health", max_bytes=10_000).body), "version"), 100)
    except CreatorbotError:
        return ""


def check(client: Client, door: Door, directories: Directories) -> Health:
    """See the port's `check`. One call; a second one, to the public directory, when the server does not let us in."""
    try:
        told = client.ask("com.atproto.server.getSession")
    except ServiceError as error:
        return _trouble(client, door, directories, error)
    if text(part(told, "did"), 300) != client.account.remote_id:
        return Health("unreachable", N_("%(host)s answered with something that cannot be read."), {"host": client.host})
    if part(told, "active") is False:
        return Health("refused", N_("%(host)s has locked this account or it has moved. Please look at it there."), {"host": client.host})
    return Health("ok")


def _trouble(client: Client, door: Door, directories: Directories, error: ServiceError) -> Health:
    there = _moved_to(client, door, directories) if error.kind != "busy" else ""
    if there:
        values: Mapping[str, object] = {"there": there}
        return Health("moved", N_("This account lives on another server now. Connect %(there)s once more; its posts stay."), values)
    if error.kind in ("unreached", "unknown", "busy"):
        return Health("unreachable", error.message, error.values)
    return Health("revoked" if error.kind == "revoked" else "refused", error.message, error.values)


def _moved_to(client: Client, door: Door, directories: Directories) -> str:
    """The account's name, when its document names another server than the one we know; else ""."""
    try:
        told = identity(client.account.remote_id, door, directories)
    except CreatorbotError:
        return ""
    there = server_in(told, door)
    if not there or host_of(there) == host_of(client.account.base_url):
        return ""
    return f"@{next(iter(names_in(told)), client.account.remote_id)}"
