"""The link at the foot of every mail: one press, and no more come. Opening it changes nothing: mail programs open links by themselves."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from creatorbot.artists.telling import wishes
from creatorbot.errors import NotFound
from creatorbot.models import Artist, Member, Wish
from creatorbot.web import here

pages = Blueprint("stop", __name__)


@pages.get("/stop/<key>")
@here.open_to_all
def show(key: str) -> ResponseReturnValue:
    """The one button."""
    with here.runtime().reading() as rows:
        wish = wishes.by_stop_key(rows, key)
        member = rows.get_one(Member, wish.member_id)
        name = rows.get_one(Artist, member.artist_id).name
    return render_template("telling/stop.html", key=key, name=name, stopped=wish.address is None)


@pages.post("/stop/<key>")
@here.open_to_all
def stop(key: str) -> ResponseReturnValue:
    """Also what a mail program sends when its own “unsubscribe” is pressed."""
    with here.runtime().session() as rows:
        wish: Wish = wishes.by_stop_key(rows, key)
        wishes.stop(rows, wish)
        member = rows.get(Member, wish.member_id)
        artist = rows.get(Artist, member.artist_id) if member else None
    if artist is None:
        raise NotFound("There is no such member.")
    return render_template("telling/stop.html", key=key, name=artist.name, stopped=True)
