"""Results: what each post brought, and the rows behind every figure; posts, other links and the rest together are the ledger."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from creatorbot.amounts import Money
from creatorbot.announcements.handover.story import now_at, stood_in_for
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.attribution.report import by_other_link, by_post, credits_of_post, summary, uncredited
from creatorbot.errors import NotFound
from creatorbot.links.beyond.heading import link_heading
from creatorbot.links.drain import MOST_SERVERS
from creatorbot.links.reaching.listing import servers_of
from creatorbot.links.referrers import of_links
from creatorbot.links.totals import totals_of, visits_of
from creatorbot.models import PAID
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id, needs, now, runtime
from creatorbot.web.money import KINDS, moneys
from creatorbot.web.reach import words
from creatorbot.web.reach.shown import reached
from creatorbot.wording import N_

pages = Blueprint("results", __name__)

VISITS: dict[str, tuple[str, str]] = {
    "person": (N_("people"), N_("somebody followed the link")),
    "preview": (N_("previews"), N_("a server or an app drew the card; nobody opened the page yet")),
    "bot": (N_("robots"), N_("search engines and other programs")),
    "uncertain": (N_("uncertain"), N_("could be either; not counted as people")),
}
REASONS: dict[str, str] = {
    "fediverse_server": N_("a server that received the post fetched its card"),
    "link_preview": N_("a chat, mail or search program drew a card"),
    "prefetch": N_("a browser looked ahead; nobody had opened the page"),
    "no_user_agent": N_("it did not say what it is"),
    "names_itself": N_("it says itself that it is a program"),
    "only_head": N_("it asked for the envelope only, not for the page"),
    "navigation": N_("the browser says that somebody followed the link"),
    "browser_headers": N_("an older or built-in browser, by what it asks for"),
    "framed": N_("shown inside another page"),
    "by_script": N_("calls itself a browser, but a program fetched it"),
    "bare": N_("calls itself a browser, but does not ask like one"),
    "pressed_button": N_("a button on the page was pressed afterwards"),
    "button_alone": N_("asked for a button, but never opened the page"),
}
SHOWN_VISITS = 200
SHOWN_SERVERS = 12


@pages.get("/results")
@needs("viewer")
def overview() -> ResponseReturnValue:
    """The sentence, then each post, then what belongs to none; the last line equals Money."""
    with runtime().reading() as session:
        about: dict[str, object] = {
            "posts": [post for post in by_post(session, artist_id()) if post.published_at or post.payments or post.people],
            "others": by_other_link(session, artist_id()),
            "stood_in_for": stood_in_for(session, artist_id()),
            "now_at": now_at(session, artist_id()),
        }
        rows = uncredited(session, artist_id())
        figures = summary(session, artist_id())
        unplaced = sum(row.payment.kind in PAID for row in rows)
    total = moneys({currency: one.kept for currency, one in figures.total.items()})
    about["link_heading"] = link_heading
    return render_template("results/overview.html", moneys=moneys, summary=figures, total=total, rest=rows, paid_rest=unplaced, **about)


@pages.get("/results/posts/<int:post_id>")
@needs("viewer")
def post(post_id: int) -> ResponseReturnValue:
    """What one post's figures are made of: servers, visits, payments with their evidence."""
    with runtime().reading() as session:
        row = get_post(session, artist_id(), post_id)
        announcement = get_announcement(session, artist_id(), row.announcement_id)
        results = by_post(session, artist_id())
        result = next((found for found in results if found.post_id == post_id), None)
        if result is None:
            raise NotFound("There is no such post.")
        about = {
            "post": row,
            "result": result,
            "release": get_release(session, artist_id(), announcement.release_id),
            "reach": reached(session, result, results, now()),
            "first_servers": servers_of(session, result.link_id, limit=SHOWN_SERVERS),
            "words": words,
            "most_servers": MOST_SERVERS,
            "totals": totals_of(session, [result.link_id])[result.link_id],
            "came_from": of_links(session, [result.link_id]),
            "visits": visits_of(session, result.link_id, SHOWN_VISITS),
            "credits": credits_of_post(session, post_id),
        }
    return render_template(
        "results/post.html", moneys=moneys, Money=Money, kinds=VISITS, reasons=REASONS, payment_kinds=KINDS, most=SHOWN_VISITS, **about
    )


@pages.get("/results/rest")
@needs("viewer")
def rest() -> ResponseReturnValue:
    """What is credited to no post, and why."""
    with runtime().reading() as session:
        rows = uncredited(session, artist_id())
        total = summary(session, artist_id()).uncredited
    return render_template("results/rest.html", rows=rows, total=moneys(total), payment_kinds=KINDS, Money=Money)
