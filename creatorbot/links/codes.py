"""The code in a short address, and the row that owns it.

A link opens what it was made for. The same link can show the artist's other releases too: /l/<code>.<release number> shows that
release and /l/<code>.0 the artist's page, so whatever somebody does after coming by a post is still known to have come by it.
"""

import secrets
from datetime import date, datetime

from sqlmodel import Session, select

from creatorbot.errors import Conflict
from creatorbot.models import Link
from creatorbot.storage.once import insert_once

LENGTH = 8
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O o, 1 l I i: they are read out and typed from posters
PRINTED = "".join(sign for sign in ALPHABET if not sign.isupper())


def new_code() -> str:
    """A random code; 8 of 55 signs, so guessing finds nothing and two rarely meet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_printed_code() -> str:
    """A random code for paper: no capitals, so that it can be typed on a phone. 31 signs to the power of 8."""
    return "".join(secrets.choice(PRINTED) for _ in range(LENGTH))


def split(code: str) -> tuple[str, int | None]:
    """The link's own code, and the number of another release it is to show (0: the artist's page); None for neither."""
    own, dot, number = code.partition(".")
    if not dot:
        return own, None
    return (own, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else (code, None)


def new_link(
    session: Session,
    *,
    artist_id: int,
    release_id: int | None,
    post_id: int | None = None,
    kind: str = "post",
    label: str = "",
    gig_place: str = "",
    gig_on: date | None = None,
    now: datetime,
) -> Link:
    """A link of its own for this post (or poster …). Raises Conflict when the post already has one."""
    while True:
        link = Link(
            artist_id=artist_id,
            release_id=release_id,
            post_id=post_id,
            code=new_printed_code() if kind == "poster" else new_code(),
            kind=kind,
            label=label,
            gig_place=gig_place,
            gig_on=gig_on,
            created_at=now,
        )
        if insert_once(session, link):
            return session.exec(select(Link).where(Link.code == link.code)).one()
        if post_id is not None and session.exec(select(Link.id).where(Link.post_id == post_id)).first() is not None:
            raise Conflict("This post already has its link.")
