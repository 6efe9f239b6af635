"""All connections on one page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.artists.backup.pairing import pairs_of
from creatorbot.ledger.services import services_of, waits_for_first
from creatorbot.providers import REGISTRY
from creatorbot.releases.holding import held_by_source
from creatorbot.releases.queries import sources_of
from creatorbot.sources import REGISTRY as KINDS
from creatorbot.web import here
from creatorbot.web.connections.backup.helps import ACCOUNT_STATES, help_for
from creatorbot.web.connections.watched import words
from creatorbot.web.connections.watched.handed import host_of
from creatorbot.wording import N_

pages = Blueprint("connections", __name__)

# state -> (what the tag says, its kind)
SERVICE_STATES = {"ok": (N_("connected"), "good"), "failing": (N_("needs you"), "bad")}
_ORDER = {"broken": 0, "tired": 1, "healthy": 2}


@pages.get("/connections")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """Accounts, sources, and the payment services."""
    with here.runtime().reading() as rows:
        mine = [(account, server_facts(server_of(rows, account))) for account in accounts_of(rows, here.artist_id())]
        helps = {account.id: help_for(rows, account) for account, _ in mine}
        pairs = pairs_of(rows, here.artist_id())
        sources, services = sources_of(rows, here.artist_id()), services_of(rows, here.artist_id())
        held = held_by_source(rows, here.artist_id())
    sources.sort(key=lambda source: _ORDER[words.HEALTH.get(source.state, "broken")])
    return render_template(
        "connections/overview.html",
        accounts=mine,
        helps=helps,
        pairs=pairs,
        handles={account.id: account.handle for account, _ in mine},
        sources=sources,
        held=held,
        troubled=sum(words.HEALTH.get(source.state, "broken") == "broken" for source in sources),
        services=services,
        waits=waits_for_first,
        providers=REGISTRY,
        account_states=ACCOUNT_STATES,
        words=words,
        kinds=KINDS,
        host_of=host_of,
        service_states=SERVICE_STATES,
        active="connections",
    )
