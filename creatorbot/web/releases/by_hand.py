"""Releases typed in by hand, and what the artist corrects in one that was found."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.errors import InvalidInput
from creatorbot.models import Release
from creatorbot.releases.by_hand import TypedRelease, add_release, edit_release, typed_of
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist, artist_id, language, needs, now, runtime
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.web.releases.shown import KINDS
from creatorbot.wording import N_, licence_name, say

pages = Blueprint("typed_in", __name__)

PRICES: dict[str, str] = {
    "pay_what_you_want": N_("Pay what you want"),
    "minimum": N_("Pay what you want, but at least …"),
    "fixed": N_("A fixed price"),
    "free": N_("Free"),
    "not_sold": N_("Not for sale"),
    "unknown": N_("I would rather not say"),
}
LICENCES: dict[str, str] = {
    "": N_("I do not know"),
    "all-rights-reserved": N_("All rights reserved"),
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC-BY-NC-4.0": "CC BY-NC 4.0",
    "CC-BY-NC-SA-4.0": "CC BY-NC-SA 4.0",
    "CC-BY-ND-4.0": "CC BY-ND 4.0",
    "CC-BY-NC-ND-4.0": "CC BY-NC-ND 4.0",
    "CC0-1.0": "CC0",
}


@pages.route("/releases/new", methods=["GET", "POST"])
@needs("manager")
def new() -> ResponseReturnValue:
    """Type one in by hand."""
    form = typed() if request.method == "POST" else Form({"artist_name": artist().name, "currency": artist().currency})
    if request.method == "POST":
        try:
            with runtime().session() as session:
                release = add_release(session, artist(), _typed_release(form), now())
                made = release.id
        except InvalidInput as error:
            form.refuse(error)
        else:
            return redirect(f"/releases/{made}", 303)
    return _form_page(form, None)


@pages.route("/releases/<int:release_id>/edit", methods=["GET", "POST"])
@needs("manager")
def edit(release_id: int) -> ResponseReturnValue:
    """Change what is known, and what is suggested for it."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
    form = typed() if request.method == "POST" else Form(asdict(typed_of(release, artist())))
    if request.method == "POST":
        try:
            with runtime().session() as session:
                edit_release(session, get_release(session, artist_id(), release_id), _typed_release(form), now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(N_("Saved."))
            return redirect(f"/releases/{release_id}", 303)
    return _form_page(form, release)


def _typed_release(form: Form) -> TypedRelease:
    return TypedRelease(**{name: form.raw(name) for name in TypedRelease.__dataclass_fields__})


def _form_page(form: Form, release: Release | None) -> ResponseReturnValue:
    licences = dict(LICENCES)
    if form["licence"] not in licences:  # a port or an older version, as its page says it
        licences[form["licence"]] = licence_name(form["licence"]) or form["licence"]
    page = render_template("releases/form.html", form=form, release=release, kinds=KINDS, prices=PRICES, licences=licences, says=_says)
    return page, 422 if form.sentence else 200


def _says(options: dict[str, str]) -> list[tuple[str, str]]:
    """Choices of a list, in the reader's language."""
    return [(value, say(language(), words)) for value, words in options.items()]
