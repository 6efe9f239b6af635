"""Releases: what is out, and one release with all that is known of it: its places, its life, its posts and what they brought."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.amounts import Money
from creatorbot.announcements.drafts import new_draft
from creatorbot.announcements.queries import announcements_of, posts_of_announcement
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.links.licence import attribution_line, deed_address, read_licence
from creatorbot.models import Account, Announcement, Post, Release, ReleasePlace, Source
from creatorbot.releases.changes import changes_of
from creatorbot.releases.holding import answer_release
from creatorbot.releases.merging import suggestions_of
from creatorbot.releases.places import BY_HAND, place_values, places_of
from creatorbot.releases.polling.own_page import refresh_release
from creatorbot.releases.queries import get_release, releases_of, sources_of
from creatorbot.runtime import browser_address
from creatorbot.web.here import artist, artist_id, language, needs, now, person, runtime
from creatorbot.web.house.forms import tell
from creatorbot.web.money import moneys
from creatorbot.web.posts import tag_of
from creatorbot.web.releases import shown
from creatorbot.web.releases.life import lived
from creatorbot.web.releases.same import merges_of
from creatorbot.wording import N_

pages = Blueprint("releases", __name__)
OUT = ("published", "confirmed")  # posts that stand on a server and can be changed there


@dataclass(frozen=True)
class Told:
    """One post about a release, and what it brought; result None while it has brought nothing."""

    post: Post
    account: Account
    result: PostResult | None


@dataclass(frozen=True)
class Place:
    """Where it can be had. open_at: what this browser can open, "" for nothing."""

    name: str
    url: str
    price: str
    availability: str
    open_at: str


@pages.get("/releases")
@needs("viewer")
def listing() -> ResponseReturnValue:
    """All releases, newest first."""
    with runtime().reading() as session:
        releases = releases_of(session, artist_id())
        covers = shown.covers_of(session, releases)
        sources = {source.id: source for source in sources_of(session, artist_id())}
        twins = len(suggestions_of(session, artist_id()))
    return render_template("releases/listing.html", releases=releases, covers=covers, sources=sources, twins=twins, shown=shown)


@pages.get("/releases/<int:release_id>")
@needs("viewer")
def one(release_id: int) -> ResponseReturnValue:
    """Everything known about one release, where it was announced, and what that brought."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
        if release.id != release_id:  # it was joined with another
            return redirect(f"/releases/{release.id}", 303)
        announcements = announcements_of(session, artist_id(), release_id=release_id)
        told = _told(session, announcements)
        places = _places(session, release)
        source = session.get(Source, release.source_id) if release.source_id else None
        merges = merges_of(session, release)
        life = [lived(change) for change in changes_of(session, release_id)]
        cover = shown.covers_of(session, [release]).get(release.cover_id)
    address = release.url or (places[0].url if places else "")
    line = attribution_line(language(), release.licence, title=release.title, artist=release.artist_name or artist().name, address=address)
    return render_template(
        "releases/one.html",
        release=release,
        cover=cover,
        source=source,
        draft=next((one for one in announcements if one.state == "draft"), None),
        told=told,
        out=[one for one in told if one.post.state in OUT],
        shown=shown,
        had_at=places,  # base.html has places of its own
        tag_of=tag_of,
        moneys=moneys,
        of_minor=Money,
        licence=read_licence(release.licence),
        deed=deed_address(language(), release.licence),
        attribution=line,
        life=life,
        merges=merges,
    )


@pages.post("/releases/<int:release_id>/announce")
@needs("manager")
def announce(release_id: int) -> ResponseReturnValue:
    """A draft with our proposal, on the Compose desk. What a list of releases did not tell is looked up first."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
    if release.price_model == "unknown" and release.source_id:
        refresh_release(runtime(), release.id or 0)
    with runtime().session() as session:
        release = get_release(session, artist_id(), release_id)
        draft = new_draft(session, artist(), release, person(), now())
        made = draft.id
    return redirect(f"/announcements/{made}", 303)


@pages.post("/releases/<int:release_id>/answer")
@needs("manager")
def answer(release_id: int) -> ResponseReturnValue:
    """A held release: it is news, or it was already out."""
    news = request.form.get("do") == "new"
    with runtime().session() as session:
        taken = answer_release(session, get_release(session, artist_id(), release_id), news=news, now=now())
    if taken:
        tell(N_("It counts as new now.") if news else N_("Good: nobody is told about it."))
    return redirect(f"/releases/{release_id}", 303)


def _places(session: Session, release: Release) -> list[Place]:
    rows = places_of(session, release.id or 0)
    if not rows and release.url:  # typed in, or known since before places were kept
        rows = [ReleasePlace.model_validate(place_values(release.model_dump(), BY_HAND, now()), update={"release_id": release.id})]
    return [
        Place(shown.place_name(row), row.url, shown.price_at(row), row.availability, _open_at(session, row.url)) for row in rows if row.url
    ]


def _open_at(session: Session, url: str) -> str:
    return browser_address(session, artist_id(), url) if url.startswith(("https://", "http://")) else ""


def _told(session: Session, announcements: list[Announcement]) -> list[Told]:
    results = {result.post_id: result for result in by_post(session, artist_id())} if announcements else {}
    return [
        Told(post, session.get_one(Account, post.account_id), results.get(post.id or 0))
        for announcement in announcements
        for post in posts_of_announcement(session, announcement.id or 0)
    ]
