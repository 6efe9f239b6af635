"""Home: what happened, what goes out next, what needs you. And the page behind "More"."""

from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_date
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col

from creatorbot.amounts import Money
from creatorbot.announcements.boosting.wanting import boosts_of
from creatorbot.announcements.queries import get_announcement, upcoming
from creatorbot.announcements.removing.wanting import taken_down
from creatorbot.artists.accounts import accounts_of
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.ledger.services import services_of
from creatorbot.models import Account, Boost, Cover, Post, Release
from creatorbot.releases.queries import releases_of
from creatorbot.web import here
from creatorbot.web.house import asks, showing
from creatorbot.web.telling import happened
from creatorbot.wording import N_, say

pages = Blueprint("home", __name__)
SHOWN = 4


@dataclass(frozen=True)
class Next:
    """A post that is on its way. cover: content hash, or ""."""

    post: Post
    title: str
    handle: str
    cover: str


@pages.get("/")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """Home."""
    artist_id = here.artist_id()
    happened.note_look()
    with here.runtime().reading() as rows:
        news = happened.since_last_look(rows)
        gone = taken_down(rows, artist_id)
        results = [one for one in by_post(rows, artist_id) if one.published_at and one.post_id not in gone]
        coming = [_next(rows, post) for post in upcoming(rows, artist_id, here.now(), SHOWN)]
        boosts = boosts_of(rows, artist_id, col(Boost.state) == "planned")[:2]
        releases = releases_of(rows, artist_id)
        fresh = [(one, _cover(rows, one)) for one in releases if one.state in ("new", "listed", "held")][:SHOWN]
        steps = {
            "account": bool(accounts_of(rows, artist_id)),
            "release": bool(releases),
            "payments": bool(services_of(rows, artist_id)),
        }
        needs = asks.asks(rows, artist_id)
    return render_template(
        "home/home.html",
        latest=results[0] if results else None,
        results=results[:SHOWN],
        coming=coming,
        boosts=boosts,
        steps=steps,
        fresh=fresh,
        needs=needs,
        happened=news,
        greeting=_greeting(),
        moneys=_moneys,
        sure_of=_sure_of,
        active="home",
    )


@pages.get("/more")
@here.needs("viewer", artist=False)
def more() -> ResponseReturnValue:
    """What does not fit under the thumb."""
    return render_template("home/more.html", active="more")


def _next(rows: Session, post: Post) -> Next:
    told = get_announcement(rows, post.artist_id, post.announcement_id)
    release, account = rows.get(Release, told.release_id), rows.get(Account, post.account_id)
    return Next(post, release.title if release else "", account.handle if account else "", _cover(rows, release) if release else "")


def _cover(rows: Session, release: Release) -> str:
    """The content hash of its cover; "" without one."""
    cover = rows.get(Cover, release.cover_id) if release.cover_id else None
    return cover.content_hash if cover else ""


def _greeting() -> str:
    """ "Monday morning", in the artist's zone."""
    there = here.now().astimezone(showing.zone())
    part = (N_("%(day)s night"), N_("%(day)s morning"), N_("%(day)s afternoon"), N_("%(day)s evening"))[there.hour // 6]
    named = there if there.hour >= 6 else there - timedelta(days=1)
    return say(here.language(), part, {"day": format_date(named, "EEEE", locale=showing.locale_for(here.language()))})


def _moneys(money: dict[str, int], *, short: bool = True) -> str:
    """Amounts of several currencies, side by side: they do not add up."""
    return ", ".join(showing.money(Money(minor, currency), short=short) for currency, minor in sorted(money.items()) if minor) or ""


def _sure_of(result: PostResult) -> str:
    """The weakest grade among the payments of a post; "" without payments."""
    return next((grade for grade in ("none", "stated", "probable", "strong", "exact") if result.grades.get(grade)), "")
