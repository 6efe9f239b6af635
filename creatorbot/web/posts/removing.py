"""Taking a post down: what that means, asked once more before it is done."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.announcements.removing import wanting
from creatorbot.announcements.wordings.keeping import message_of
from creatorbot.artists.accounts import server_facts
from creatorbot.errors import Conflict, NotFound
from creatorbot.models import Account, Server
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id, needs, now, person, runtime
from creatorbot.web.house.forms import tell
from creatorbot.wording import N_

pages = Blueprint("removing", __name__)


@pages.get("/posts/<int:post_id>/take-down")
@needs("manager")
def ask(post_id: int) -> ResponseReturnValue:
    """What will happen and what will not. Raises Conflict, shown as a sentence, where it is not possible."""
    with runtime().reading() as session:
        post = get_post(session, artist_id(), post_id)
        if reason := wanting.why_not(session, post):
            raise Conflict(reason)
        account = session.get_one(Account, post.account_id)
        announcement = get_announcement(session, artist_id(), post.announcement_id)
        about = {
            "post": post,
            "account": account,
            "language_of_post": message_of(session, post).language,
            "release": get_release(session, artist_id(), announcement.release_id),
            "domain": server_facts(session.get_one(Server, account.server_id)).domain,
        }
    return render_template("posts/take_down.html", **about)


@pages.post("/posts/<int:post_id>/take-down")
@needs("manager")
def want(post_id: int) -> ResponseReturnValue:
    """Want it. The post's page says how it goes on."""
    with runtime().session() as session:
        wanting.want_removal(session, get_post(session, artist_id(), post_id), person().name, now())
    tell(N_("It is taken down in a moment."))
    return redirect(f"/posts/{post_id}", 303)


@pages.post("/posts/<int:post_id>/take-down/leave")
@needs("manager")
def leave(post_id: int) -> ResponseReturnValue:
    """Leave it where it is. Raises Conflict, shown as a sentence, when the server has been asked already."""
    with runtime().session() as session:
        get_post(session, artist_id(), post_id)
        found = wanting.removal_of(session, post_id)
        if found is None:
            raise NotFound("Nobody asked for this post to be taken down.")
        wanting.leave_it(session, found)
    return redirect(f"/posts/{post_id}", 303)
