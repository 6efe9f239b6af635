"""Bandcamp's own player, made to be shown inside other pages: for releases of which somebody said that they can be heard."""

import re

from creatorbot.sources.bandcamp_page import Page
from creatorbot.sources.bandcamp_told import Told
from creatorbot.sources.loose import documents, is_one
from creatorbot.sources.players import is_practice

_PLAYER = "https://bandcamp.com/EmbeddedPlayer/%s=%d/size=large/bgcol=ffffff/linkcol=0687f5/artwork=small/transparent=true/"
_ITEM = re.compile(r"/EmbeddedPlayer/(?:v=\d{1,3}/)?(album|track)=([1-9]\d{0,18})(?:/|$)")


def player_address(kind: str, item_id: int) -> str:
    """Where this album or track is played."""
    return _PLAYER % (kind, item_id)


def player_of(page: Page, told: Told) -> str:
    """The player of this page's release: its own data say that a track can be heard, or its head names the player. Else "".

    A practice shop's numbers are invented: at Bandcamp they may be anybody's.
    """
    hidden = told.availability == "withdrawn" or is_one(page.tralbum.get("tralbum_subscriber_only"))
    if told.kind is None or told.item_id is None or hidden or is_practice(page.address):
        return ""
    named = _ITEM.search(page.video[:500])
    is_named = named is not None and (named[1], int(named[2])) == (told.kind, told.item_id)
    heard = is_named or any(is_one(track.get("streaming")) for track in documents(page.tralbum.get("trackinfo")))
    return player_address(told.kind, told.item_id) if heard else ""
