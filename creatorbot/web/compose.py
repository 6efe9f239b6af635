"""Compose: choose a release, write the announcement, see it as each account's followers will, send it on its way."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from babel import Locale
from babel.localedata import exists
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements.compose import Preview, TypedDraft, preview
from creatorbot.announcements.drafts import approve, cancel, save_draft
from creatorbot.announcements.queries import announcements_of, get_announcement, posts_of_announcement
from creatorbot.announcements.text import VARIABLES
from creatorbot.announcements.when import local, parse_local
from creatorbot.artists.accounts import accounts_of, server_facts
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Account, Announcement, Cover, Post, Release, Server
from creatorbot.releases.queries import get_release, releases_of
from creatorbot.web.here import artist, artist_id, language, may, needs, now, person, runtime
from creatorbot.web.posts import TAGS
from creatorbot.web.releases.shown import price_of
from creatorbot.wording import explain, licence_name

pages = Blueprint("compose", __name__)

# What a post can be marked as written in; shown by their own names. The artist's own comes first.
LANGUAGES = (
    "bg",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fi",
    "fr",
    "ga",
    "gl",
    "hr",
    "hu",
    "is",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "tr",
    "uk",
    "zh",
)
FRAGMENT = "X-Fragment"


@dataclass(frozen=True)
class Typed:
    """All that stands in the form. accounts: chosen ids. when: the artist's wall clock, as the browser writes it."""

    draft: TypedDraft
    accounts: tuple[int, ...]
    when: str = ""


@dataclass(frozen=True)
class Place:
    """An account that could be posted on. limit: characters its server takes."""

    account: Account
    domain: str
    limit: int
    chosen: bool

    @property
    def usable(self) -> bool:
        """Whether it can post at all just now."""
        return self.account.state in ("ok", "unreachable")


