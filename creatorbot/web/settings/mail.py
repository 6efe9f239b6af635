"""What a member is told by mail, and, for the keeper, the mail server that carries it."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists.telling import carrier, outbox, wishes
from creatorbot.artists.telling.kinds import CHOICES, PACES
from creatorbot.artists.telling.mailing import send_mail
from creatorbot.artists.telling.tell import new_mail
from creatorbot.errors import InvalidInput, NotAllowed
from creatorbot.models import Mail
from creatorbot.security.secrets import word
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.wording import N_, say

pages = Blueprint("mail", __name__)


@pages.get("/settings/mail")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """Both cards."""
    return _page()


@pages.post("/settings/mail")
@here.needs("viewer")
def save() -> ResponseReturnValue:
    """Keeps what the member wishes."""
    form, kinds, now = forms.typed(), request.form.getlist("kinds"), here.now()
    try:
        with here.runtime().session() as rows:
            member = wishes.member_of(rows, here.artist_id(), here.person().id or 0)
            zone = here.artist().time_zone
            greeted = wishes.save(rows, here.runtime().vault, member.id or 0, form["address"], kinds, form["pace"] or "at_once", zone, now)
            ready = carrier.carrier(rows) is not None
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, kinds), 422
    if not form["address"]:
        forms.tell(N_("Saved. No mails are sent to you; what happens is on Home."))
    elif greeted and ready:
        forms.tell(N_("Saved. A first mail is on its way, so that you see that it works."))
    else:
        forms.tell(N_("Saved."))
    return redirect("/settings/mail", 303)


@pages.post("/settings/mail/server")
@here.needs("viewer")
def server() -> ResponseReturnValue:
    """Keeps the mail server."""
    _keeper_only()
    form = forms.typed()
    try:
        with here.runtime().session() as rows:
            typed = {**form.values, "password": form.raw("password")}
            carrier.save(rows, here.runtime().vault, typed, here.now())
    except InvalidInput as error:
        form.refuse(error)
        return _page(server_form=form), 422
    forms.tell(N_("Saved. Send yourself a test to see whether it works."))
    return redirect("/settings/mail#server", 303)


@pages.post("/settings/mail/server/<any('test', 'forget'):asked>")
@here.needs("viewer")
def act(asked: str) -> ResponseReturnValue:
    """Send a test, or forget the server."""
    _keeper_only()
    if asked == "forget":
        with here.runtime().session() as rows:
            carrier.forget(rows)
        forms.tell(N_("The mail server is forgotten. What waits is kept for three days."))
    else:
        _test()
    return redirect("/settings/mail#server", 303)


def _test() -> None:
    now = here.now()
    with here.runtime().session() as rows:
        server = carrier.carrier(rows)
        if server is None:
            return
        member = wishes.member_of(rows, here.artist_id(), here.person().id or 0)
        wish = wishes.wish_of(rows, member.id or 0)
        address = here.runtime().vault.open_text(wish.address) if wish and wish.address else server.sender
        mail_id = new_mail(rows, member.id or 0, f"test:{word(12)}", "test", now, now)
    if mail_id is None:
        return
    send_mail(here.runtime(), mail_id)
    with here.runtime().reading() as rows:
        mail = rows.get_one(Mail, mail_id)
    if mail.state == "failed":
        forms.tell(N_("The test did not get through. %(reason)s"), "bad", reason=say(here.language(), mail.sentence, mail.values or None))
    else:
        forms.tell(N_("Your mail server took the test. Look into the mailbox of %(address)s."), address=address)


def _keeper_only() -> None:
    if not here.person().keeper:
        raise NotAllowed("Only whoever set this creatorbot up may change its mail server.")


def _page(form: forms.Form | None = None, kinds: list[str] | None = None, server_form: forms.Form | None = None) -> str:
    with here.runtime().reading() as rows:
        member = wishes.member_of(rows, here.artist_id(), here.person().id or 0)
        wish = wishes.wish_of(rows, member.id or 0)
        row, last = carrier.carrier(rows), outbox.last_mail(rows, member.id or 0)
    address = here.runtime().vault.open_text(wish.address) if wish and wish.address else ""
    stands = forms.Form({"address": address, "pace": wish.pace if wish else "at_once"})
    fields = ("host", "port", "security", "login", "sender")
    known = forms.Form({name: str(getattr(row, name)) for name in fields} if row else {"security": "tls"})
    return render_template(
        "settings/mail.html",
        form=form or stands,
        kinds=kinds if kinds is not None else wish.kinds if wish else list(CHOICES),
        choices=CHOICES,
        paces=PACES,
        server=row,
        last=last,
        server_form=server_form or known,
        security=carrier.SECURITY,
        active="settings",
    )
