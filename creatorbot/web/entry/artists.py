"""Choosing an artist, and making another."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.artists import members, sessions, signup
from creatorbot.errors import InvalidInput, NotAllowed, NotFound
from creatorbot.models import LoginSession
from creatorbot.web import here
from creatorbot.web.house import choices, cookies, forms

pages = Blueprint("artists", __name__)


@pages.get("/artists")
@here.needs("viewer", artist=False)
def show() -> ResponseReturnValue:
    """Those the person belongs to."""
    assert here.person().id is not None
    with here.runtime().reading() as rows:
        mine = members.artists_of(rows, here.person().id or 0)
        may_make = members.may_make_artists(rows, here.person())
    return render_template("home/artists.html", mine=mine, may_make=may_make, active="more")


@pages.post("/artists/switch")
@here.needs("viewer", artist=False)
def switch() -> ResponseReturnValue:
    """Work for another artist in this browser."""
    wanted = forms.typed()["artist"]
    with here.runtime().session() as rows:
        chosen = next((artist for artist, _ in members.artists_of(rows, here.person().id or 0) if str(artist.id) == wanted), None)
        row = rows.get(LoginSession, here.session_id())
        if chosen is None or row is None or chosen.id is None:
            raise NotFound("You do not belong to that artist.")
        switch_to(row, chosen.id)
        cookies.remember(sessions.replace(rows, row, here.now()))
    return redirect("/", 303)


@pages.get("/artists/new")
@here.needs("viewer", artist=False)
def new() -> ResponseReturnValue:
    """The form for one more artist."""
    with here.runtime().reading() as rows:
        _refuse_most(rows)
    return render_template("home/new_artist.html", form=None, choices=choices, active="more")


@pages.post("/artists/new")
@here.needs("viewer", artist=False)
def make() -> ResponseReturnValue:
    """Makes it, with this person as owner, and switches to it."""
    form = forms.typed()
    try:
        with here.runtime().session() as rows:
            _refuse_most(rows)
            typed = signup.TypedArtist(form["name"], form["time_zone"], form["currency"], form["language"])
            made = signup.new_artist(rows, typed, here.person().id or 0, here.now())
            row = rows.get(LoginSession, here.session_id())
            if row is not None and made.id is not None:
                switch_to(row, made.id)
                cookies.remember(sessions.replace(rows, row, here.now()))
    except InvalidInput as error:
        form.refuse(error)
        return render_template("home/new_artist.html", form=form, choices=choices, active="more"), 422
    return redirect("/welcome", 303)


def switch_to(row: LoginSession, artist_id: int) -> None:
    """This browser works for that artist from now on."""
    row.artist_id = artist_id


def _refuse_most(rows: Session) -> None:
    if not members.may_make_artists(rows, here.person()):
        raise NotAllowed("Only owners of an artist may make another. Ask an owner.")
