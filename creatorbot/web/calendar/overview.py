"""The Calendar: what waits for somebody, what goes out next, and the month around it; moving, stopping, placing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.announcements.boosting import wanting
from creatorbot.announcements.planning import agenda, automatic, consent, days
from creatorbot.announcements.planning.moving import move_posts
from creatorbot.announcements.planning.placing import against, place
from creatorbot.announcements.planning.rules import rules_of, rules_row, slots_of, wanted_accounts
from creatorbot.announcements.planning.wall import day_of, minute_of, utc_of
from creatorbot.announcements.when import happens_twice, local, parse_local
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Announcement, Artist, Post, Release
from creatorbot.releases.queries import get_release
from creatorbot.web.calendar.month import draw, item, month_asked, span
from creatorbot.web.here import artist, artist_id, language, may, needs, now, person, runtime
from creatorbot.web.house import showing
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.wording import N_, explain

pages = Blueprint("calendar", __name__)
TWICE = N_("That hour happens twice that night, because the clocks go back. It goes out the first time.")
SKIPPED = N_("That night the clocks go forward and skip that hour, so it goes out at the first minute after.")


@dataclass(frozen=True)
class Wrong:
    """What was typed for one entry (its key), and what is wrong with it."""

    key: str = ""
    when: str = ""
    sentence: str = ""


@pages.get("/calendar")
@needs("viewer")
def show() -> ResponseReturnValue:
    """The whole of it, in the artist's own zone."""
    return _page(Wrong())


@pages.post("/calendar/move")
@needs("manager")
def move() -> ResponseReturnValue:
    """Another day for what was dragged there, or another time that was typed. What speaks against it is said; the artist decides."""
    form = typed()
    zone = ZoneInfo(artist().time_zone)
    try:
        was = _moment(form["was"])
        to = parse_local(form["when"], artist().time_zone, now()) if form["when"] else _dropped(form["day"], was, zone)
        if to != was:
            _move(form["kind"], int(form["number"]) if form["number"].isascii() and form["number"].isdigit() else 0, was, to)
    except InvalidInput as error:
        if form["when"]:
            return _page(Wrong(form["key"], form["when"], explain(language(), error))), 422
        tell(error.message, "bad", **error.values)
    except Conflict as error:
        tell(error.message, "bad", **error.values)
    return _back(form)


@pages.post("/calendar/stop/<int:row_id>")
@needs("manager")
def stop(row_id: int) -> ResponseReturnValue:
    """Stop what would be announced by itself. It stays a release like any other."""
    with runtime().session() as session:
        automatic.stop(session, artist_id(), row_id, person().name, now())
    tell(N_("Stopped. It is not announced by itself any more; you can still do it yourself."))
    return _back(typed())


@pages.post("/calendar/place/<int:announcement_id>")
@needs("manager")
def next_hour(announcement_id: int) -> ResponseReturnValue:
    """Send a draft on its way at the next free hour, on the accounts that are announced on."""
    with runtime().reading() as session:
        accounts = [account.id or 0 for account in wanted_accounts(session, rules_row(session, artist_id(), now()))]
    try:
        made = place(runtime(), artist(), announcement_id, accounts, person().name, owner=may("owner"))
    except (InvalidInput, Conflict) as error:
        tell(error.message, "bad", **error.values)
        mendable = isinstance(error, InvalidInput) and error.field != "when"
        return redirect(f"/announcements/{announcement_id}" if mendable else "/calendar", 303)
    tell(N_("It waits for your next free hour.") if made else N_("An owner is asked for their yes. Nothing goes out before."))
    return redirect("/calendar", 303)


@pages.post("/calendar/dates")
@needs("manager")
def add_date() -> ResponseReturnValue:
    """A day of the artist's own, or a Bandcamp Friday that our list does not know."""
    form = typed()
    try:
        with runtime().session() as session:
            day = days.add_date(session, artist_id(), form["day"], form["title"], now(), friday=form["kind"] == "friday")
    except InvalidInput as error:
        form.refuse(error)
        return _page(Wrong(), form), 422
    return redirect(f"/calendar?month={day:%Y-%m}#dates", 303)


