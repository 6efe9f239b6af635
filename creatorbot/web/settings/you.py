"""The person: language, password, and where they are logged in."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists import login, sessions
from creatorbot.errors import InvalidInput
from creatorbot.models import Person
from creatorbot.web import here
from creatorbot.web.house import choices, cookies, forms
from creatorbot.wording import N_

pages = Blueprint("you", __name__)


@pages.get("/settings/you")
@here.needs("viewer", artist=False)
def show() -> ResponseReturnValue:
    """All of it on one page."""
    return _page(None)


@pages.post("/settings/you/language")
@here.needs("viewer", artist=False)
def language() -> ResponseReturnValue:
    """Name and language of the pages."""
    form = forms.typed()
    with here.runtime().session() as rows:
        someone = rows.get(Person, here.person().id)
        if someone is not None:
            someone.name = form["person"][:100] or someone.name
            if form["language"] in here.languages():
                someone.language = form["language"]
            rows.add(someone)
    here.forget()
    forms.tell(N_("Saved."))
    return redirect("/settings/you", 303)


@pages.post("/settings/you/password")
@here.needs("viewer", artist=False)
def password() -> ResponseReturnValue:
    """A new password; every other browser is logged out."""
    form = forms.typed()
    try:
        me = here.person()
        known = cookies.known_as(me.login)
        fresh = login.change_password(
            here.runtime(), me.id or 0, here.session_id(), form.raw("old"), form.raw("password"), here.address(), known
        )
    except InvalidInput as error:
        form.refuse(error)
        if error.field == "login":
            form.wrong_field = "old"
        return _page(form), 422
    cookies.remember(fresh)
    forms.tell(N_("Your new password works from now on. Everywhere else you are logged out."))
    return redirect("/settings/you", 303)


@pages.post("/settings/you/sessions/<int:other_id>/end")
@here.needs("viewer", artist=False)
def end(other_id: int) -> ResponseReturnValue:
    """Log one browser out."""
    with here.runtime().session() as rows:
        sessions.end(rows, other_id, here.person().id or 0)
    forms.tell(N_("That browser is logged out."))
    return redirect("/settings/you", 303)


def _page(form: forms.Form | None) -> str:
    with here.runtime().reading() as rows:
        mine = sessions.sessions_of(rows, here.person().id or 0, here.now())
    return render_template("settings/you.html", form=form, sessions=mine, this=here.session_id(), choices=choices, active="settings")
