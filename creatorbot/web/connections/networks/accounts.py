"""One connected account: how it is doing, its server's rules and limits, taking it off."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists import accounts, connect
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import ByBrowser
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.connections.overview import ACCOUNT_STATES
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("accounts", __name__)


@pages.get("/connections/accounts/<int:account_id>")
@here.needs("viewer")
def show(account_id: int) -> ResponseReturnValue:
    """One account, its server's rules and limits."""
    with here.runtime().reading() as rows:
        account = accounts.get_account(rows, here.artist_id(), account_id)
        facts = accounts.server_facts(accounts.server_of(rows, account))
        profile = browser_address(rows, here.artist_id(), account.url)
    network = REGISTRY.get(account.network)
    return render_template(
        "connections/account.html",
        account=account,
        facts=facts,
        profile=profile,
        network=network,
        goes_there=isinstance(network, ByBrowser) and network.connecting.where is not None,
        states=ACCOUNT_STATES,
        active="connections",
    )


@pages.post("/connections/accounts/<int:account_id>/check")
@here.needs("manager")
def check(account_id: int) -> ResponseReturnValue:
    """Asks the server how the account is doing."""
    account = connect.check_account(here.runtime(), here.artist_id(), account_id)
    if account.state == "ok":
        forms.tell(N_("%(handle)s answers and lets us post."), handle=account.handle)
    return redirect(f"/connections/accounts/{account_id}", 303)


@pages.post("/connections/accounts/<int:account_id>/disconnect")
@here.needs("manager")
def disconnect(account_id: int) -> ResponseReturnValue:
    """Takes it off."""
    runtime = here.runtime()
    with runtime.session() as rows:
        account = accounts.get_account(rows, here.artist_id(), account_id)
        handle = account.handle
        accounts.disconnect(rows, runtime.vault, account, here.now())
    forms.tell(N_("%(handle)s is taken off. What was posted there stays, and so do its results."), handle=handle)
    return redirect("/connections", 303)
