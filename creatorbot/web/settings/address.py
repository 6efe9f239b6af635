"""The public address, whether it leads here, and the answer that proves it."""

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists import installation
from creatorbot.errors import InvalidInput, NotAllowed, NotFound
from creatorbot.security.secrets import same
from creatorbot.web import here
from creatorbot.web.house import forms, hosts
from creatorbot.wording import N_

pages = Blueprint("address", __name__)


@pages.get("/settings/address")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """The address and its state."""
    return _page(None)


@pages.post("/settings/address")
@here.needs("viewer")
def save() -> ResponseReturnValue:
    """Keeps it and asks it at once. It is every artist's address here, so only a keeper may."""
    if not here.person().keeper:
        raise NotAllowed("Only whoever set this creatorbot up may change its address.")
    form = forms.typed()
    try:
        if here.runtime().settings.public_url:
            raise InvalidInput("The address is given from outside, where this creatorbot is started, and cannot be changed here.")
        _keep_the_way_in(form["public_url"])
        with here.runtime().session() as rows:
            row = installation.set_public_url(rows, form["public_url"], here.now())
    except InvalidInput as error:
        form.refuse(error)
        return _page(form), 422
    if row.public_url and installation.check_public_url(here.runtime()):
        forms.tell(N_("Your address leads here. From now on posts carry your own links."))
    stays = hosts.of_this_app().would_know(request.host, row.public_url)
    return redirect("/settings/address" if stays else f"{row.public_url}/settings/address", 303)


@pages.get("/answer/<token>")
@here.open_to_all
def answer(token: str) -> ResponseReturnValue:
    """What only this installation can say: asked by ourselves, from outside."""
    with here.runtime().reading() as rows:
        row = installation.installation_of(rows)
    if row is None or not row.check_token or not same(token, row.check_token):
        raise NotFound("There is nothing here.")
    return Response(installation.answer_for(token, here.runtime().cookie_key), mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _keep_the_way_in(typed: str) -> None:
    """Raises InvalidInput where the person would shut themselves out: this page is open under the present address, the new one leads
    somewhere else."""
    wanted = installation.read_public_url(typed)
    if hosts.of_this_app().would_know(request.host, wanted) or installation.leads_here(here.runtime(), wanted):
        return
    if not wanted:
        raise InvalidInput(
            "Nothing was changed: you have this page open under that address, and could not come back. Open creatorbot by its number, "
            "or by its name on your own network, and try again.",
            field="public_url",
        )
    raise InvalidInput(
        "Nothing was changed: you have this page open under the present address, and the new one does not lead here yet. "
        "Let its name point to this machine first, with https.",
        field="public_url",
    )


def _page(form: forms.Form | None) -> str:
    with here.runtime().reading() as rows:
        row = installation.installation_of(rows)
    fixed = here.runtime().settings.public_url
    stands = forms.Form({"public_url": row.public_url if row else ""})
    return render_template("settings/address.html", form=form or stands, own=row, fixed=fixed, active="settings")
