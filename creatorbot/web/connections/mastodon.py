"""Connecting a Mastodon account: which server, what it says about itself, there and back again."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists import accounts, connect
from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.connections.overview import ACCOUNT_STATES
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("mastodon", __name__)
RETURN = "/connections/mastodon/return"


@pages.get("/connections/mastodon")
@here.needs("manager")
def ask() -> ResponseReturnValue:
    """Which server?"""
    form = forms.Form({"server": request.args.get("server", "")})
    return render_template("connections/mastodon.html", form=form, active="connections")


@pages.post("/connections/mastodon")
@here.needs("manager")
def begin() -> ResponseReturnValue:
    """Finds the server and shows what it says, with the way there as a plain link: forms may not lead off our pages."""
    form = forms.typed()
    try:
        begun = connect.begin(here.runtime(), here.artist_id(), here.session_id(), form["server"], here.own_root() + RETURN)
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = "server"
        return render_template("connections/mastodon.html", form=form, active="connections"), 422
    with here.runtime().reading() as rows:
        address = browser_address(rows, here.artist_id(), begun.address)
    return render_template("connections/server.html", facts=begun.facts, address=address, active="connections")


@pages.get(RETURN)
@here.needs("manager")
def back() -> ResponseReturnValue:
    """The person comes back with a yes or a no."""
    asked = request.args
    try:
        account = connect.finish(here.runtime(), here.session_id(), asked.get("state", ""), asked.get("code", ""), asked.get("error", ""))
    except CreatorbotError as error:
        forms.tell(error.message, "bad", **error.values)
        return redirect("/connections", 303)
    forms.tell(N_("%(handle)s is connected. Nothing was posted."), handle=account.handle)
    return redirect(f"/connections/accounts/{account.id}", 303)


@pages.get("/connections/accounts/<int:account_id>")
@here.needs("viewer")
def show(account_id: int) -> ResponseReturnValue:
    """One account, its server's rules and limits."""
    with here.runtime().reading() as rows:
        account = accounts.get_account(rows, here.artist_id(), account_id)
        facts = accounts.server_facts(accounts.server_of(rows, account))
        profile = browser_address(rows, here.artist_id(), account.url)
    return render_template(
        "connections/account.html", account=account, facts=facts, profile=profile, states=ACCOUNT_STATES, active="connections"
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
