"""The bad day in one press: a practice server goes away, the backup posts, it comes back and boosts. Real accounts take no part."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.artists import sessions
from creatorbot.artists.backup.pairing import Wishes, backs, pairing_of
from creatorbot.artists.members import reaches
from creatorbot.errors import CreatorbotError, NotAllowed
from creatorbot.models import Account, LoginSession, Pairing
from creatorbot.web import here
from creatorbot.web.house import cookies, forms
from creatorbot.web.rehearsal import scene, stage
from creatorbot.wording import N_

pages = Blueprint("bad_day", __name__)


@pages.post("/rehearsal/bad-day")
@here.needs("viewer", artist=False)
def play() -> ResponseReturnValue:
    """Makes whatever is missing, plays it, and shows the post on which it can be watched."""
    runtime, person, session_id, found = here.runtime(), here.person(), here.session_id(), here.present()
    like = forms.typed()["like"]
    with runtime.session() as rows:
        wishes = _wishes(rows, found.artist.id or 0 if found and found.artist else 0, like)
        artist = stage.start(rows, person, found.artist if found else None, here.language(), here.now())
        _, role = stage.of_person(rows, person.id or 0)
        if not reaches(role, "manager"):
            raise NotAllowed("Your part in this rehearsal is to watch. Ask whoever started it.")
        row = rows.get(LoginSession, session_id)
        if row is not None:
            row.artist_id = artist.id
            cookies.remember(sessions.replace(rows, row, here.now()))
    servers = scene.wait_for_servers(runtime)
    if servers is None:
        forms.tell(N_("The practice servers are not ready yet. Wait until they are, then press “Rehearse it” here."), "warn")
        return redirect("/rehearsal", 303)
    with runtime.session() as rows:
        stage.admit(rows)
    cast = scene.Cast(artist.id or 0, session_id, f"{here.own_root()}/connections/{scene.NETWORK}/return")
    try:
        post_id = scene.play(runtime, cast, *servers, wishes)
    except CreatorbotError as error:
        forms.tell(error.message, "bad", **error.values)
        return redirect("/rehearsal", 303)
    forms.tell(N_("This is the rehearsal: the practice server is switched off for half a minute. Watch what becomes of this post."))
    return redirect(f"/posts/{post_id}", 303)


def _wishes(rows: Session, artist_id: int, like: str) -> Wishes:
    """As chosen for the account whose page it was asked on; the usual ones otherwise."""
    account = rows.get(Account, int(like)) if like.isdecimal() and len(like) < 10 else None
    if account is None or account.artist_id != artist_id:
        return Wishes()
    row = pairing_of(rows, account.id or 0) or next(iter(backs(rows, account.id or 0)), None)
    return _of(row) if row is not None else Wishes()


def _of(row: Pairing) -> Wishes:
    return Wishes(rather=row.rather, if_absent=row.if_absent, if_there=row.if_there)
