"""A watched place: how it is, what was seen there and why it was news or not, and what helps when it does not work."""

from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot import sources as kinds
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.links.address import public_base
from creatorbot.models import Installation, Push, Release, Source
from creatorbot.releases.holding import answer, held_in, seen_in
from creatorbot.releases.moving import move_source
from creatorbot.releases.poll import take_page
from creatorbot.releases.pushing import owncast
from creatorbot.releases.queries import fetches_of, get_source
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.web.calendar import automation
from creatorbot.web.connections import adding
from creatorbot.web.connections.watched import pace, words
from creatorbot.web.connections.watched.handed import handed_page, host_of
from creatorbot.web.house import forms
from creatorbot.wording import N_, say

pages = Blueprint("sources", __name__)


@pages.get("/connections/sources/<int:source_id>")
@here.needs("viewer")
def show(source_id: int) -> ResponseReturnValue:
    """What was found there, when we last looked, and why the next look comes when it does."""
    if "added" in request.args:
        return adding.found(source_id)
    return _page(source_id, forms.Form())


@pages.post("/connections/sources/<int:source_id>/answer")
@here.needs("manager")
def say_of_held(source_id: int) -> ResponseReturnValue:
    """Held items: news, or already out; one of them, or all."""
    item, news = request.form.get("item", ""), request.form.get("do") == "new"
    chosen = [int(item)] if item.isascii() and item.isdigit() and len(item) < 11 else None if item == "all" else []
    with here.runtime().session() as rows:
        taken = answer(rows, here.artist_id(), source_id, chosen, news=news, now=here.now())
    if taken and news:
        forms.tell(N_("They count as new now. You find them in your releases, to announce.") if taken > 1 else N_("It counts as new now."))
    elif taken:
        forms.tell(N_("Good: nobody is told about them.") if taken > 1 else N_("Good: nobody is told about it."))
    return redirect(f"/connections/sources/{source_id}", 303)


@pages.post("/connections/sources/<int:source_id>/move")
@here.needs("manager")
def move(source_id: int) -> ResponseReturnValue:
    """Watch it at another address; what is known of it stays known."""
    form = forms.typed()
    try:
        move_source(here.runtime(), here.artist_id(), source_id, form["address"])
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = "address"
        return _page(source_id, form), 422
    forms.tell(N_("We look there from now on. What was known stays known."))
    return redirect(f"/connections/sources/{source_id}", 303)


@pages.post("/connections/sources/<int:source_id>/page")
@here.needs("manager")
def take(source_id: int) -> ResponseReturnValue:
    """The page itself, handed over by a person who may see it."""
    form = forms.typed()
    with here.runtime().reading() as rows:
        address = get_source(rows, here.artist_id(), source_id).address
    try:
        page = handed_page(address, form.raw("page"), request.files.get("file"))
        if page is None:
            raise InvalidInput("Paste the page, or choose the file your browser saved.", field="page")
        taken = take_page(here.runtime(), here.artist_id(), page)
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = "page"
        return _page(source_id, form), 422
    forms.tell(N_("Thank you: we have read the page. What is new is in your releases."))
    return redirect(f"/connections/sources/{taken}", 303)


@pages.post("/connections/sources/<int:source_id>/path")
@here.needs("manager")
def renew(source_id: int) -> ResponseReturnValue:
    """Another secret address for an Owncast server to tell us at."""
    with here.runtime().session() as rows:
        source = get_source(rows, here.artist_id(), source_id)
        if source.kind != owncast.KIND:
            raise InvalidInput("This place is not an Owncast server.")
        owncast.renew_path(rows, source, here.now())
    forms.tell(N_("The old address is answered no more. Paste the new one in your Owncast server’s settings."))
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


def _page(source_id: int, form: forms.Form) -> str:
    with here.runtime().reading() as rows:
        source = get_source(rows, here.artist_id(), source_id)
        pushes = _pushes(rows, source_id)
        about = {
            "source": source,
            "address": browser_address(rows, here.artist_id(), source.address),
            "fetches": fetches_of(rows, source_id)[:10],
            "seen": seen_in(rows, source_id, _number(request.args.get("page", "")), _decision()),
            "held": held_in(rows, source_id),
            "pushes": pushes,
            "itself": automation.shown(rows, source_id),
            "base": public_base(rows.get(Installation, 1)) or here.own_root(),
            "reachable": public_base(rows.get(Installation, 1)) is not None,
            "why_then": pace.why_then(source, _days(rows, source_id), pushes),
        }
    about["shown"], about["host"] = _decision(), host_of(source.address)
    about["kind"] = say(here.language(), kinds.REGISTRY[source.kind].label) if source.kind in kinds.REGISTRY else source.kind
    return render_template("connections/source.html", form=form, words=words, pace=pace, active="connections", **about)


def _pushes(rows: Session, source_id: int) -> list[Push]:
    """How it tells us by itself; what we asked to end is not shown."""
    wanted = select(Push).where(Push.source_id == source_id, col(Push.state).not_in(("ended", "leaving")))
    return list(rows.exec(wanted.order_by(col(Push.id))).all())


def _days(rows: Session, source_id: int) -> list[date]:
    found = rows.exec(select(col(Release.released_on)).where(Release.source_id == source_id)).all()
    return [day for day in found if day is not None]


def _decision() -> str:
    asked = request.args.get("which", "")
    return asked if asked in words.DECISIONS else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
