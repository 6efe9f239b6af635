"""Addresses of links that lead nowhere: what may have been meant, and a page that helps. Asked only for what the front door does not know.

Who typed a code in other case, or with a sign no code holds, is led to the one link it can be. We lead nowhere but to /l/, /tip/ and /@
of our own, written from what the database holds and never from what was typed.
"""

import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.links.codes import as_typed, find_mistyped
from creatorbot.models import Artist
from creatorbot.web.allowance import Allowance
from creatorbot.web.here import open_to_all, runtime

pages = Blueprint("codes", __name__)
_LOOKS_A_SECOND = 50
_LEAST_OF_A_NAME = 3


@dataclass(frozen=True)
class Meant:
    """What may have been meant. path: our own address for it, "" for nothing. artist: name and short name, None when that is open."""

    path: str = ""
    artist: tuple[str, str] | None = None


@pages.get("/l/<rest:typed>")
@open_to_all
def no_link(typed: str) -> ResponseReturnValue:
    """A link's code that is not there."""
    return answer("/l/", typed)


@pages.get("/@<rest:typed>")
@open_to_all
def no_artist(typed: str) -> ResponseReturnValue:
    """An artist's short name that is not there."""
    return answer("/@", typed)


def answer(prefix: str, typed: str) -> Response:
    """On to what was meant, else a page that helps. prefix: /l/, /tip/ or /@; typed: what stands after it."""
    meant = Meant()
    if _looks().one_more():
        with runtime().reading() as session:
            meant = _meant(session, prefix, typed)
    if meant.path and meant.path != prefix + typed:
        found = make_response(redirect(meant.path, 302))
    else:  # the very address that was asked for exists: its page is being made, or cannot be made
        about = {"kind": prefix.strip("/"), "there": bool(meant.path), "meant": meant.artist}
        found = make_response(render_template("errors/no_link.html", **about), 503 if meant.path else 404)
        if meant.path:
            found.headers["Retry-After"] = "5"
    found.headers["Cache-Control"] = "no-store"
    found.headers["X-Robots-Tag"] = "noindex"
    return found


def _looks() -> Allowance:
    """How often this application may still look in this second: guessing addresses stays cheap for us."""
    working_for, looks = current_app.extensions.get("creatorbot guesses", (None, None))
    if looks is None or working_for is not runtime():
        looks = Allowance(_LOOKS_A_SECOND)
        current_app.extensions["creatorbot guesses"] = (runtime(), looks)
    return cast(Allowance, looks)


def _meant(session: Session, prefix: str, typed: str) -> Meant:
    code = find_mistyped(session, typed) if prefix != "/@" and as_typed(typed) else ""
    if code:
        return Meant(prefix + quote(code, safe="."))
    word = re.sub(r"[^a-z0-9]+", "-", typed[:80].partition("/")[0].lower()).strip("-")[:40]
    if word and prefix in ("/@", "/tip/"):
        slug = session.exec(select(Artist.slug).where(Artist.slug == word)).first()
        if slug:
            return Meant(prefix + quote(slug, safe=""))
    return Meant(artist=_only_artist(session, word))


def _only_artist(session: Session, word: str) -> tuple[str, str] | None:
    """The one artist here, else the one whose short name begins like this. Practice artists are nobody's."""
    artists = select(Artist.name, Artist.slug).where(Artist.badge == "")
    found = session.exec(artists.limit(2)).all()
    if len(found) == 2 and len(word) >= _LEAST_OF_A_NAME:
        found = session.exec(artists.where(col(Artist.slug).startswith(word, autoescape=True)).limit(2)).all()
        if not found:
            beginnings = [word[:end] for end in range(_LEAST_OF_A_NAME, len(word))]
            found = session.exec(artists.where(col(Artist.slug).in_(beginnings)).limit(2)).all()
    return (found[0][0], found[0][1]) if len(found) == 1 else None
