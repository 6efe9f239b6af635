"""All connections on one page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.ledger.services import service_of
from creatorbot.providers import REGISTRY
from creatorbot.releases.queries import sources_of
from creatorbot.web import here
from creatorbot.wording import N_

pages = Blueprint("connections", __name__)

# state -> (what the tag says, its kind)
ACCOUNT_STATES = {
    "ok": (N_("connected"), "good"),
    "unreachable": (N_("server does not answer"), "warn"),
    "reconnect": (N_("needs you"), "bad"),
    "moved": (N_("moved away"), "warn"),
}
SOURCE_STATES = {
    "new": (N_("first look under way"), ""),
    "ok": (N_("watched"), "good"),
    "robot_check": (N_("asks for a human"), "warn"),
    "empty": (N_("nothing there yet"), "warn"),
    "failing": (N_("does not answer"), "warn"),
    "refused": (N_("lets us not in"), "bad"),
    "gone": (N_("gone"), "bad"),
}
SERVICE_STATES = {"ok": (N_("connected"), "good"), "failing": (N_("needs you"), "bad")}


@pages.get("/connections")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """Accounts, sources, and the payment service."""
    with here.runtime().reading() as rows:
        mine = [(account, server_facts(server_of(rows, account))) for account in accounts_of(rows, here.artist_id())]
        sources, service = sources_of(rows, here.artist_id()), service_of(rows, here.artist_id())
    return render_template(
        "connections/overview.html",
        accounts=mine,
        sources=sources,
        service=service,
        providers=REGISTRY,
        account_states=ACCOUNT_STATES,
        source_states=SOURCE_STATES,
        service_states=SERVICE_STATES,
        active="connections",
    )
