"""Releases: what is out, one release with all that is known of it, and those typed in by hand."""

from dataclasses import asdict, dataclass

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.amounts import Money
from creatorbot.announcements.drafts import new_draft
from creatorbot.announcements.queries import announcements_of, posts_of_announcement
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.errors import InvalidInput
from creatorbot.links.licence import read_licence
from creatorbot.models import Account, Announcement, Artist, Cover, Post, Release, Source
from creatorbot.releases.by_hand import TypedRelease, add_release, edit_release
from creatorbot.releases.poll import refresh_release
from creatorbot.releases.queries import get_release, releases_of, sources_of
from creatorbot.runtime import browser_address
from creatorbot.web.here import artist, artist_id, language, needs, now, person, runtime
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.web.money import moneys
from creatorbot.web.posts import TAGS
from creatorbot.wording import N_, licence_name, price_line, say

pages = Blueprint("releases", __name__)

STATES: dict[str, tuple[str, str]] = {
    "listed": (N_("was already out"), ""),
    "new": (N_("new"), "good"),
    "held": (N_("look at it first"), "warn"),
    "announced": (N_("announced"), "good"),
    "withdrawn": (N_("no longer there"), "bad"),
}
KINDS: dict[str, str] = {
    "album": N_("album"),
    "track": N_("track"),
    "video": N_("video"),
    "episode": N_("episode"),
    "stream": N_("live stream"),
    "post": N_("post"),
    "unknown": N_("something else"),
}
PRICES: dict[str, str] = {
    "pay_what_you_want": N_("Pay what you want"),
    "minimum": N_("Pay what you want, but at least …"),
    "fixed": N_("A fixed price"),
    "free": N_("Free"),
    "not_sold": N_("Not for sale"),
    "unknown": N_("I would rather not say"),
}
LICENCES: dict[str, str] = {
    "": N_("I do not know"),
    "all-rights-reserved": N_("All rights reserved"),
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC-BY-NC-4.0": "CC BY-NC 4.0",
    "CC-BY-NC-SA-4.0": "CC BY-NC-SA 4.0",
    "CC-BY-ND-4.0": "CC BY-ND 4.0",
    "CC-BY-NC-ND-4.0": "CC BY-NC-ND 4.0",
    "CC0-1.0": "CC0",
}


@dataclass(frozen=True)
class Told:
    """One post about a release, and what it brought; result None while it has brought nothing."""

    post: Post
    account: Account
    result: PostResult | None


@pages.get("/releases")
@needs("viewer")
def listing() -> ResponseReturnValue:
    """All releases, newest first."""
    with runtime().reading() as session:
        releases = releases_of(session, artist_id())
        covers = covers_of(session, releases)
        sources = {source.id: source for source in sources_of(session, artist_id())}
    return render_template(
        "releases/listing.html", releases=releases, covers=covers, sources=sources, states=STATES, kinds=KINDS, price=price_of
    )


@pages.route("/releases/new", methods=["GET", "POST"])
@needs("manager")
def by_hand() -> ResponseReturnValue:
    """Type one in by hand."""
    form = typed() if request.method == "POST" else Form({"artist_name": artist().name, "currency": artist().currency})
    if request.method == "POST":
        try:
            with runtime().session() as session:
                release = add_release(session, artist(), _typed_release(form), now())
                made = release.id
        except InvalidInput as error:
            form.refuse(error)
        else:
            return redirect(f"/releases/{made}", 303)
    return _form_page(form, None)


