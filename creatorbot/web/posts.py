"""One post: what became of it, in a sentence; its history; what it brought; and what can be done about it now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from creatorbot.announcements import states
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.artists.accounts import server_facts
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.links.address import link_address, public_base
from creatorbot.models import Account, Installation, Link, Post, Server
from creatorbot.releases.queries import get_release
from creatorbot.runtime import browser_address
from creatorbot.web.here import artist_id, language, may, needs, now, own_root, person, runtime
from creatorbot.web.money import moneys
from creatorbot.wording import N_, say

pages = Blueprint("posts", __name__)

SENTENCES: dict[str, str] = {
    "waiting": N_("It waits for its time."),
    "due": N_("It goes out in a moment."),
    "claimed": N_("It is on its way to %(domain)s."),
    "published": N_("It is out. In a minute we look once more whether %(domain)s really shows it."),
    "confirmed": N_("It is out, and we have seen it on %(domain)s."),
    "unknown": N_("We sent it, but the answer of %(domain)s was lost. We look whether it is there before anything is sent again."),
    "held": N_("It waits for your answer."),
    "failed": N_("It did not go out. Nothing of it is on %(domain)s."),
    "handed_over": N_("Another account took it over."),
    "vanished": N_("It was out, but %(domain)s no longer shows it."),
    "cancelled": N_("It was called off and does not go out."),
}
TAGS: dict[str, tuple[str, str]] = {
    "waiting": (N_("scheduled"), ""),
    "due": (N_("going out"), "warn"),
    "claimed": (N_("going out"), "warn"),
    "published": (N_("out"), "good"),
    "confirmed": (N_("out"), "good"),
    "unknown": (N_("we are looking"), "warn"),
    "held": (N_("needs you"), "warn"),
    "failed": (N_("not sent"), "bad"),
    "handed_over": (N_("taken over"), ""),
    "vanished": (N_("gone"), "bad"),
    "cancelled": (N_("called off"), ""),
}
OUTCOMES: dict[str, str] = {
    "open": N_("under way"),
    "published": N_("the server took it"),
    "refused": N_("the server said no; nothing was posted"),
    "revoked": N_("our permission was gone; nothing was posted"),
    "busy": N_("the server asked us to come back later; nothing was posted"),
    "unreached": N_("the server could not be reached; nothing was sent"),
    "unknown": N_("the answer was lost; it may have worked"),
    "absent": N_("looked for afterwards: it is not there"),
}
MOVING = frozenset({"due", "claimed", "unknown"})


@dataclass(frozen=True)
class Step:
    """One line of the history, already in the reader's language."""

    at: datetime
    said: str
    more: str = ""


@pages.get("/posts/<int:post_id>")
@needs("viewer")
def show(post_id: int) -> ResponseReturnValue:
    """Everything about one post."""
    with runtime().reading() as session:
        post = get_post(session, artist_id(), post_id)
        account = session.get_one(Account, post.account_id)
        announcement = get_announcement(session, artist_id(), post.announcement_id)
        link = session.exec(select(Link).where(Link.post_id == post_id)).first()
        domain = server_facts(session.get_one(Server, account.server_id)).domain
        about = {
            "post": post,
            "account": account,
            "announcement": announcement,
            "domain": domain,
            "release": get_release(session, artist_id(), announcement.release_id),
            "link": link,
            "link_address": link_address(public_base(session.get(Installation, 1)) or own_root(), link.code) if link else "",
            "open_at": browser_address(session, artist_id(), post.remote_url) if post.remote_url else "",
            "history": _history(session, post_id),
            "tries": _tries(session, post_id),
            "result": _result(session, post_id),
            "answers": _answers(session, post),
        }
    sentence = say(language(), SENTENCES[post.state], {"domain": domain})
    return render_template("posts/post.html", sentence=sentence, moving=post.state in MOVING, tags=TAGS, moneys=moneys, **about)


@pages.post("/posts/<int:post_id>/<any('send-now', 'again', 'there', 'not-there', 'cancel'):asked>")
@needs("manager")
def act(post_id: int, asked: str) -> ResponseReturnValue:
    """What a button asks for. Raises Conflict, shown as a sentence, when the post has moved on meanwhile."""
    with runtime().session() as session:
        ACTS[asked](session, get_post(session, artist_id(), post_id), now(), person().name)
    return redirect(f"/posts/{post_id}", 303)


ACTS: dict[str, Callable[[Session, Post, datetime, str], None]] = {
    "send-now": states.send_now,
    "again": states.try_again,
    "there": states.is_there,
    "not-there": states.not_there,
    "cancel": states.cancel_post,
}


def _answers(session: Session, post: Post) -> list[tuple[str, str, str]]:
    """The buttons for this state: path, words, kind of button. Empty for a viewer."""
    if not may("manager"):
        return []
    if post.state == "held" and states.unresolved(session, post):
        return [("again", N_("Look again"), "go"), ("there", N_("It is there"), ""), ("not-there", N_("It is not there: post it"), "")]
    return {
        "waiting": [("send-now", N_("Post now"), "go"), ("cancel", N_("Call it off"), "quiet")],
        "due": [("cancel", N_("Call it off"), "quiet")],
        "held": [("again", N_("Post it now"), "go"), ("cancel", N_("Call it off"), "quiet")],
        "failed": [("again", N_("Try again"), "go"), ("cancel", N_("Leave it"), "quiet")],
        "vanished": [("again", N_("Post it again"), "go"), ("cancel", N_("Leave it"), "quiet")],
    }.get(post.state, [])


def _history(session: Session, post_id: int) -> list[Step]:
    """Who, when, why; newest first."""
    return [
        Step(change.at, say(language(), change.why), "" if change.who == states.US else change.who)
        for change in reversed(states.changes_of(session, post_id))
    ]


def _tries(session: Session, post_id: int) -> list[Step]:
    """Every try to send it; newest first."""
    return [
        Step(attempt.started_at, say(language(), OUTCOMES.get(attempt.outcome, "")), say(language(), attempt.sentence))
        for attempt in reversed(states.attempts_of(session, post_id))
    ]


def _result(session: Session, post_id: int) -> PostResult | None:
    return next((result for result in by_post(session, artist_id()) if result.post_id == post_id), None)
