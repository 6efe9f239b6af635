"""One post: what became of it, in a sentence; its history; what it brought; and what can be done about it now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from creatorbot.announcements import edits, states
from creatorbot.announcements.engagement.shown import echo_of
from creatorbot.announcements.handover.story import story_of
from creatorbot.announcements.queries import get_announcement, get_post, posts_of_announcement
from creatorbot.announcements.removing import wanting
from creatorbot.announcements.rewriting import is_possible
from creatorbot.announcements.wordings import thread
from creatorbot.announcements.wordings.keeping import message_of
from creatorbot.artists.accounts import server_facts
from creatorbot.artists.health.decide import BROKEN
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.links.address import link_address, public_base
from creatorbot.models import Account, Installation, Link, Post, Server
from creatorbot.releases.queries import get_release
from creatorbot.runtime import browser_address
from creatorbot.web.calendar import boosts
from creatorbot.web.here import artist_id, language, may, needs, now, own_root, person, runtime
from creatorbot.web.money import moneys
from creatorbot.web.posts import EDITS, MOVING, OUTCOMES, SENTENCES, ended_after_being_out, tag_of
from creatorbot.wording import N_, say

pages = Blueprint("posts", __name__)


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
        story = story_of(session, post)
        answers = _answers(session, post, account)
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
            "other_result": _result(session, story.other_id) if story else None,
            "answers": answers,
            "changes": edits.edits_of(session, post_id),
            "change_hint": _change_hint(session, post),
            "echo": echo_of(session, post),
            "words": message_of(session, post),
            "messages": thread.length_of(session, post),
            "removal": (removal := wanting.removal_of(session, post_id)),
            "boosts": boosts.shown(session, post),
            "rewritable": is_possible(posts_of_announcement(session, post.announcement_id)),
            "may_go": not wanting.why_not(session, post),
        }
    sentence = say(language(), _sentence(post, account, answers), {"domain": domain, "handle": account.handle})
    if removal is not None and removal.state == "done":
        sentence, about["open_at"] = say(language(), TAKEN_DOWN, {"domain": domain}), ""
    return render_template(
        "posts/post.html",
        sentence=sentence,
        story=story,
        moving=post.state in MOVING or (story is not None and not story.over),
        tag_of=tag_of,
        mend=post.state == "held" and account.state in BROKEN,
        edit_tags=EDITS,
        changeable=post.state in edits.OUT and not about["change_hint"],
        moneys=moneys,
        **about,
    )


@pages.post("/posts/<int:post_id>/<any('send-now', 'again', 'there', 'not-there', 'cancel'):asked>")
@needs("manager")
def act(post_id: int, asked: str) -> ResponseReturnValue:
    """What a button asks for. Raises Conflict, shown as a sentence, when the post has moved on meanwhile."""
    with runtime().session() as session:
        ACTS[asked](session, get_post(session, artist_id(), post_id), now(), person().name)
    return redirect(f"/posts/{post_id}", 303)


KEPT = N_("It waits until %(handle)s can post again.")
NO_LONGER_THERE = N_("It was out on %(domain)s, and is not there any more.")
TAKEN_DOWN = N_("It was out on %(domain)s, and was taken down.")
ACTS: dict[str, Callable[[Session, Post, datetime, str], None]] = {
    "send-now": states.send_now,
    "again": states.try_again,
    "there": states.is_there,
    "not-there": states.not_there,
    "cancel": states.cancel_post,
}


def _sentence(post: Post, account: Account, answers: list[tuple[str, str, str]]) -> str:
    """What became of it: a gettext id."""
    if ended_after_being_out(post):
        return NO_LONGER_THERE
    kept = post.state == "held" and account.state in BROKEN and all(path == "cancel" for path, _, _ in answers)
    return KEPT if kept else SENTENCES[post.state]


def _answers(session: Session, post: Post, account: Account) -> list[tuple[str, str, str]]:
    """The buttons for this state: path, words, kind of button. Empty for a viewer."""
    if not may("manager"):
        return []
    if post.state == "held" and states.unresolved(session, post):
        return [("again", N_("Look again"), "go"), ("there", N_("It is there"), ""), ("not-there", N_("It is not there: post it"), "")]
    if post.state == "held" and account.state in BROKEN:
        return [("cancel", N_("Call it off"), "quiet")]
    return {
        "waiting": [("send-now", N_("Post now"), "go"), ("cancel", N_("Call it off"), "quiet")],
        "due": [("cancel", N_("Call it off"), "quiet")],
        "held": [("again", N_("Post it now"), "go"), ("cancel", N_("Call it off"), "quiet")],
        "failed": [("again", N_("Try again"), "go"), ("cancel", N_("Leave it"), "quiet")],
        "vanished": [("again", N_("Post it again"), "go"), ("cancel", N_("Leave it"), "quiet")],
    }.get(post.state, [])


def _change_hint(session: Session, post: Post) -> str:
    """Why the text of a post that is out cannot be changed, in the reader's language; "" when it can, or when it is not out."""
    reason = edits.reason_against(session, post) if post.state in edits.OUT else None
    return say(language(), *reason) if reason else ""


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