@pages.get("/releases/<int:release_id>")
@needs("viewer")
def one(release_id: int) -> ResponseReturnValue:
    """Everything known about one release, where it was announced, and what that brought."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
        cover = covers_of(session, [release]).get(release.cover_id)
        source = session.get(Source, release.source_id) if release.source_id else None
        announcements = announcements_of(session, artist_id(), release_id=release_id)
        told = _told(session, announcements)
        open_at = browser_address(session, artist_id(), release.url) if release.url.startswith(("https://", "http://")) else ""
    draft = next((one for one in announcements if one.state == "draft"), None)
    return render_template(
        "releases/one.html",
        release=release,
        cover=cover,
        source=source,
        draft=draft,
        told=told,
        states=STATES,
        kinds=KINDS,
        price=price_of(release),
        tags=TAGS,
        moneys=moneys,
        of_minor=Money,
        open_at=open_at,
        licence=read_licence(release.licence),
    )


@pages.route("/releases/<int:release_id>/edit", methods=["GET", "POST"])
@needs("manager")
def edit(release_id: int) -> ResponseReturnValue:
    """Change what is known, and what is suggested for it."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
    form = typed() if request.method == "POST" else Form(asdict(_as_typed(release)))
    if request.method == "POST":
        try:
            with runtime().session() as session:
                edit_release(session, get_release(session, artist_id(), release_id), _typed_release(form), now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(N_("Saved."))
            return redirect(f"/releases/{release_id}", 303)
    return _form_page(form, release)


@pages.post("/releases/<int:release_id>/announce")
@needs("manager")
def announce(release_id: int) -> ResponseReturnValue:
    """A draft with our proposal, on the Compose desk. What a list of releases did not tell is looked up first."""
    with runtime().reading() as session:
        release = get_release(session, artist_id(), release_id)
    if release.price_model == "unknown" and release.source_id:
        refresh_release(runtime(), release_id)
    with runtime().session() as session:
        release = get_release(session, artist_id(), release_id)
        draft = new_draft(session, artist(), release, person(), now())
        made = draft.id
    return redirect(f"/announcements/{made}", 303)


def price_of(release: Release) -> str:
    """The price line in the reader's language; "" when nothing is known."""
    mine: Artist = artist()
    currency = release.price_currency or mine.currency
    amount = Money(release.price_minor, currency) if release.price_minor is not None else None
    minor = release.suggested_minor if release.suggested_minor is not None else mine.suggested_minor
    suggested = Money(minor, mine.currency) if minor and mine.currency == currency else None
    return price_line(language(), release.price_model, amount, suggested)


def covers_of(session: Session, releases: list[Release]) -> dict[int | None, Cover]:
    """The covers of these releases, by cover id."""
    wanted = {release.cover_id for release in releases if release.cover_id}
    return {cover.id: cover for cover in session.exec(select(Cover).where(col(Cover.id).in_(wanted)))} if wanted else {}


def _told(session: Session, announcements: list[Announcement]) -> list[Told]:
    results = {result.post_id: result for result in by_post(session, artist_id())} if announcements else {}
    return [
        Told(post, session.get_one(Account, post.account_id), results.get(post.id or 0))
        for announcement in announcements
        for post in posts_of_announcement(session, announcement.id or 0)
    ]


def _typed_release(form: Form) -> TypedRelease:
    return TypedRelease(**{name: form.raw(name) for name in TypedRelease.__dataclass_fields__})


def _as_typed(release: Release) -> TypedRelease:
    """A release as its form shows it."""
    currency, own = release.price_currency or artist().currency, artist().currency
    return TypedRelease(
        title=release.title,
        artist_name=release.artist_name,
        kind=release.kind,
        url=release.url,
        released_on=release.released_on.isoformat() if release.released_on else "",
        price_model=release.price_model,
        amount=_plain(release.price_minor, currency),
        currency=currency,
        suggested=_plain(release.suggested_minor, own),
        minimum=_plain(release.minimum_minor, own),
        licence=release.licence,
        tags=", ".join(release.tags),
        description=release.description,
    )


def _plain(minor: int | None, currency: str) -> str:
    return "" if minor is None else Money(minor, currency).plain


def _form_page(form: Form, release: Release | None) -> ResponseReturnValue:
    licences = dict(LICENCES)
    if form["licence"] not in licences:  # a port or an older version, as its page says it
        licences[form["licence"]] = licence_name(form["licence"]) or form["licence"]
    page = render_template("releases/form.html", form=form, release=release, kinds=KINDS, prices=PRICES, licences=licences, says=_says)
    return page, 422 if form.sentence else 200


def _says(options: dict[str, str]) -> list[tuple[str, str]]:
    """Choices of a list, in the reader's language."""
    return [(value, say(language(), words)) for value, words in options.items()]
