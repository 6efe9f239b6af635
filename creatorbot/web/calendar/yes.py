"""An owner's yes: the words as they would go out, where and when; given for exactly these words, or declined with a sentence."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import select

from creatorbot.announcements.drafts import approve_at
from creatorbot.announcements.planning import consent
from creatorbot.announcements.queries import get_announcement
from creatorbot.announcements.wordings.preview import preview
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Account, Announcement, Consent
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id, language, needs, now, person, runtime
from creatorbot.web.house.forms import tell, typed
from creatorbot.wording import N_, explain

pages = Blueprint("yes", __name__)
CHANGED = N_("The words were changed while you were reading. Read them once more; nothing was posted.")


@pages.get("/announcements/<int:announcement_id>/yes")
@needs("viewer")
def show(announcement_id: int) -> ResponseReturnValue:
    """What is asked, by whom, and each text as it would go out."""
    with runtime().reading() as session:
        announcement = get_announcement(session, artist_id(), announcement_id)
        row = consent.consent_about(session, announcement_id)
        if row is None or announcement.state != "draft":
            return redirect(f"/announcements/{announcement_id}", 303)
        release = get_release(session, artist_id(), announcement.release_id)
        wanted = select(Account).where(Account.artist_id == artist_id(), Account.id.in_(row.account_ids))  # type: ignore[union-attr]
        accounts = list(session.exec(wanted).all())
    shown, trouble = [], ""
    for account in accounts:
        try:
            shown.append(preview(runtime(), announcement_id, account.id or 0))
        except InvalidInput as error:
            trouble = explain(language(), error)
    return render_template(
        "calendar/yes.html",
        row=row,
        announcement=announcement,
        release=release,
        shown=shown,
        trouble=trouble,
        seen=_mark(announcement, row),
        late=row.when_at is not None and row.when_at <= now(),
        active="calendar",
    )


@pages.post("/announcements/<int:announcement_id>/yes")
@needs("owner")
def give(announcement_id: int) -> ResponseReturnValue:
    """The yes. It goes out at the time that was asked for, or at once when that has passed."""
    form = typed()
    door = runtime().door_for(artist_id())
    try:
        with runtime().session() as session:
            announcement = get_announcement(session, artist_id(), announcement_id)
            session.refresh(announcement, with_for_update=True)
            row = _asked(consent.consent_about(session, announcement_id))
            if form["seen"] != _mark(announcement, row):
                raise Conflict(CHANGED)
            when = row.when_at if row.when_at is not None and row.when_at > now() else None
            due = dict.fromkeys(row.account_ids, when)
            own_url = runtime().settings.own_url
            made = approve_at(session, own_url, door, artist_id(), announcement_id, due, now(), person().name, owner=True)
    except (Conflict, InvalidInput) as error:
        tell(error.message, "bad", **error.values)
        return redirect(f"/announcements/{announcement_id}/yes", 303)
    tell(N_("Thank you. It waits for its time.") if when else N_("Thank you. It goes out now."))
    return redirect(f"/posts/{made[0]}" if len(made) == 1 else f"/announcements/{announcement_id}", 303)


@pages.post("/announcements/<int:announcement_id>/no")
@needs("owner")
def decline(announcement_id: int) -> ResponseReturnValue:
    """Not like this. The draft stays, with what the owner said."""
    with runtime().session() as session:
        get_announcement(session, artist_id(), announcement_id)
        consent.decline(session, announcement_id, person().name, typed()["sentence"], now())
    tell(N_("It stays a draft. What you said stands beside it."))
    return redirect("/calendar", 303)


def _asked(row: Consent | None) -> Consent:
    if row is None or row.state != "asked":
        raise Conflict("Nobody asks for a yes to this announcement any more.")
    return row


def _mark(announcement: Announcement, row: Consent) -> str:
    """What the yes is about: these words, this wish."""
    return f"{announcement.changed_at.isoformat()} {row.asked_at.isoformat()}"
