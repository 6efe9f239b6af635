"""The first evening: the printed key, the artist, the person; then what to do next."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from creatorbot.artists import installation, sessions, signup
from creatorbot.errors import InvalidInput
from creatorbot.web import here
from creatorbot.web.house import browsers, choices, cookies, forms

pages = Blueprint("setup", __name__)


@pages.get("/setup")
@here.open_to_all
def start() -> ResponseReturnValue:
    """The key from the printed address is kept in this browser; then the first question."""
    key = request.args.get("key", "").strip()
    if key:
        with here.runtime().reading() as rows:
            signup.check_key(rows, key)
        session["setup_key"] = key
        return redirect("/setup", 303)
    with here.runtime().reading() as rows:
        if not signup.nobody_yet(rows):
            return redirect("/", 303)
        if "setup_key" not in session:
            return render_template("setup/key.html")
        signup.check_key(rows, session["setup_key"])
    return render_template("setup/artist.html", form=forms.Form(session.get("setup_artist", {})), choices=choices)


@pages.post("/setup/artist")
@here.open_to_all
def artist() -> ResponseReturnValue:
    """The artist's name, zone, currency and language."""
    _check()
    form = forms.typed()
    try:
        checked = signup.check_artist(_artist(form))
    except InvalidInput as error:
        form.refuse(error)
        return render_template("setup/artist.html", form=form, choices=choices), 422
    session["setup_artist"] = asdict(checked)
    return redirect("/setup/you", 303)


@pages.get("/setup/you")
@here.open_to_all
def you() -> ResponseReturnValue:
    """Who will log in."""
    _check()
    if "setup_artist" not in session:
        return redirect("/setup", 303)
    return render_template("setup/you.html", form=None, artist_name=session["setup_artist"]["name"])


@pages.post("/setup/you")
@here.open_to_all
def finish() -> ResponseReturnValue:
    """Makes the artist and its owner, burns the key, logs in."""
    _check()
    kept, form = session.get("setup_artist"), forms.typed()
    if not kept:
        return redirect("/setup", 303)
    person = signup.TypedPerson(form["person"] or kept["name"], form["login"], form.raw("password"), kept["language"])
    try:
        password_hash = signup.hashed(person)
        with here.runtime().session() as rows:
            made, someone = signup.sign_up(rows, session["setup_key"], _artist(forms.Form(kept)), person, password_hash, here.now())
            assert someone.id is not None
            installation.expect_public_url(rows, here.own_root(), here.now())
            _, secret = sessions.open_session(rows, someone.id, made.id, browsers.name_of(request.user_agent.string), here.now())
    except InvalidInput as error:
        form.refuse(error)
        return render_template("setup/you.html", form=form, artist_name=kept["name"]), 422
    cookies.start_over()
    cookies.remember(secret, someone.login)
    return redirect("/welcome", 303)


@pages.get("/welcome")
@here.needs("viewer")
def welcome() -> ResponseReturnValue:
    """Done; what next."""
    return render_template("setup/welcome.html", active="home")


def _check() -> None:
    with here.runtime().reading() as rows:
        signup.check_key(rows, session.get("setup_key", ""))


def _artist(form: forms.Form) -> signup.TypedArtist:
    return signup.TypedArtist(form["name"], form["time_zone"], form["currency"], form["language"])
