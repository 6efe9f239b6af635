"""Which network, and the connect page of each. What it says and asks is the adapter's `connecting`; nothing here knows one by name."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements.handover.carrying import arrive
from creatorbot.artists import connect
from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.models import Account
from creatorbot.networks import REGISTRY, meant_for, network_of
from creatorbot.networks.base import ByFields, Network
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("joining", __name__)
_MOST = 2000  # characters of one field


@pages.get("/connections/networks")
@here.needs("manager")
def choose() -> ResponseReturnValue:
    """Which network?"""
    return render_template("connections/networks/choose.html", networks=list(REGISTRY.values()), active="connections")


@pages.get("/connections/<network>")
@here.needs("manager")
def ask(network: str) -> ResponseReturnValue:
    """Its connect page. What stands in the address is typed already, except what is secret."""
    adapter = network_of(network)
    given = {one.name: request.args.get(one.name, "")[:_MOST] for one in adapter.connecting.all_asks if not one.secret}
    return _page(adapter, forms.Form(given))


@pages.post("/connections/<network>")
@here.needs("manager")
def begin(network: str) -> ResponseReturnValue:
    """Connects with what was typed; or finds the server and shows what it says, with the way there as a plain link: forms may not lead
    off our pages."""
    adapter = network_of(network)
    form = forms.typed()
    try:
        return _connect(adapter, form) if isinstance(adapter, ByFields) else _set_out(adapter, form)
    except (InvalidInput, ServiceError) as error:
        return _page(adapter, form, error), 422


@pages.get("/connections/<network>/return")
@here.needs("manager")
def back(network: str) -> ResponseReturnValue:
    """The person comes back with a yes or a no."""
    asked, returns = request.args, network_of(network).connecting.returns
    try:
        account = connect.finish(here.runtime(), here.session_id(), asked.get("state", ""), asked.get(returns, ""), asked.get("error", ""))
    except CreatorbotError as error:
        forms.tell(error.message, "bad", **error.values)
        return redirect("/connections", 303)
    return _arrived(account)


def _arrived(account: Account) -> ResponseReturnValue:
    """What was paused for its sake goes on; what waits on one that moved here comes along."""
    runtime = here.runtime()
    with runtime.session() as rows:
        taken = arrive(rows, runtime.vault, rows.get_one(Account, account.id), here.now())
    forms.tell(N_("%(handle)s is connected. Nothing was posted."), handle=account.handle)
    if taken:
        forms.tell(N_("What waited on your old account goes out from here at its time."))
    return redirect(f"/connections/accounts/{account.id}", 303)


def _connect(adapter: Network, form: forms.Form) -> ResponseReturnValue:
    typed = {one.name: form.raw(one.name)[:_MOST] if one.secret else form[one.name][:_MOST] for one in adapter.connecting.all_asks}
    account = connect.log_in(here.runtime(), here.artist_id(), adapter.name, typed)
    return _arrived(account)


def _set_out(adapter: Network, form: forms.Form) -> ResponseReturnValue:
    asks = adapter.connecting
    where = form[asks.where.name][:_MOST] if asks.where else ""
    typed = {one.name: form[one.name][:_MOST] for one in asks.asks}
    back_to = f"{here.own_root()}/connections/{adapter.name}/return"
    begun = connect.begin(here.runtime(), here.artist_id(), here.session_id(), where, back_to, adapter.name, typed)
    with here.runtime().reading() as rows:
        address = browser_address(rows, here.artist_id(), begun.address)
    return render_template("connections/server.html", facts=begun.facts, address=address, network=adapter, active="connections")


def _page(adapter: Network, form: forms.Form, error: CreatorbotError | None = None) -> str:
    other = None
    if error is not None:
        asks = {one.name for one in adapter.connecting.all_asks}
        form.refuse(error)
        if form.wrong_field not in asks:
            form.wrong_field = adapter.connecting.where.name if adapter.connecting.where else ""
        other = meant_for(str(error.values.get("software", "")))
    return render_template(
        "connections/networks/join.html", network=adapter, asks=adapter.connecting, form=form, other=other, active="connections"
    )
