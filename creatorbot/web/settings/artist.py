"""The artist's name, zone, currency, language, colour and amounts."""

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.amounts import Money, parse
from creatorbot.artists import signup
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Artist
from creatorbot.web import here
from creatorbot.web.house import accent, choices, forms
from creatorbot.wording import N_

pages = Blueprint("settings", __name__)


@pages.get("/settings")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """The form, filled in; read only for those who may not change it."""
    return _page(None)


@pages.post("/settings")
@here.needs("manager")
def save() -> ResponseReturnValue:
    """Keeps what was typed."""
    form = forms.typed()
    try:
        with here.runtime().session() as rows:
            row = rows.get(Artist, here.artist_id())
            if row is None:
                raise NotFound("This artist is gone.")
            _keep(row, form)
            rows.add(row)
    except InvalidInput as error:
        form.refuse(error)
        return _page(form), 422
    if accent.moved(row.accent):
        forms.tell(N_("Saved. Your colour is hard to read on paper, so words use a darker tone of it."), "warn")
    else:
        forms.tell(N_("Saved."))
    return redirect("/settings", 303)


@pages.get("/accent/<string(length=6):colour>.css")
@here.open_to_all
def style(colour: str) -> ResponseReturnValue:
    """The artist's colour as a style sheet: our policy allows no inline style."""
    try:
        text = accent.style(accent.read_colour("#" + colour))
    except InvalidInput as error:
        raise NotFound("There is no such colour.") from error
    return Response(text, mimetype="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _keep(row: Artist, form: forms.Form) -> None:
    checked = signup.check_artist(signup.TypedArtist(form["name"], form["time_zone"], form["currency"], form["language"]))
    row.name, row.time_zone, row.currency, row.language = checked.name, checked.time_zone, checked.currency, checked.language
    row.accent = accent.read_colour(form["accent"])
    minimum, suggested = _amount(form, "minimum", row.currency), _amount(form, "suggested", row.currency)
    signup.check_amounts(suggested, minimum)
    row.minimum_minor, row.suggested_minor = minimum.minor, suggested.minor


def _amount(form: forms.Form, name: str, currency: str) -> Money:
    try:
        return parse(form[name] or "0", currency)
    except InvalidInput as error:
        raise InvalidInput(error.message, field=name, **error.values) from error


def _page(form: forms.Form | None) -> str:
    row = here.artist()
    stands = {
        "name": row.name,
        "time_zone": row.time_zone,
        "currency": row.currency,
        "language": row.language,
        "accent": row.accent,
        "suggested": Money(row.suggested_minor, row.currency).plain,
        "minimum": Money(row.minimum_minor, row.currency).plain,
    }
    return render_template("settings/artist.html", form=form or forms.Form(stands), choices=choices, active="settings")
