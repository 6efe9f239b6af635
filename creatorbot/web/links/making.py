"""Making a link by hand, and changing what it is called and what it opens."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.errors import InvalidInput
from creatorbot.links.beyond.heading import link_heading
from creatorbot.links.beyond.typed import MADE_BY_HAND, TypedLink, change_link, get_link, make_link, typed_of
from creatorbot.models import Link
from creatorbot.releases.queries import releases_of
from creatorbot.web.here import artist_id, language, needs, now, runtime
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.wording import N_

pages = Blueprint("making_links", __name__)

# For each kind: what it is made for, and what the name means there; "" where it may be left out.
FOR: dict[str, tuple[str, str]] = {
    "poster": (N_("A poster for a gig"), N_("To print, with a code to scan. What is opened and given that evening stands under the gig.")),
    "bio": (N_("Your bio"), N_("For the line about you on a network, where posts come and go but the link stays.")),
    "newsletter": (N_("A newsletter"), N_("One for each letter shows which letter people followed.")),
    "button": (N_("A button on a website"), N_("A few lines to paste into a page of yours or of a friend.")),
    "other": (N_("Something else"), N_("A flyer, a sticker, a record sleeve, a friend who shares it.")),
}
NAMES: dict[str, tuple[str, str]] = {
    "poster": (N_("Gig"), N_("As it is called: the venue, the festival, the tour.")),
    "bio": (N_("Where it stands"), N_("To tell several apart, like: Mastodon, Instagram.")),
    "newsletter": (N_("Which letter"), N_("Like: Summer letter 2026.")),
    "button": (N_("Whose website"), N_("To tell several apart.")),
    "other": (N_("Name"), N_("So that you know it again in Results.")),
}
NAMED_ALWAYS = ("poster", "newsletter", "other")


@pages.route("/links/new", methods=["GET", "POST"])
@needs("manager")
def new() -> ResponseReturnValue:
    """First what for, then its few words."""
    kind = request.values.get("kind", "")
    if request.method == "GET" and kind not in MADE_BY_HAND:
        return render_template("links/what_for.html", choices=FOR)
    form = typed() if request.method == "POST" else Form({"opens": _asked_release()})
    if request.method == "POST":
        try:
            with runtime().session() as session:
                made = make_link(session, artist_id(), _typed_link(form, kind), now())
                made_id = made.id
        except InvalidInput as error:
            form.refuse(error)
            if error.field == "kind":
                return render_template("links/what_for.html", choices=FOR, form=form), 422
        else:
            return redirect(f"/links/{made_id}", 303)
    return _form_page(form, kind, None)


@pages.route("/links/<int:link_id>/edit", methods=["GET", "POST"])
@needs("manager")
def edit(link_id: int) -> ResponseReturnValue:
    """What it is called and what it opens; its address stays."""
    with runtime().reading() as session:
        link = get_link(session, artist_id(), link_id)
    if link.kind not in MADE_BY_HAND:
        raise InvalidInput("This link belongs to a post or to your own page. It cannot be changed here.")
    form = typed() if request.method == "POST" else Form(asdict(typed_of(link)))
    if request.method == "POST":
        try:
            with runtime().session() as session:
                change_link(session, get_link(session, artist_id(), link_id), _typed_link(form, link.kind))
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(N_("Saved. The address is the same as before."))
            return redirect(f"/links/{link_id}", 303)
    return _form_page(form, link.kind, link)


def _typed_link(form: Form, kind: str) -> TypedLink:
    return TypedLink(kind, form.raw("label"), form["opens"], form.raw("gig_place"), form["gig_on"])


def _asked_release() -> str:
    asked = request.args.get("release", "")
    return asked if asked.isascii() and asked.isdigit() and len(asked) < 19 else ""


def _form_page(form: Form, kind: str, link: Link | None) -> ResponseReturnValue:
    with runtime().reading() as session:
        releases = [(str(release.id), release.title) for release in releases_of(session, artist_id())]
    page = render_template(
        "links/form.html",
        form=form,
        kind=kind,
        link=link,
        heading=link_heading(link, language()) if link else "",
        releases=releases,
        what=FOR[kind],
        name=NAMES[kind],
        named_always=kind in NAMED_ALWAYS,
    )
    return page, 422 if form.sentence else 200