@dataclass(frozen=True)
class Desk:
    """What the Compose page is drawn from."""

    announcement: Announcement
    release: Release
    cover: Cover | None
    typed: Typed
    places: tuple[Place, ...]
    previews: tuple[Preview, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


@pages.get("/compose")
@needs("viewer")
def choose() -> ResponseReturnValue:
    """Choose a release to tell people about; what is begun or under way comes first."""
    with runtime().reading() as session:
        releases = releases_of(session, artist_id())
        by_id = {release.id: release for release in releases}
        begun = [
            (one, by_id.get(one.release_id) or get_release(session, artist_id(), one.release_id))
            for one in announcements_of(session, artist_id())
            if one.state in ("draft", "approved")
        ]
        covers = {release.cover_id: session.get(Cover, release.cover_id) for release in releases if release.cover_id}
    return render_template("compose/choose.html", releases=releases, begun=begun, covers=covers)


@pages.get("/announcements/<int:announcement_id>")
@needs("viewer")
def edit(announcement_id: int) -> ResponseReturnValue:
    """The desk for a draft; what became of it afterwards."""
    return _page(announcement_id)


@pages.post("/announcements/<int:announcement_id>/preview")
@needs("manager")
def show(announcement_id: int) -> ResponseReturnValue:
    """The previews for what is typed; the whole page for a browser without scripts. Keeps nothing."""
    return _page(announcement_id, _from_form(), fragment=FRAGMENT in request.headers)


@pages.post("/announcements/<int:announcement_id>/save")
@needs("manager")
def save(announcement_id: int) -> ResponseReturnValue:
    """Keep it as a draft."""
    typed = _from_form()
    try:
        _keep(announcement_id, typed)
    except InvalidInput as error:
        return _page(announcement_id, typed, error)
    return redirect(f"/announcements/{announcement_id}?saved=1", 303)


@pages.post("/announcements/<int:announcement_id>/approve")
@needs("manager")
def send(announcement_id: int) -> ResponseReturnValue:
    """Post now, or at the time typed. A second click finds it already on its way and shows it."""
    typed = _from_form()
    try:
        _keep(announcement_id, typed)
        when = _when(typed) if request.form.get("do") == "schedule" else None
        made = approve(runtime(), artist_id(), announcement_id, list(typed.accounts), when, person().name)
    except InvalidInput as error:
        return _page(announcement_id, typed, error)
    except Conflict:
        return redirect(f"/announcements/{announcement_id}", 303)
    return redirect(f"/posts/{made[0]}" if len(made) == 1 else f"/announcements/{announcement_id}", 303)


@pages.post("/announcements/<int:announcement_id>/cancel")
@needs("manager")
def throw_away(announcement_id: int) -> ResponseReturnValue:
    """Throw a draft away, or call off what has not gone out yet."""
    with runtime().session() as session:
        announcement = get_announcement(session, artist_id(), announcement_id)
        was_draft = announcement.state == "draft"
        cancel(session, announcement, now(), person().name)
    return redirect("/compose" if was_draft else f"/announcements/{announcement_id}", 303)


def _from_form() -> Typed:
    form = request.form
    draft = TypedDraft(
        wording=form.get("wording", "").replace("\r\n", "\n"),
        look=form.get("look", "card"),
        alt_text=form.get("alt_text", ""),
        visibility=form.get("visibility", "public"),
        language=form.get("language", ""),
        content_warning=form.get("content_warning", ""),
    )
    chosen = tuple(int(one) for one in form.getlist("accounts") if one.isascii() and one.isdigit())
    return Typed(draft, chosen, form.get("when", ""))


def _kept(announcement: Announcement, accounts: list[Account]) -> Typed:
    draft = TypedDraft(
        announcement.wording,
        announcement.look,
        announcement.alt_text,
        announcement.visibility,
        announcement.language,
        announcement.content_warning,
    )
    usable = tuple(account.id for account in accounts if account.id is not None and account.state in ("ok", "unreachable"))
    return Typed(draft, usable)


def _keep(announcement_id: int, typed: Typed) -> None:
    with runtime().session() as session:
        save_draft(session, get_announcement(session, artist_id(), announcement_id), typed.draft, now())


def _when(typed: Typed) -> datetime:
    if not typed.when.strip():
        raise InvalidInput("Choose a day and an hour, or “Post now”.", field="when")
    return parse_local(typed.when, artist().time_zone, now())


def _page(
    announcement_id: int, typed: Typed | None = None, error: InvalidInput | None = None, *, fragment: bool = False
) -> ResponseReturnValue:
    with runtime().reading() as session:
        announcement = get_announcement(session, artist_id(), announcement_id)
        if announcement.state != "draft" and fragment:
            raise Conflict("This announcement is already on its way; its words can no longer be changed here.")
        if announcement.state != "draft":
            posts = [(post, session.get_one(Account, post.account_id)) for post in posts_of_announcement(session, announcement_id)]
            return _done(announcement, get_release(session, artist_id(), announcement.release_id), posts)
        release = get_release(session, artist_id(), announcement.release_id)
        cover = session.get(Cover, release.cover_id) if release.cover_id else None
        accounts = [account for account in accounts_of(session, artist_id()) if account.state != "removed"]
        typed = typed or _kept(announcement, accounts)
        places = tuple(_place(account, session.get_one(Server, account.server_id), typed) for account in accounts)
    errors = {error.field or "wording": explain(language(), error)} if error else {}
    previews = _previews(announcement_id, typed, places, errors)
    desk = Desk(announcement, release, cover, typed, places, previews, errors)
    return _draw(desk, fragment)


def _previews(announcement_id: int, typed: Typed, places: tuple[Place, ...], errors: dict[str, str]) -> tuple[Preview, ...]:
    """One for each chosen account. A wording that cannot be filled in adds its sentence to errors instead."""
    try:
        return tuple(preview(runtime(), announcement_id, place.account.id or 0, typed.draft) for place in places if place.chosen)
    except InvalidInput as error:
        errors.setdefault(error.field or "wording", explain(language(), error))
        return ()


def _place(account: Account, server: Server, typed: Typed) -> Place:
    facts = server_facts(server)
    return Place(account, facts.domain, facts.limits.characters, account.id in typed.accounts)


def _draw(desk: Desk, fragment: bool) -> ResponseReturnValue:
    about = {
        "desk": desk,
        "card_host": card_host,
        "zone": artist().time_zone,
        "earliest": local(now(), artist().time_zone),
        "planned": _planned(desk.typed),
        "card_says": _card_says(desk.release),
    }
    if fragment:
        return render_template("compose/previews.html", **about)
    page = render_template(
        "compose/desk.html",
        languages=_languages(),
        variables=VARIABLES,
        editable=may("manager"),
        saved="saved" in request.args and request.method == "GET",
        sent=request.path.endswith("/approve"),
        **about,
    )
    return page, 422 if desk.errors and request.method == "POST" else 200


def _planned(typed: Typed) -> datetime | None:
    """The moment typed, when it is one; the preview shows it."""
    try:
        return parse_local(typed.when, artist().time_zone, now()) if typed.when else None
    except InvalidInput:
        return None


def _done(announcement: Announcement, release: Release, posts: list[tuple[Post, Account]]) -> ResponseReturnValue:
    callable_off = any(post.state in ("waiting", "due") for post, _ in posts)
    return render_template(
        "compose/done.html", announcement=announcement, release=release, posts=posts, callable_off=callable_off, tags=TAGS
    )


def _card_says(release: Release) -> str:
    return " · ".join(part for part in (price_of(release), licence_name(release.licence)) if part)


def card_host(shown: Preview) -> str:
    """The host that the card under the post names: of the link the post carries."""
    links = [part.text for part in shown.parts if part.kind == "link"]
    return urlsplit(links[-1]).hostname or "" if links and shown.composed.carries else ""


def _languages() -> list[tuple[str, str]]:
    codes = dict.fromkeys((artist().language, *LANGUAGES))
    return [(code, Locale.parse(code.replace("-", "_")).get_display_name() or code) for code in codes if exists(code.replace("-", "_"))]
