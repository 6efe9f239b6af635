"""Adding a source and looking at one."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot import sources as kinds
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.models import Source
from creatorbot.releases.poll import add_source, poll_source
from creatorbot.releases.queries import fetches_of, get_source, items_of
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.connections.overview import SOURCE_STATES
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("sources", __name__)
OUTCOMES = {
    "changed": N_("something new to read"),
    "unchanged": N_("nothing new"),
    "robot_check": N_("asked for a human"),
    "failed": N_("failed"),
}
DECISIONS = {
    "baseline": N_("was there at the first look"),
    "new": N_("new"),
    "held": N_("waits for you"),
    "same": N_("the same as before"),
    "changed": N_("changed"),
    "moved": N_("moved to another address"),
    "with_album": N_("belongs to its album"),
}


@pages.get("/connections/sources")
@here.needs("manager")
def ask() -> ResponseReturnValue:
    """Where is your music?"""
    form = forms.Form({"address": request.args.get("address", "")})
    return render_template("connections/add_source.html", form=form, active="connections")


@pages.post("/connections/sources")
@here.needs("manager")
def add() -> ResponseReturnValue:
    """Looks there at once and lists what is out; nothing is posted."""
    form = forms.typed()
    try:
        source_id = add_source(here.runtime(), here.artist_id(), form["address"])
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = "address"
        return render_template("connections/add_source.html", form=form, active="connections"), 422
    return redirect(f"/connections/sources/{source_id}", 303)


@pages.get("/connections/sources/<int:source_id>")
@here.needs("viewer")
def show(source_id: int) -> ResponseReturnValue:
    """What was found there and when we last looked."""
    with here.runtime().reading() as rows:
        source = get_source(rows, here.artist_id(), source_id)
        fetches, items = fetches_of(rows, source_id), items_of(rows, source_id)
        address = browser_address(rows, here.artist_id(), source.address)
    label = kinds.REGISTRY[source.kind].label if source.kind in kinds.REGISTRY else source.kind
    return render_template(
        "connections/source.html",
        source=source,
        fetches=fetches,
        items=items,
        address=address,
        label=label,
        states=SOURCE_STATES,
        outcomes=OUTCOMES,
        decisions=DECISIONS,
        active="connections",
    )


@pages.post("/connections/sources/<int:source_id>/look")
@here.needs("manager")
def look(source_id: int) -> ResponseReturnValue:
    """Looks again now."""
    with here.runtime().reading() as rows:
        get_source(rows, here.artist_id(), source_id)
    poll_source(here.runtime(), source_id, here.now())
    with here.runtime().reading() as rows:
        after = get_source(rows, here.artist_id(), source_id)
    if after.state == "ok":
        forms.tell(N_("We looked again. What is new is in your releases."))
    return redirect(f"/connections/sources/{source_id}", 303)


@pages.post("/connections/sources/<int:source_id>/remove")
@here.needs("manager")
def remove(source_id: int) -> ResponseReturnValue:
    """Watch it no more; its releases stay."""
    with here.runtime().session() as rows:
        source: Source = get_source(rows, here.artist_id(), source_id)
        title = source.title or source.address
        rows.delete(source)
    forms.tell(N_("We watch %(source)s no more. The releases found there stay."), source=title)
    return redirect("/connections", 303)
