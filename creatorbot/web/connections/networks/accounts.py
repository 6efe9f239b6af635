"""One connected account: how it is doing, its server's rules and limits, taking it off."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import select

from creatorbot.announcements.handover.carrying import arrive, onward
from creatorbot.announcements.handover.pausing import follow
from creatorbot.artists import accounts
from creatorbot.artists.health import looking
from creatorbot.errors import Conflict
from creatorbot.models import Account, AccountLook
from creatorbot.networks import network_of
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.connections.backup.helps import ACCOUNT_STATES, help_for
from creatorbot.web.connections.backup.pairing import around
from creatorbot.web.house import forms
from creatorbot.web.rehearsal.stage import BADGE
from creatorbot.wording import N_

pages = Blueprint("accounts", __name__)
GONE_TODAY = N_("Its server says there is no %(handle)s. That may be a mistake: we ask again on another day before we believe it.")
UNCLEAR = N_("Its server gave no clear answer just now. We ask again within the hour.")


@pages.get("/connections/accounts/<int:account_id>")
@here.needs("viewer")
def show(account_id: int) -> ResponseReturnValue:
    """One account, its server's rules and limits."""
    with here.runtime().reading() as rows:
        account = accounts.get_account(rows, here.artist_id(), account_id)
        facts = accounts.server_facts(accounts.server_of(rows, account))
        profile = browser_address(rows, here.artist_id(), account.url)
        help, about = help_for(rows, account), around(rows, account)
    return render_template(
        "connections/account.html",
        account=account,
        facts=facts,
        network=network_of(account.network),
        profile=profile,
        help=help,
        around=about,
        in_rehearsal=here.artist().badge == BADGE,
        states=ACCOUNT_STATES,
        active="connections",
    )


@pages.post("/connections/accounts/<int:account_id>/check")
@here.needs("manager")
def check(account_id: int) -> ResponseReturnValue:
    """Asks the server how the account is doing."""
    runtime, asked_at = here.runtime(), here.now()
    with runtime.reading() as rows:
        accounts.get_account(rows, here.artist_id(), account_id)
    if looking.look(runtime, account_id, asked=True) is None:
        raise Conflict("This account is not connected any more.")
    with runtime.session() as rows:
        account = rows.get_one(Account, account_id)
        found = rows.exec(select(AccountLook).where(AccountLook.account_id == account_id)).one()
        doubt, answered = found.doubt, found.asked_at is not None and found.asked_at >= asked_at
        follow(rows, account, here.now())
        after = onward(rows, runtime.vault, account, here.now())
        if account.state == "ok":
            arrive(rows, runtime.vault, account, here.now())
    if after is not None:
        forms.tell(N_("It moved to %(new)s, which is connected already and follows it now."), new=after.handle)
        return redirect(f"/connections/accounts/{after.id}", 303)
    if doubt == "gone" and account.state != "gone":
        forms.tell(GONE_TODAY, "warn", handle=account.handle)
    elif account.state == "ok" and not answered:
        forms.tell(UNCLEAR, "warn")
    elif account.state == "ok" and not account.sentence:
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
