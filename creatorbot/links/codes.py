"""The code in a short address, and the row that owns it.

A link opens what it was made for. The same link can show the artist's other releases too: /l/<code>.<release number> shows that
release and /l/<code>.0 the artist's page, so whatever somebody does after coming by a post is still known to have come by it.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice, product

from sqlmodel import Session, col, select

from creatorbot.errors import Conflict
from creatorbot.models import Link
from creatorbot.storage.once import insert_once

LENGTH = 8
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O o, 1 l I i: they are read out and typed from posters
PRINTED = "".join(sign for sign in ALPHABET if not sign.isupper())
# What somebody may have seen who types a sign that no code holds, likeliest first.
_ROUND, _TALL = "ceaQDC8G69", "jtf7LJT"
_MISREAD = {"0": _ROUND, "o": _ROUND, "O": _ROUND, "1": _TALL, "i": _TALL, "I": _TALL, "l": _TALL}
MOST_LIKELY = 400
_LIKE_A_CODE = re.compile(rf"[A-Za-z0-9]{{{LENGTH}}}(\.[0-9]{{1,9}})?")


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


def as_typed(text: str) -> str:
    """What somebody may have meant by this: no spaces and hyphens, nothing after a slash, no full stop at the end. "" for no code."""
    cleaned = re.sub(r"[\s\u00ad\u200b\u2010-\u2015_-]+", "", text[:80].partition("/")[0])
    cleaned = re.sub(r"[^A-Za-z0-9]+\Z", "", cleaned)
    return cleaned if _LIKE_A_CODE.fullmatch(cleaned) else ""


def likely(own: str) -> list[str]:
    """Codes somebody may have meant who typed this: in other case, or with a sign no code holds. Likeliest first, at most MOST_LIKELY."""
    as_printed = product(*(_seen(sign.lower(), PRINTED) for sign in own))
    as_written = product(*(_seen(sign, ALPHABET) for sign in own))
    in_any_case = product(*(_seen(sign + sign.swapcase(), ALPHABET) for sign in own))
    found: Iterator[tuple[str, ...]] = chain(islice(as_printed, 100), islice(as_written, 44), islice(in_any_case, 2**LENGTH))
    return list(dict.fromkeys("".join(signs) for signs in found))


def _seen(typed: str, among: str) -> str:
    """Those of the signs that a code can hold; where it can hold none, what they may have been."""
    held = "".join(dict.fromkeys(sign for sign in typed if sign in among))
    return held or "".join(sign for sign in _MISREAD.get(typed[:1], "") if sign in among)


def find_mistyped(session: Session, text: str) -> str:
    """The code of the one link that was meant by what was typed, with the number of the other release if one stands there; "" when none
    or several could be meant. One question to the database, by its index."""
    own, number = split(as_typed(text))
    wanted = likely(own) if own else []
    found = session.exec(select(Link.code).where(col(Link.code).in_(wanted))).all() if wanted else []
    if own in found:
        found = [own]
    return (found[0] + (f".{number}" if number is not None else "")) if len(found) == 1 else ""
