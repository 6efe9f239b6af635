"""The practice shop's own pages: shaped as Bandcamp's are, so that they are read in the same way; and a feed of the same releases."""

import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal.covers import cover
from creatorbot.rehearsal.shop import catalogue
from creatorbot.rehearsal.shop.catalogue import Release
from creatorbot.rehearsal.world import from_a_form, page, world

pages = Blueprint("pages", __name__)
WIDTHS = {"0": 1200, "2": 350, "5": 700, "7": 150, "9": 210, "10": 1200, "16": 700, "23": 300}
MADE = re.compile(r"a(\d{1,10})_(\d+)")


@pages.get("/")
@pages.get("/music")
def music() -> Response:
    """Everything that is out."""
    return page(
        "artist.html", releases=catalogue.on_sale(world().state), catalogue=catalogue, band=json.dumps(catalogue.band(world().base))
    )


@pages.get("/album/<slug>")
def album(slug: str) -> Response:
    """An album's page."""
    return _release("album", slug)


@pages.get("/track/<slug>")
def track(slug: str) -> Response:
    """A single track's page."""
    return _release("track", slug)


def _release(kind: str, slug: str) -> Response:
    found = [(one, out) for one, out in catalogue.on_sale(world().state) if one.kind == kind and one.slug == slug]
    if not found:
        return page("shop_gone.html", 404)
    release, out = found[0]
    base, came_from = world().base, _came_from()
    _remember(release, came_from)
    return page(
        "release.html",
        release=release,
        out=out,
        catalogue=catalogue,
        base=base,
        came_from=came_from,
        picture=catalogue.image(base, release, 5),
        band=json.dumps(catalogue.band(base)),
        tralbum=json.dumps(catalogue.tralbum(base, release, out)),
        currency=json.dumps(catalogue.CURRENCY),
        properties=json.dumps({"item_type": release.kind[0], "item_id": release.number, "tralbum_page_version": 0}),
        ld_json=json.dumps(catalogue.ld_json(base, release, out)).replace("</", "<\\/"),
    )


def _came_from() -> str:
    """The page this visitor came from, as their browser says; "" when it says nothing, or came from within the shop."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    direct = f"{parts.scheme}://{parts.netloc}" == world().base
    proxied = bool(request.script_root) and parts.path.startswith(request.script_root + "/")
    return "" if direct or proxied or parts.scheme not in ("http", "https") else f"{parts.netloc}{parts.path}"[:200]


def _remember(release: Release, came_from: str) -> None:
    """For the shop's book: from where people came, the last 200."""
    here = world().state
    if request.script_root or "Mozilla" in request.headers.get("User-Agent", ""):
        here.do("INSERT INTO visit (page, referrer, made) VALUES (?, ?, ?)", release.title, came_from, here.now())
        here.do("DELETE FROM visit WHERE id <= (SELECT max(id) FROM visit) - 200")


@pages.get("/img/<name>.jpg")
def picture(name: str) -> Response:
    """A cover, drawn in the size its number stands for."""
    made = MADE.fullmatch(name)
    known = [one for one in (*catalogue.RELEASES, *catalogue.LATER) if made and one.art == int(made[1])]
    if not made or not known or made[2] not in WIDTHS:
        return Response("not here", 404, mimetype="text/plain")
    return Response(cover(known[0].slug, WIDTHS[made[2]]), mimetype="image/jpeg", headers={"Cache-Control": "public, max-age=86400"})


@pages.get("/feed.xml")
def feed() -> Response:
    """The same releases as RSS 2.0; answers 304 when nothing is new."""
    releases, base = catalogue.on_sale(world().state), world().base
    body = render_template("feed.xml", releases=releases, base=base, catalogue=catalogue, date=format_datetime)
    answer = Response(body, mimetype="application/rss+xml")
    answer.last_modified = max(out for _one, out in releases)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@pages.post("/practice/new-release")
def new_release() -> AnyResponse:
    """Release day: one more appears."""
    added = catalogue.add_one(world().state)
    if from_a_form():
        return redirect(url_for("pages.music"), 303)
    return jsonify(
        {
            "title": added.title if added else None,
            "url": world().base + added.path if added else None,
            "at": datetime.fromtimestamp(world().state.now(), UTC).isoformat(),
        }
    )
