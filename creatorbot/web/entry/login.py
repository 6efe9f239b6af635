"""Logging in and out."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists import login, sessions, signup
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.web import here
from creatorbot.web.house import browsers, cookies, forms

pages = Blueprint("login", __name__)


@pages.get("/login")
@here.open_to_all
def show() -> ResponseReturnValue:
    """The form; straight on for whoever is logged in."""
    with here.runtime().reading() as rows:
        if signup.nobody_yet(rows):
            return redirect("/setup", 303)
    if here.present():
        return redirect(safe_next(request.args.get("next", "")), 303)
    return render_template("login/login.html", form=None, next=safe_next(request.args.get("next", "")))


@pages.post("/login")
@here.open_to_all
def enter() -> ResponseReturnValue:
    """Checks, waits where guessing is suspected, gives the browser its cookie."""
    form = forms.typed()
    wanted = safe_next(form["next"])
    try:
        someone = login.log_in(here.runtime(), form["login"], form.raw("password"), here.address(), cookies.known_as(form["login"]))
    except InvalidInput as error:
        form.refuse(error)
        return render_template("login/login.html", form=form, next=wanted), 429 if error.field == "login" else 422
    assert someone.id is not None
    leave_quietly()
    with here.runtime().session() as rows:
        _, secret = sessions.open_session(rows, someone.id, None, browsers.name_of(request.user_agent.string), here.now())
    cookies.start_over()
    cookies.remember(secret, someone.login)
    return redirect(wanted, 303)


@pages.post("/logout")
@here.open_to_all
def leave() -> ResponseReturnValue:
    """Ends this browser's log-in, here and in the database."""
    leave_quietly()
    cookies.start_over()
    cookies.remember("")
    return redirect("/login", 303)


def leave_quietly() -> None:
    """End the log-in this browser has, if any."""
    found = here.present()
    if found and found.person.id is not None:
        try:
            with here.runtime().session() as rows:
                sessions.end(rows, found.session_id, found.person.id)
        except NotFound:
            pass


def safe_next(wanted: str) -> str:
    """Where to go after logging in: only ever a page of ours."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\", "/login", "/logout")) or any(c < " " or c == "\\" for c in wanted):
        return "/"
    return wanted
