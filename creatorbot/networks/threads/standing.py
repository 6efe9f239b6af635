"""Meeting Threads, and how a connected account is doing. Its key lasts sixty days: a look renews it once a week."""

from creatorbot.clock import now
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.answers import document, part, text
from creatorbot.networks.base import Health, Limits, ServerFacts
from creatorbot.networks.threads.answers import HOST, refusal
from creatorbot.networks.threads.client import VERSION, Client
from creatorbot.networks.threads.permission import renewed
from creatorbot.networks.threads.words import MOST_LETTERS
from creatorbot.security.http import Door
from creatorbot.wording import N_

SOFTWARE = "threads"
LIMITS = Limits(
    characters=MOST_LETTERS, url_length=0, pictures=1, picture_bytes=8_000_000, description=1000, picture_types=("image/jpeg", "image/png")
)
_A_WEEK = 7 * 86_400


def discover(base_url: str, door: Door) -> ServerFacts:
    """See the port's `discover`. Asked without a key, Threads says that one is needed, which tells us that it is there."""
    try:
        answer = door.get(f"{base_url}/{VERSION}/me", headers={"Accept": "application/json"}, max_bytes=100_000)
    except InvalidInput as error:  # nothing that was typed
        raise InvalidInput(error.message, field="", **error.values) from error
    if answer.status in (408, 429) or answer.status >= 500:
        raise refusal(answer.status, answer.body, answer.headers)
    if part(document(answer.body), "error") is None:
        raise ServiceError("What answers is not Threads. Please try again later.", kind="refused", status=answer.status)
    return ServerFacts(base_url, "threads.net", HOST, SOFTWARE, VERSION, LIMITS)


def check(client: Client) -> Health:
    """See the port's `check`."""
    try:
        told = client.ask("me", fields="id")
    except ServiceError as error:
        if error.kind in ("unreached", "unknown", "busy"):
            return Health("unreachable", error.message, error.values)
        if error.values.get("locked"):
            return Health("locked", error.message, error.values)
        return Health("revoked" if error.kind == "revoked" else "refused", error.message, error.values)
    if text(part(told, "id"), 100) != client.account.remote_id:
        return Health("unreachable", N_("%(host)s answered with something that cannot be read."), {"host": HOST})
    due = now().timestamp() - client.renewed >= _A_WEEK
    return Health("ok", token=renewed(client) if due else "")
