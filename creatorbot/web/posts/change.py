"""Changing the text of a post that is out: what it says, what it could say, how that will look; and calling a change off."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements import edits
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.announcements.text import parts
from creatorbot.announcements.wordings.keeping import message_of
from creatorbot.errors import InvalidInput
from creatorbot.models import Account
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id, needs, now, person, runtime
from creatorbot.web.house.forms import Form, tell
from creatorbot.wording import N_

pages = Blueprint("change", __name__)
FRAGMENT = "X-Fragment"


@pages.get("/posts/<int:post_id>/edit")
@needs("manager")
def edit(post_id: int) -> ResponseReturnValue:
    """Both texts side by side. ?change= the change in the release's life that asks for it."""
    return _page(post_id, Form())


@pages.post("/posts/<int:post_id>/edit/preview")
@needs("manager")
def show(post_id: int) -> ResponseReturnValue:
    """How what is typed will look; the whole page for a browser without scripts. Keeps nothing."""
    return _page(post_id, _typed(), fragment=FRAGMENT in request.headers)


@pages.post("/posts/<int:post_id>/edit")
@needs("manager")
def save(post_id: int) -> ResponseReturnValue:
    """Want it. The post's page says how it goes on. Raises Conflict, shown as a sentence, when it cannot be changed any more."""
    form = _typed()
    try:
        with runtime().session() as session:
            edits.want_edit(session, get_post(session, artist_id(), post_id), form.raw("text"), person().name, now(), _change_id())
    except InvalidInput as error:
        form.refuse(error)
        return _page(post_id, form), 422
    tell(N_("It is changed in a moment."))
    return redirect(f"/posts/{post_id}", 303)


@pages.post("/posts/<int:post_id>/edits/<int:edit_id>/<any('cancel', 'again'):asked>")
@needs("manager")
def act(post_id: int, edit_id: int, asked: str) -> ResponseReturnValue:
    """Call a change off, or try one again that failed. Raises Conflict, shown as a sentence, when it has moved on meanwhile."""
    with runtime().session() as session:
        found = edits.get_edit(session, artist_id(), edit_id)
        if asked == "cancel":
            edits.cancel_edit(session, found, now())
        else:
            post = get_post(session, artist_id(), found.post_id)
            edits.want_edit(session, post, found.text, person().name, now(), found.change_id)
    return redirect(f"/posts/{found.post_id}", 303)


def _typed() -> Form:
    return Form({"text": request.form.get("text", "").replace("\r\n", "\n")})


def _change_id() -> int | None:
    asked = request.values.get("change", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _page(post_id: int, form: Form, *, fragment: bool = False) -> str:
    with runtime().reading() as session:
        post = get_post(session, artist_id(), post_id)
        announcement = get_announcement(session, artist_id(), post.announcement_id)
        words = message_of(session, post)
        release = get_release(session, artist_id(), announcement.release_id)
        change = edits.get_change(session, artist_id(), change_id) if (change_id := _change_id()) else None
        account = session.get_one(Account, post.account_id)
        offer = edits.offer(session, post, release, change, form.raw("text") if "text" in form.values else None)
    return render_template(
        "posts/change_preview.html" if fragment else "posts/change.html",
        post=post,
        release=release,
        account=account,
        words=words,
        offer=offer,
        form=form,
        now_says=parts(offer.before),
        will_say=parts(offer.after),
    )
