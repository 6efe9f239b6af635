"""Boosting one post later: choosing when, calling it off, trying again."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.boosting import wanting
from creatorbot.announcements.planning.rules import rules_row
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.announcements.when import local, parse_local
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Account, Artist, Boost, Post
from creatorbot.releases.queries import get_release
from creatorbot.web.calendar.month import BOOST_TAGS
from creatorbot.web.here import artist, artist_id, needs, now, person, runtime
from creatorbot.web.house import showing
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.wording import N_

pages = Blueprint("boosts", __name__)
USUAL = timedelta(days=7)


@dataclass(frozen=True)
class Boosts:
    """What the post's page says about boosting. why_not: a gettext id, "" when it can be boosted."""

    known: list[tuple[Boost, Account]]
    why_not: str
    tags: dict[str, tuple[str, str]]


def shown(session: Session, post: Post) -> Boosts:
    """For the post's page."""
    booster = wanting.booster_of(session, post, rules_row(session, post.artist_id, now()))
    known = wanting.boosts_about(session, post.id or 0)
    done = any(boost.account_id == booster.id and boost.state == "done" for boost, _ in known)
    planned = any(boost.state == "planned" for boost, _ in known)
    return Boosts(known, "-" if done or planned else wanting.why_not(session, post, booster), BOOST_TAGS)


@pages.get("/posts/<int:post_id>/boost")
@needs("manager")
def ask(post_id: int) -> ResponseReturnValue:
    """When, and what the artist's own rules make of it. Raises Conflict, shown as a sentence, where it is not possible."""
    return _page(post_id, Form())


@pages.post("/posts/<int:post_id>/boost")
@needs("manager")
def want(post_id: int) -> ResponseReturnValue:
    """Plan it, at the first moment from then on that the rules allow."""
    form = typed()
    try:
        earliest = parse_local(form["when"], artist().time_zone, now()) if form["do"] != "soon" else now()
        with runtime().session() as session:
            post = get_post(session, artist_id(), post_id)
            boost = wanting.want(session, session.get_one(Artist, artist_id()), post, earliest, person().name, now())
            at, why = boost.due_at, (boost.sentence, boost.values)
    except InvalidInput as error:
        form.refuse(error)
        form.wrong_field = "when"
        return _page(post_id, form), 422
    tell(N_("It is boosted on %(day)s."), day=showing.exact(at))
    if why[0]:
        tell(why[0], "warn", **why[1])
    return redirect(f"/posts/{post_id}#boosts", 303)


@pages.post("/posts/<int:post_id>/boosts/<int:boost_id>/<any('stop', 'again'):asked>")
@needs("manager")
def act(post_id: int, boost_id: int, asked: str) -> ResponseReturnValue:
    """Call it off, or try once more what failed. Raises Conflict, shown as a sentence, when it has moved on meanwhile."""
    try:
        with runtime().session() as session:
            boost = wanting.get_boost(session, artist_id(), boost_id)
            if asked == "stop":
                wanting.call_off(session, boost, person().name, now())
            else:
                post = get_post(session, artist_id(), boost.post_id)
                wanting.want(session, session.get_one(Artist, artist_id()), post, now(), person().name, now())
    except InvalidInput as error:
        raise Conflict(error.message, **error.values) from error
    if asked == "stop":
        tell(N_("It is not boosted."))
    return redirect("/calendar" if typed()["from"] == "calendar" else f"/posts/{post_id}#boosts", 303)


def _page(post_id: int, form: Form) -> str:
    with runtime().reading() as session:
        post = get_post(session, artist_id(), post_id)
        rules = rules_row(session, artist_id(), now())
        booster = wanting.booster_of(session, post, rules)
        if reason := wanting.why_not(session, post, booster):
            raise Conflict(reason)
        usual = max(now() + timedelta(hours=1), (post.published_at or now()) + USUAL)
        polite = wanting.when_polite(session, artist(), booster.id or 0, usual, now())
        soon = wanting.when_polite(session, artist(), booster.id or 0, now(), now())
        release = get_release(session, artist_id(), get_announcement(session, artist_id(), post.announcement_id).release_id)
    return render_template(
        "calendar/boost.html",
        post=post,
        release=release,
        booster=booster,
        rules=rules,
        form=form,
        proposed=local(polite.at or usual, artist().time_zone),
        soon=soon.at,
        active="calendar",
    )
