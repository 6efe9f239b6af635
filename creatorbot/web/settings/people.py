"""Who belongs to the artist, and invitations."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists import members
from creatorbot.artists.installation import installation_of
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("people", __name__)
ROLES = {
    "viewer": N_("Viewer – sees everything, changes nothing"),
    "manager": N_("Manager – announces, connects, edits"),
    "owner": N_("Owner – also money keys and people"),
}


@pages.get("/settings/people")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """People and open invitations."""
    return _page("")


@pages.post("/settings/people/invite")
@here.needs("owner")
def invite() -> ResponseReturnValue:
    """Makes a one-time address; it is shown once, here."""
    with here.runtime().session() as rows:
        secret = members.invite(rows, here.artist_id(), forms.typed()["role"], here.person().id or 0, here.now())
        own = installation_of(rows)
    root = own.public_url if own and own.public_answered_at else here.own_root()
    return _page(f"{root}/join/{secret}")


@pages.post("/settings/people/invitations/<int:invitation_id>/withdraw")
@here.needs("owner")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """The address opens nothing any more."""
    with here.runtime().session() as rows:
        members.withdraw(rows, here.artist_id(), invitation_id)
    forms.tell(N_("The invitation is withdrawn."))
    return redirect("/settings/people", 303)


@pages.post("/settings/people/<int:member_id>/role")
@here.needs("owner")
def role(member_id: int) -> ResponseReturnValue:
    """Another role."""
    with here.runtime().session() as rows:
        members.change_role(rows, here.artist_id(), member_id, forms.typed()["role"])
    forms.tell(N_("Saved."))
    return redirect("/settings/people", 303)


@pages.post("/settings/people/<int:member_id>/remove")
@here.needs("owner")
def remove(member_id: int) -> ResponseReturnValue:
    """Off this artist."""
    with here.runtime().session() as rows:
        members.remove_member(rows, here.artist_id(), member_id)
    forms.tell(N_("That person belongs to this artist no more."))
    return redirect("/settings/people", 303)


def _page(address: str) -> str:
    with here.runtime().reading() as rows:
        people = members.members_of(rows, here.artist_id())
        waiting = members.open_invitations(rows, here.artist_id(), here.now())
    return render_template("settings/people.html", people=people, waiting=waiting, roles=ROLES, address=address, active="settings")
