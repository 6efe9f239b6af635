"""The code in a short address, and the row that owns it."""

import secrets
from datetime import datetime

from sqlmodel import Session, select

from creatorbot.errors import Conflict
from creatorbot.models import Link
from creatorbot.storage.once import insert_once

LENGTH = 8
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O o, 1 l I i: they are read out and typed from posters


def new_code() -> str:
    """A random code; 8 of 55 signs, so guessing finds nothing and two rarely meet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_link(session: Session, *, artist_id: int, release_id: int, post_id: int | None = None, label: str = "", now: datetime) -> Link:
    """A link of its own for this post (or poster …). Raises Conflict when the post already has one."""
    while True:
        link = Link(artist_id=artist_id, release_id=release_id, post_id=post_id, code=new_code(), label=label, created_at=now)
        if insert_once(session, link):
            return session.exec(select(Link).where(Link.code == link.code)).one()
        if post_id is not None and session.exec(select(Link.id).where(Link.post_id == post_id)).first() is not None:
            raise Conflict("This post already has its link.")