@pages.post("/calendar/dates/remove")
@needs("manager")
def remove_date() -> ResponseReturnValue:
    """Take a day out of this calendar."""
    form = typed()
    with runtime().session() as session:
        if form["number"].isascii() and form["number"].isdigit():
            days.remove_date(session, artist_id(), int(form["number"]))
        elif form["friday"]:
            days.hide_friday(session, artist_id(), _day(form["friday"]), now())
    return _back(form, "#dates")


def _move(kind: str, number: int, was: datetime, to: datetime) -> None:
    with runtime().session() as session:
        owner = session.get_one(Artist, artist_id())
        if kind == "boost":
            boost = wanting.get_boost(session, artist_id(), number)
            wanting.move_boost(session, owner, boost, to, now())
            settled, doubts = boost.due_at, [(boost.sentence, boost.values)] if boost.sentence else []
        else:
            posts = session.exec(select(Post).where(Post.announcement_id == number, Post.state == "waiting", Post.due_at == was)).all()
            doubts = [(reason.message, dict(reason.values)) for reason in against(session, owner, posts, to, now())]
            move_posts(session, artist_id(), number, was, to, now(), person().name)
            settled = to
    tell(N_("It goes out on %(day)s."), day=showing.exact(settled))
    for message, values in doubts:
        tell(message, "warn", **values)
    if happens_twice(settled, artist().time_zone):
        tell(TWICE, "warn")


def _dropped(typed_day: str, was: datetime, zone: ZoneInfo) -> datetime:
    """The same hour on another day. Raises InvalidInput for a moment that has passed."""
    day, minute = _day(typed_day), minute_of(was, zone)
    if day == day_of(was, zone):
        return was
    to = utc_of(day, minute, zone)
    if to <= now():
        raise InvalidInput("That time has already passed. It stays where it was.", field="day")
    if to > now() + timedelta(days=730):
        raise InvalidInput("That is more than two years away. Choose an earlier time.", field="day")
    if minute_of(to, zone) != minute:
        tell(SKIPPED, "warn")
    return to


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Conflict("That page was out of date. Nothing was changed.") from error
    if found.tzinfo is None:
        raise Conflict("That page was out of date. Nothing was changed.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("“%(typed)s” is not a day.", field="day", typed=text[:40]) from error


def _back(form: Form, anchor: str = "") -> ResponseReturnValue:
    month = form["month"]
    return redirect(f"/calendar?month={month_asked(month, now().date()):%Y-%m}{anchor}" if month else f"/calendar{anchor}", 303)


def _page(wrong: Wrong, date_form: Form | None = None) -> str:
    zone, asked = ZoneInfo(artist().time_zone), request.values.get("month", "")
    first = month_asked(asked, day_of(now(), zone))
    with runtime().reading() as session:
        seen = agenda.agenda(session, artist(), *span(first), now())
        hours = rules_of(session, artist(), now()).slots
        queue = [item(entry, zone) for entry in agenda.queue(session, artist())]
        about = {
            "queue": queue,
            "yes": _asked(session),
            "itself": [(row, release) for row, release in automatic.standing(session, artist_id()) if row.state != "drafted"],
            "drafts": _drafts(session),
            "hours": slots_of(session, artist_id()),
            "rules": rules_row(session, artist_id(), now()),
            "accounts": wanted_accounts(session, rules_row(session, artist_id(), now())),
        }
    return render_template(
        "calendar/calendar.html",
        month=draw(seen, first, hours, zone, now()),
        crowds=seen.crowds,
        asked=asked if asked else "",
        wrong=wrong,
        date_form=date_form,
        local=lambda moment: local(moment, artist().time_zone),
        twin=automatic.TWIN,
        active="calendar",
        **about,
    )


def _asked(session: Session) -> list[tuple[object, Announcement, Release]]:
    """What waits for an owner's yes, or was declined and is still a draft."""
    return [(row, told, get_release(session, artist_id(), told.release_id)) for row, told in consent.unanswered(session, artist_id())]


def _drafts(session: Session) -> list[tuple[Announcement, Release]]:
    """Begun and not sent, newest first; those that wait for a yes are shown as that."""
    waiting = {told.id for _, told in consent.unanswered(session, artist_id())}
    rows = session.exec(
        select(Announcement, Release)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(Announcement.artist_id == artist_id(), Announcement.state == "draft", col(Announcement.id).not_in(waiting))
        .order_by(col(Announcement.id).desc())
        .limit(20)
    )
    return [(told, release) for told, release in rows]
