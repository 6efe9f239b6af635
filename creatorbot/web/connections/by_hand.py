"""Handing a page over oneself: the bookmark button, the page's source pasted, and what was read before anything is taken."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from creatorbot.artists import members
from creatorbot.errors import CreatorbotError, InvalidInput, NotFound, ServiceError
from creatorbot.models import Artist, Handover, Source
from creatorbot.releases.keys import url_key
from creatorbot.releases.poll import take_page
from creatorbot.releases.polling.looking import read
from creatorbot.releases.pushing import handover
from creatorbot.sources.bandcamp_handed import page_of
from creatorbot.sources.base import Fetched, Reading
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.web.house.bookmarklet import bookmarklet
from creatorbot.wording import N_, explain, say

pages = Blueprint("by_hand", __name__)
log = logging.getLogger(__name__)
MOST_SHOWN = 30
ELSEWHERE = N_("This is not a Bandcamp page. Open your own page on Bandcamp first, then press this button there.")


@dataclass(frozen=True)
class Given:
    """A page as it was handed over, and what our reader makes of it."""

    page: Fetched
    reading: Reading


@pages.get("/connections/sources/by-hand")
@here.needs("manager")
def show() -> ResponseReturnValue:
    """The bookmark button, how to put it on an iPad, and a box for those who can see a page's source."""
    return _page(forms.Form())


@pages.post("/connections/sources/by-hand")
@here.needs("manager")
def paste() -> ResponseReturnValue:
    """The pasted source goes the same way as what the button sends."""
    form = forms.typed()
    payload = form.raw("page").encode("utf-8", "replace")
    try:
        if not payload.strip():
            raise InvalidInput("Paste the page's source first.", field="page")
        _given(payload)
        with here.runtime().session() as rows:
            code = handover.keep(rows, here.artist_id(), payload, here.now())
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        form.wrong_field = "page"
        return _page(form), 422
    return redirect(f"/connections/sources/hand-over/{code}", 303)


@pages.post("/connections/sources/by-hand/renew")
@here.needs("manager")
def renew() -> ResponseReturnValue:
    """Another secret: for whoever showed the old bookmark to somebody."""
    with here.runtime().session() as rows:
        handover.renew_secret(rows, here.artist_id())
    forms.tell(N_("The old bookmark does nothing any more. Make a new one from this page."))
    return redirect("/connections/sources/by-hand", 303)


@pages.get("/connections/sources/hand-over/<code>")
@here.needs("manager")
def look(code: str) -> ResponseReturnValue:
    """What we read on the page that was handed over. Nothing has been taken yet."""
    with here.runtime().reading() as rows:
        row = _mine(rows, code)
        elsewhere = rows.get_one(Artist, row.artist_id) if row.artist_id != here.artist_id() else None
    about: dict[str, object] = {"code": code, "elsewhere": elsewhere, "given": None, "sentence": "", "known": None, "most": MOST_SHOWN}
    if elsewhere is not None:
        return render_template("connections/handed_over.html", active="connections", **about)
    try:
        given = _given(row.payload)
    except (InvalidInput, ServiceError) as error:
        about["sentence"] = explain(here.language(), error)
        return render_template("connections/handed_over.html", active="connections", **about), 422
    with here.runtime().reading() as rows:
        about |= {"given": given, "known": _known(rows, given.page), "host": urlsplit(given.page.address).hostname}
    return render_template("connections/handed_over.html", active="connections", **about)


@pages.post("/connections/sources/hand-over/<code>")
@here.needs("manager")
def take(code: str) -> ResponseReturnValue:
    """Take it: the place is watched from now on, or brought up to date."""
    with here.runtime().reading() as rows:
        row = _mine(rows, code)
        if row.artist_id != here.artist_id():
            raise NotFound("There is nothing at this address.")
    try:
        source_id = take_page(here.runtime(), here.artist_id(), _given(row.payload).page)
    except (InvalidInput, ServiceError) as error:
        forms.tell(error.message, "bad", **error.values)
        return redirect(f"/connections/sources/hand-over/{code}", 303)
    _forget(code)
    forms.tell(N_("We read your page. What is new on it is in your releases."))
    return redirect(f"/connections/sources/{source_id}", 303)


@pages.post("/connections/sources/hand-over/<code>/forget")
@here.needs("manager")
def leave(code: str) -> ResponseReturnValue:
    """Take nothing of it."""
    _forget(code)
    forms.tell(N_("The page is forgotten. Nothing was changed."))
    return redirect("/connections", 303)


def _forget(code: str) -> None:
    with here.runtime().session() as rows:
        handover.forget(rows, here.artist_id(), code)


def _mine(rows: Session, code: str) -> Handover:
    """The page behind this word, if this person works for its artist. Raises NotFound."""
    row = handover.waiting(rows, code, here.now())
    if not members.reaches(members.role_of(rows, row.artist_id, here.person().id or 0), "manager"):
        raise NotFound("There is nothing at this address.")
    return row


def _given(payload: bytes) -> Given:
    """Raises InvalidInput or ServiceError with a sentence for what is no page of ours to read."""
    try:
        page = page_of(payload)
        return Given(page, read(page))
    except CreatorbotError:
        raise
    except Exception as error:  # whatever a stranger's page holds, the artist gets a sentence
        log.exception("a page that was handed over could not be read")
        raise InvalidInput("We could not make sense of this page.", field="page") from error


def _known(rows: Session, page: Fetched) -> Source | None:
    """The source that watches this page already."""
    mine = rows.exec(select(Source).where(Source.artist_id == here.artist_id())).all()
    return next((source for source in mine if url_key(source.address) == url_key(page.address)), None)


def _page(form: forms.Form) -> str:
    root = here.own_root()
    with here.runtime().session() as rows:
        secret = handover.secret_of(rows, here.runtime().vault, here.artist_id(), here.now())
    button = bookmarklet(f"{root}/hand-over", secret, say(here.language(), ELSEWHERE))
    return render_template(
        "connections/by_hand.html", form=form, button=button, at_home=not root.startswith("https://"), active="connections"
    )
