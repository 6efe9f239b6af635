"""The rehearsal's own page: start, three steps, and wiping it all."""

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists import sessions
from creatorbot.ledger.services import service_of
from creatorbot.models import LoginSession
from creatorbot.web import here
from creatorbot.web.house import cookies, forms
from creatorbot.web.rehearsal import stage
from creatorbot.wording import N_

pages = Blueprint("rehearsal", __name__)
READY_IN_S = 2


@pages.get("/rehearsal")
@here.needs("viewer", artist=False)
def show() -> ResponseReturnValue:
    """Where the rehearsal stands. While the servers get ready the page asks again by itself."""
    person_id = here.person().id or 0
    with here.runtime().reading() as rows:
        missing = stage.needs_admission(rows)
    if missing:
        with here.runtime().session() as rows:
            stage.admit(rows)
    with here.runtime().reading() as rows:
        now = stage.look(rows, person_id)
        paid = service_of(rows, now.artist.id) is not None if now.artist and now.artist.id else False
    found = here.present()
    inside = bool(found and found.artist and now.artist and found.artist.id == now.artist.id)
    answer = make_response(
        render_template("rehearsal/stage.html", stage=now, paid=paid, inside=inside, paths=stage.PATHS, active="rehearsal")
    )
    if now.artist and now.state == "wanted":
        answer.headers["Refresh"] = str(READY_IN_S)
    return answer


@pages.post("/rehearsal/start")
@here.needs("viewer", artist=False)
def start() -> ResponseReturnValue:
    """Makes the practice artist and wishes for the servers; this browser works for it from now on."""
    found = here.present()
    with here.runtime().session() as rows:
        made = stage.start(rows, here.person(), found.artist if found else None, here.language(), here.now())
        row = rows.get(LoginSession, here.session_id())
        if row is not None:
            row.artist_id = made.id
            cookies.remember(sessions.replace(rows, row, here.now()))
    return redirect("/rehearsal", 303)


@pages.post("/rehearsal/wipe")
@here.needs("viewer", artist=False)
def wipe() -> ResponseReturnValue:
    """Deletes the practice artist and everything made with it, nothing else."""
    with here.runtime().session() as rows:
        stage.wipe(rows, here.person().id or 0, here.now())
    here.forget()
    forms.tell(N_("The rehearsal is wiped. Nothing of it is left, and your own artist is as it was."))
    return redirect("/", 303)
