"""What happened: since the member last looked, for Home; and all of it, page by page."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.artists.telling import wishes
from creatorbot.artists.telling.kinds import PRESSING
from creatorbot.artists.telling.said import in_words, leads_to
from creatorbot.models import Told
from creatorbot.web import here
from creatorbot.web.house import showing

pages = Blueprint("happened", __name__)
A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One thing that happened, in the reader's language. pressing: it asked for something."""

    said: str
    at: datetime
    href: str
    pressing: bool


@dataclass(frozen=True)
class Happened:
    """What Home shows. more: there is more than is shown. earlier: something was told before."""

    lines: list[Line]
    more: bool
    earlier: bool


@pages.get("/happened")
@here.needs("viewer")
def show() -> ResponseReturnValue:
    """Everything that was told, newest first. ?before= the last one of the page before."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    with here.runtime().reading() as rows:
        found = wishes.told_before(rows, here.artist_id(), before, A_PAGE + 1)
    shown = found[:A_PAGE]
    older = shown[-1].id if len(found) > A_PAGE else None
    return render_template("telling/happened.html", lines=[_line(one) for one in shown], older=older, first=before is None, active="home")


def since_last_look(rows: Session) -> Happened:
    """What happened since this member last looked at Home."""
    member = wishes.member_of(rows, here.artist_id(), here.person().id or 0)
    found = wishes.since_last_look(rows, here.artist_id(), wishes.wish_of(rows, member.id or 0))
    earlier = bool(found or wishes.told_before(rows, here.artist_id(), None, 1))
    return Happened([_line(one) for one in found[: wishes.SHOWN]], len(found) > wishes.SHOWN, earlier)


def note_look() -> None:
    """Write down that this member looks, where that changes anything. Before the page reads what happened."""
    now, artist_id = here.now(), here.artist_id()
    with here.runtime().reading() as rows:
        member = wishes.member_of(rows, artist_id, here.person().id or 0)
        newest = next(iter(wishes.told_before(rows, artist_id, None, 1)), None)
        wanted = wishes.needs_look(wishes.wish_of(rows, member.id or 0), newest.id or 0 if newest else 0, now)
    if wanted:
        with here.runtime().session() as rows:
            wishes.look(rows, member.id or 0, now)


def _line(told: Told) -> Line:
    said = in_words(told, here.language(), showing.zone().key, here.now())
    return Line(said, told.at, leads_to(told), told.kind in PRESSING)
