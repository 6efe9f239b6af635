"""Compose: choose a release, write the announcement, see it as each account's followers will, send it on its way."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements.drafts import approve, cancel, save_draft
from creatorbot.announcements.planning.placing import against, place
from creatorbot.announcements.queries import announcements_of, get_announcement, get_post
from creatorbot.announcements.rewriting import write_anew
from creatorbot.announcements.when import happens_twice, parse_local
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.kept import keep_wording
from creatorbot.artists.accounts import accounts_of
from creatorbot.artists.backup.pairing import pairs_of
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Cover, KeptWording, Release
from creatorbot.releases.queries import get_release, releases_of
from creatorbot.web.calendar.overview import TWICE
from creatorbot.web.compose.asked import changed
from creatorbot.web.compose.done import done_page
from creatorbot.web.compose.drawing import desk_of, draw, look_over
from creatorbot.web.compose.form import Typed, as_kept, from_form
from creatorbot.web.here import artist, artist_id, may, needs, now, person, runtime
from creatorbot.web.house.forms import tell
from creatorbot.wording import N_

pages = Blueprint("compose", __name__)
FRAGMENT = "X-Fragment"
OLD_WORDS = N_("Here are its words as a draft. Nothing has gone out.")


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
    return render_template("compose/choose.html", releases=releases, begun=begun, covers=covers, now=now())


@pages.get("/announcements/<int:announcement_id>")
@needs("viewer")
def edit(announcement_id: int) -> ResponseReturnValue:
    """The desk for a draft; what became of it afterwards."""
    return _page(announcement_id)


@pages.post("/announcements/<int:announcement_id>/preview")
@needs("manager")
def show(announcement_id: int) -> ResponseReturnValue:
    """The previews for what is typed; the whole page for a browser without scripts. Keeps nothing."""
    return _page(announcement_id, from_form(), fragment=request.headers.get(FRAGMENT) == "previews")


@pages.post("/announcements/<int:announcement_id>/save")
@needs("manager")
def save(announcement_id: int) -> ResponseReturnValue:
    """Keep it as a draft."""
    typed = from_form()
    try:
        _keep(announcement_id, typed)
    except InvalidInput as error:
        return _page(announcement_id, typed, error)
    return redirect(f"/announcements/{announcement_id}?saved=1", 303)


@pages.post("/announcements/<int:announcement_id>/keep-wording")
@needs("manager")
def keep(announcement_id: int) -> ResponseReturnValue:
    """Keep these words under a name, to use again. The draft is shown as it is typed."""
    typed = from_form()
    row = KeptWording(
        artist_id=artist_id(), name=typed.kept_name, text=typed.draft.wording, language=typed.draft.language, changed_at=now()
    )
    try:
        with runtime().session() as session:
            keep_wording(session, artist_id(), row, now())
    except InvalidInput as error:
        if error.field == "name":
            error.field = "kept_name"
        return _page(announcement_id, typed, error)
    return _page(announcement_id, replace(typed, kept_name=""))


@pages.post("/announcements/<int:announcement_id>/approve")
@needs("manager")
def send(announcement_id: int) -> ResponseReturnValue:
    """Post now, at the time typed, or at the next free hour. A second click finds it already on its way and shows it."""
    typed, when = from_form(), None
    try:
        _keep(announcement_id, typed)
        when = _when(typed) if request.form.get("do") == "schedule" else None
        chosen, who = list(typed.accounts), person().name
        if request.form.get("do") == "slot":
            made = place(runtime(), artist(), announcement_id, chosen, who, owner=may("owner"))
        else:
            made = approve(runtime(), artist_id(), announcement_id, chosen, when, who, owner=may("owner"))
    except InvalidInput as error:
        return _page(announcement_id, typed, error)
    except Conflict:
        return redirect(f"/announcements/{announcement_id}", 303)
    if not made:
        tell(N_("An owner is asked for their yes. Until then it stays a draft."))
        return redirect(f"/announcements/{announcement_id}/yes", 303)
    if when is not None:
        _tell_doubts(made, when)
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


@pages.post("/announcements/<int:announcement_id>/anew")
@needs("manager")
def anew(announcement_id: int) -> ResponseReturnValue:
    """Back to the desk with these words; what waits of it is called off. Raises Conflict, shown as a sentence, once something is out."""
    with runtime().session() as session:
        announcement = get_announcement(session, artist_id(), announcement_id)
        waited = announcement.state == "approved"
        draft_id = write_anew(session, announcement, person(), now()).id
    tell(N_("It does not go out at its old time any more. Change its words, then choose when it goes out.") if waited else OLD_WORDS)
    return redirect(f"/announcements/{draft_id}", 303)


def _keep(announcement_id: int, typed: Typed) -> None:
    with runtime().session() as session:
        save_draft(session, get_announcement(session, artist_id(), announcement_id), typed.draft, now())


def _when(typed: Typed) -> datetime:
    if not typed.when.strip():
        raise InvalidInput("Choose a day and an hour, or “Post now”.", field="when")
    return parse_local(typed.when, artist().time_zone, now())


def _tell_doubts(post_ids: list[int], when: datetime) -> None:
    """What speaks against the hour that was chosen. The artist decides; it can still be moved in the Calendar."""
    with runtime().reading() as session:
        posts = [get_post(session, artist_id(), post_id) for post_id in post_ids]
        for reason in against(session, artist(), posts, when, now()):
            tell(reason.message, "warn", **reason.values)
    if happens_twice(when, artist().time_zone):
        tell(TWICE, "warn")


def _page(
    announcement_id: int, typed: Typed | None = None, error: InvalidInput | None = None, *, fragment: bool = False
) -> ResponseReturnValue:
    with runtime().reading() as session:
        announcement = get_announcement(session, artist_id(), announcement_id)
        if announcement.state != "draft" and fragment:
            raise Conflict("This announcement is already on its way; its words can no longer be changed here.")
        if announcement.state != "draft":
            return done_page(session, announcement)
        release = session.get_one(Release, announcement.release_id)
        cover = session.get(Cover, release.cover_id) if release.cover_id else None
        accounts = [account for account in accounts_of(session, artist_id()) if account.state != "removed"]
        if typed is None:
            typed = as_kept(typed_of(session, announcement), accounts, pairs_of(session, artist_id()).values())
        else:
            typed = changed(typed, [account.id for account in accounts if account.id is not None])
        desk = desk_of(session, announcement, typed, accounts, cover)
    return draw(look_over(desk, error), fragment=fragment)
