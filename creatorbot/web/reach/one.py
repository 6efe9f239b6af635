"""The servers one post reached: the sentence, the plot, what came after boosts, and each of them by name."""

import csv
import io
from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.errors import NotFound
from creatorbot.links.drain import MOST_SERVERS
from creatorbot.links.reaching.listing import A_PAGE, Order, ServerSeen, by_software, servers_of
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id, needs, now, runtime
from creatorbot.web.house import showing
from creatorbot.web.reach import words
from creatorbot.web.reach.shown import reached
from creatorbot.wording import N_

pages = Blueprint("reach", __name__)

HEADS = (N_("server"), N_("software"), N_("first seen"), N_("new to you"))
YES_NO = (N_("yes"), N_("no"))
NAMED_MISSING = 40  # of the usual servers that did not come, so many are named


@pages.get("/results/posts/<int:post_id>/reach")
@needs("viewer")
def one(post_id: int) -> ResponseReturnValue:
    """Everything known about the reach of one post."""
    order, only_new = _asked()
    with runtime().reading() as session:
        post = get_post(session, artist_id(), post_id)
        result, results = _result(session, post_id)
        reach = reached(session, result, results, now())
        many = (reach.new if only_new else reach.servers) if reach else 0
        last = max(0, many - 1) // A_PAGE
        page = min(max(0, request.args.get("page", 0, int)), last)
        about = {
            "release": get_release(session, artist_id(), get_announcement(session, artist_id(), post.announcement_id).release_id),
            "software": by_software(session, result.link_id) if reach else [],
            "servers": servers_of(session, result.link_id, order=order, only_new=only_new, start=page * A_PAGE, limit=A_PAGE)
            if reach
            else [],
        }
    return render_template(
        "results/servers.html",
        post=post,
        result=result,
        reach=reach,
        order=order,
        only_new=only_new,
        many=many,
        page=page,
        last=last,
        a_page=A_PAGE,
        most=MOST_SERVERS,
        named_missing=NAMED_MISSING,
        words=words,
        **about,
    )


@pages.get("/results/posts/<int:post_id>/reach.csv")
@needs("viewer")
def to_take_along(post_id: int) -> ResponseReturnValue:
    """The whole list as a table for a spreadsheet; moments in the artist's zone, with their distance from UTC."""
    order, only_new = _asked()
    with runtime().reading() as session:
        result, _ = _result(session, post_id)
        servers = servers_of(session, result.link_id, order=order, only_new=only_new) if result.servers is not None else []
    answer = Response(_table(servers), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="servers-of-post-{post_id}.csv"'
    return answer


def _asked() -> tuple[Order, bool]:
    order: Order = "name" if request.args.get("order") == "name" else "seen"
    return order, request.args.get("only") == "new"


def _result(session: Session, post_id: int) -> tuple[PostResult, Sequence[PostResult]]:
    results = by_post(session, artist_id())
    found = next((one for one in results if one.post_id == post_id), None)
    if found is None:
        raise NotFound("There is no such post.")
    return found, results


def _table(servers: Sequence[ServerSeen]) -> str:
    zone, (yes, no) = showing.zone(), (showing.gettext(word) for word in YES_NO)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([showing.gettext(head) for head in HEADS])
    for one in servers:
        seen = one.first_seen_at.astimezone(zone).isoformat(" ", "seconds")
        writer.writerow([one.host, one.software, seen, yes if one.new else no])  # neither can begin with a sign a spreadsheet obeys
    return text.getvalue()
