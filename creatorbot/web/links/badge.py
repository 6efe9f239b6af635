"""The badge other people's sites show: a picture for anybody, counted as no visit."""

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue
from sqlmodel import select

from creatorbot.errors import NotFound
from creatorbot.links.beyond.button import badge_svg
from creatorbot.models import Artist, Link, Release
from creatorbot.web.here import open_to_all, runtime
from creatorbot.wording import N_, say

pages = Blueprint("badge", __name__)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # an SVG's own style sheet, and nothing else


def words_on(artist: Artist, release: Release | None) -> str:
    """What button and badge say, in the artist's language."""
    if release is None:
        return say(artist.language, N_("Music by %(name)s"), {"name": artist.name})
    return say(artist.language, N_("Listen to %(title)s"), {"title": release.title})


@pages.get("/badge/<code>.svg")
@open_to_all
def badge(code: str) -> ResponseReturnValue:
    """The badge of this link."""
    if not (code.isascii() and code.isalnum()):
        raise NotFound("There is no page at this address.")
    with runtime().reading() as session:
        link = session.exec(select(Link).where(Link.code == code)).first()
        artist = session.get(Artist, link.artist_id) if link else None
        release = session.get(Release, link.release_id) if link and link.release_id else None
    if artist is None:
        raise NotFound("There is no page at this address.")
    answer = make_response(badge_svg(words_on(artist, release), artist.accent, artist.language))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "public, max-age=86400"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
