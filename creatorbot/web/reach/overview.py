"""Reach over all posts: servers met so far, month by month, and each post with what it reached and who was new."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.attribution.report import by_post
from creatorbot.links.reaching.met import first_met, met_before, met_by_software, new_by_link
from creatorbot.web.here import artist_id, needs, now, runtime
from creatorbot.web.house import showing
from creatorbot.web.reach import words

pages = Blueprint("reach_overview", __name__)

MONTHS = 12
A_PAGE = 50


@dataclass(frozen=True)
class Month:
    """first: the month's first day; None for all before those shown. new: servers first met in it; met: how many were known at its end."""

    first: date | None
    new: int
    met: int


@pages.get("/results/reach")
@needs("viewer")
def overview() -> ResponseReturnValue:
    """The sentence, month by month, post by post."""
    with runtime().reading() as session:
        posts = [post for post in by_post(session, artist_id()) if post.published_at]
        months = months_of(session, artist_id(), now(), showing.zone())
        new = new_by_link(session, artist_id())
        software = met_by_software(session, artist_id())
    last = max(0, len(posts) - 1) // A_PAGE
    page = min(max(0, request.args.get("page", 0, int)), last)
    return render_template(
        "results/reach.html",
        posts=posts[page * A_PAGE : (page + 1) * A_PAGE],
        furthest=max((post.servers or 0 for post in posts), default=0),
        unmeasured=any(post.servers is None for post in posts),
        months=months,
        met=months[0].met if months else 0,
        new=new,
        software=software,
        page=page,
        last=last,
        words=words,
    )


def months_of(session: Session, artist_id: int, now: datetime, zone: ZoneInfo) -> list[Month]:
    """This month and those before it, back to the first server, at most twelve, the latest first; then all the time before, in one."""
    since = first_met(session, artist_id)
    if since is None:
        return []
    firsts = [now.astimezone(zone).date().replace(day=1)]
    while len(firsts) < MONTHS and firsts[-1] > since.astimezone(zone).date():
        firsts.append(_month_before(firsts[-1]))
    total, before = met_before(session, artist_id, [datetime(one.year, one.month, 1, tzinfo=zone).astimezone(UTC) for one in firsts])
    ends = [total, *before]
    found = [Month(first, ends[number] - ends[number + 1], ends[number]) for number, first in enumerate(firsts)]
    return [*found, Month(None, ends[-1], ends[-1])] if ends[-1] else found


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
