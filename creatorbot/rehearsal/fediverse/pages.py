"""The practice server as people see it: a follower's timeline, single posts, and the page where things are made to go wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from markupsafe import Markup

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.fediverse.access import fate_of, refuse
from creatorbot.rehearsal.fediverse.elsewhere import FATES
from creatorbot.rehearsal.fediverse.followers import OWN, SERVERS
from creatorbot.rehearsal.fediverse.manners import key_mode, manner
from creatorbot.rehearsal.fediverse.manners.table import KEY_MODES, MANNERS
from creatorbot.rehearsal.fediverse.statuses import edited_at, from_elsewhere
from creatorbot.rehearsal.fediverse.troubles import TABLE
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import page, world

pages = Blueprint("pages", __name__)
SHOWN = 40
AUDIENCE = {"public": "for everybody", "unlisted": "quietly public", "private": "for followers", "direct": "to one person"}


@dataclass(frozen=True)
class Shown:
    """One post as a follower sees it. at: its author's server. seen_by: the servers that fetched its link."""

    row: Row
    account: Row | Doc
    at: str
    boosted_by: str
    when: datetime
    changed: datetime | None
    html: Markup
    audience: str
    pictures: list[Row]
    card: Row | None
    link: str
    host: str
    seen_by: list[Row]


def shown(row: Row) -> Shown:
    """A post with all that is drawn around it; for a boost, the boosted post."""
    here = world().state
    booster = here.row("SELECT * FROM account WHERE id = ?", row["account_id"])
    boosted = here.row("SELECT * FROM status WHERE id = ? AND NOT deleted", row["reblog_of"]) if row["reblog_of"] else None
    post = boosted or row
    other = from_elsewhere(row["reblog_of"])
    if other is not None and booster is not None:
        return _from_elsewhere(row, booster, other)
    account = here.row("SELECT * FROM account WHERE id = ?", post["account_id"])
    assert account is not None
    assert booster is not None
    seen = here.rows("SELECT * FROM preview WHERE status_id = ? ORDER BY made", post["id"])
    pictures = here.rows("SELECT * FROM media WHERE status_id = ? ORDER BY id", post["id"])
    addresses = text.links(post["text"])
    return Shown(
        row=post,
        account=account,
        at=world().domain,
        boosted_by=booster["display_name"] if boosted else "",
        when=datetime.fromtimestamp(post["made"], UTC),
        changed=datetime.fromtimestamp(edited, UTC) if (edited := edited_at(post["id"])) else None,
        html=Markup(text.as_html(post["text"], request.script_root)),
        audience=AUDIENCE[post["visibility"]],
        pictures=pictures,
        card=next((one for one in seen if one["title"] and not pictures), None),
        link=addresses[0] if addresses else "",
        host=urlsplit(addresses[0]).netloc if addresses else "",
        seen_by=[one for one in seen if one["server"] != OWN.host],
    )


def _from_elsewhere(row: Row, booster: Row, other: Doc) -> Shown:
    """A boost of another server's post."""
    neighbour = world().neighbour
    return Shown(
        row=row,
        account={"name": other["account"]["username"], "display_name": other["account"]["display_name"]},
        at=neighbour.domain if neighbour else urlsplit(other["url"]).netloc,
        boosted_by=booster["display_name"],
        when=datetime.fromisoformat(other["created_at"]),
        changed=None,
        html=Markup(other["content"]),  # written by the other practice server, which is ours too
        audience=AUDIENCE[other["visibility"]],
        pictures=[],
        card=None,
        link="",
        host="",
        seen_by=[],
    )


@pages.get("/")
def home() -> Response:
    """What a follower sees, newest first."""
    rows = world().state.rows("SELECT * FROM status WHERE NOT deleted AND visibility <> 'direct' ORDER BY id DESC LIMIT ?", SHOWN)
    return page("timeline.html", posts=[shown(row) for row in rows], title="Posts", servers=SERVERS, domain=world().domain)


@pages.get("/@<name>")
def profile(name: str) -> Response:
    """One person's posts."""
    account = world().state.row("SELECT * FROM account WHERE name = ?", name.lower())
    if account is None:
        return page("gone.html", 404)
    rows = world().state.rows(
        "SELECT * FROM status WHERE NOT deleted AND visibility <> 'direct' AND account_id = ? ORDER BY id DESC LIMIT ?",
        account["id"],
        SHOWN,
    )
    return page("timeline.html", posts=[shown(row) for row in rows], title=account["display_name"], servers=SERVERS, domain=world().domain)


@pages.get("/tags/<tag>")
def tagged(tag: str) -> Response:
    """Posts with one hashtag."""
    rows = world().state.rows("SELECT * FROM status WHERE NOT deleted AND visibility = 'public' ORDER BY id DESC LIMIT 400")
    fits = [row for row in rows if tag.lower() in (one.lower() for one in text.tags(row["text"]))]
    return page("timeline.html", posts=[shown(row) for row in fits[:SHOWN]], title=f"#{tag}", servers=SERVERS, domain=world().domain)


@pages.get("/@<name>/<int:number>")
def one(name: str, number: int) -> Response:
    """One post."""
    row = world().state.row("SELECT * FROM status WHERE id = ? AND NOT deleted AND visibility <> 'direct'", number)
    if row is None:
        return page("gone.html", 404)
    post = shown(row)
    return page(
        "timeline.html", posts=[post], title=f"A post by {post.account['display_name']}", alone=True, servers=SERVERS, domain=world().domain
    )


@pages.get("/cards/<int:number>.jpg")
def card_picture(number: int) -> Response:
    """The picture of a post's card, as our server kept it."""
    row = world().state.row("SELECT image FROM preview WHERE status_id = ? AND image IS NOT NULL ORDER BY made LIMIT 1", number)
    if row is None:
        refuse(404, "Record not found")
    kind = "image/png" if row["image"].startswith(b"\x89PNG") else "image/jpeg"
    return Response(row["image"], mimetype=kind, headers={"Cache-Control": "private, max-age=3600"})


@pages.get("/practice")
def practice() -> Response:
    """Make something go wrong, and see what happens."""
    waiting = [
        (TABLE[row["behaviour"]], row["times_left"]) for row in faults.ordered(world().state, "fediverse") if row["behaviour"] in TABLE
    ]
    people = [(row["name"], fate_of(row["id"])) for row in world().state.rows("SELECT * FROM account ORDER BY id")]
    return page(
        "troubles.html",
        people=people,
        fates=FATES,
        groups=faults.grouped(TABLE),
        waiting=waiting,
        modes=KEY_MODES,
        mode=key_mode(),
        manners=MANNERS,
        played=next(name for name, one in MANNERS.items() if one is manner()),
    )
