"""An invitation is opened."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists import members, sessions, signup
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Artist, Invitation, LoginSession
from creatorbot.web import here
from creatorbot.web.house import browsers, cookies, forms

pages = Blueprint("join", __name__)


@pages.get("/join/<secret>")
@here.open_to_all
def show(secret: str) -> ResponseReturnValue:
    """Who invites to what; a button for people we know, a form for others."""
    return _page(secret, None)


@pages.post("/join/<secret>")
@here.open_to_all
def accept(secret: str) -> ResponseReturnValue:
    """Uses the invitation, once."""
    found, form, runtime = here.present(), forms.typed(), here.runtime()
    if found:
        with runtime.session() as rows:
            assert found.person.id is not None
            artist = members.accept(rows, secret, found.person.id, here.now())
            row = rows.get(LoginSession, found.session_id)
            if row is not None:
                row.artist_id = artist.id
                cookies.remember(sessions.replace(rows, row, here.now()))
        return redirect("/", 303)
    person = signup.TypedPerson(form["person"], form["login"], form.raw("password"), here.language())
    try:
        password_hash = signup.hashed(person)
        with runtime.session() as rows:
            someone = signup.new_person(rows, person, password_hash, here.now())
            assert someone.id is not None
            artist = members.accept(rows, secret, someone.id, here.now())
            _, fresh = sessions.open_session(rows, someone.id, artist.id, browsers.name_of(request.user_agent.string), here.now())
    except InvalidInput as error:
        form.refuse(error)
        return _page(secret, form), 422
    cookies.start_over()
    cookies.remember(fresh, someone.login)
    return redirect("/", 303)


def _page(secret: str, form: forms.Form | None) -> str:
    invited, artist = _read(secret)
    return render_template("login/join.html", form=form, invited=invited, invited_to=artist.name, found=here.present(), secret=secret)


def _read(secret: str) -> tuple[Invitation, Artist]:
    with here.runtime().reading() as rows:
        invited = members.invitation(rows, secret, here.now())
        artist = rows.get(Artist, invited.artist_id)
    if artist is None:
        raise NotFound("This invitation was used already or is too old. Ask for a new one.")
    return invited, artist
