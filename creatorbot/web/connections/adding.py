"""Adding a source: paste any address, see which feed was found and what is there, and tick what is news; nothing is, by itself."""

from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements.drafts import new_draft
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.models import Release
from creatorbot.releases.holding import answer
from creatorbot.releases.poll import add_source
from creatorbot.releases.queries import get_source, items_of
from creatorbot.runtime import browser_address
from creatorbot.sources import REGISTRY
from creatorbot.web import here
from creatorbot.web.connections.watched.handed import handed_page
from creatorbot.web.house import forms
from creatorbot.wording import N_, say

pages = Blueprint("adding", __name__)
MOST_SHOWN = 100  # the newest; what is older than these is no news


@pages.get("/connections/sources")
@here.needs("manager")
def ask() -> ResponseReturnValue:
    """Where is your music?"""
    return _ask(forms.Form({"address": request.args.get("address", "")}))


@pages.post("/connections/sources")
@here.needs("manager")
def add() -> ResponseReturnValue:
    """Looks there at once, or reads the page that was given with it, and lists what is out; nothing is posted."""
    form = forms.typed()
    try:
        page = handed_page(form["address"], form.raw("page"), request.files.get("file"))
        source_id = add_source(here.runtime(), here.artist_id(), form["address"], page)
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = form.wrong_field if form.wrong_field == "page" else "address"
        return _ask(form), 422
    return redirect(f"/connections/sources/{source_id}?added=1", 303)


def found(source_id: int) -> ResponseReturnValue:
    """What the first look brought, none of it ticked."""
    with here.runtime().reading() as rows:
        source = get_source(rows, here.artist_id(), source_id)
        items = items_of(rows, source_id)
        address = browser_address(rows, here.artist_id(), source.address)
        listed = [(item, release) for item in items if item.release_id and (release := rows.get(Release, item.release_id))]
    kind = say(here.language(), REGISTRY[source.kind].label) if source.kind in REGISTRY else source.kind
    listed.sort(key=lambda pair: (pair[1].released_on or date.min, -(pair[0].id or 0)), reverse=True)
    return render_template(
        "connections/found.html", source=source, address=address, kind=kind, listed=listed, most=MOST_SHOWN, active="connections"
    )


@pages.post("/connections/sources/<int:source_id>/pick")
@here.needs("manager")
def pick(source_id: int) -> ResponseReturnValue:
    """What was ticked is news. A single one goes straight to the Compose desk."""
    ticked = {int(one) for one in request.form.getlist("item")[:MOST_SHOWN] if one.isascii() and one.isdigit() and len(one) < 11}
    with here.runtime().session() as rows:
        source = get_source(rows, here.artist_id(), source_id)
        if ticked:
            answer(rows, here.artist_id(), source_id, ticked, news=True, now=here.now())
        chosen = [rows.get(Release, item.release_id) for item in items_of(rows, source_id) if item.id in ticked and item.release_id]
        if len(chosen) == 1 and chosen[0] is not None:
            draft = new_draft(rows, here.artist(), chosen[0], here.person(), here.now())
            return redirect(f"/announcements/{draft.id}", 303)
    title = source.title or source.address
    if chosen:
        forms.tell(N_("What you ticked counts as new. Choose what people should hear of first."))
        return redirect("/releases", 303)
    forms.tell(N_("We watch %(source)s from now on. What appears there next is news."), source=title)
    return redirect(f"/connections/sources/{source_id}", 303)


def _ask(form: forms.Form) -> str:
    labels = sorted({say(here.language(), one.label).partition(" (")[0] for one in REGISTRY.values()}, key=str.casefold)
    return render_template("connections/add_source.html", form=form, labels=labels, active="connections")
