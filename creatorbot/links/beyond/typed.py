"""Links made by hand: for a bio, a newsletter, a poster, a button, anything. They are never deleted: what is printed works for ever."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.links.codes import new_link
from creatorbot.models import Link, Release

MADE_BY_HAND = ("bio", "newsletter", "poster", "button", "other")
LONGEST = 120
_UNSEEN = ("Cc", "Cs")


@dataclass(frozen=True)
class TypedLink:
    """The form as it was typed. opens: a release's number, "" for the artist's page. gig_on: "2026-06-12" or ""."""

    kind: str
    label: str = ""
    opens: str = ""
    gig_place: str = ""
    gig_on: str = ""


def make_link(session: Session, artist_id: int, typed: TypedLink, now: datetime) -> Link:
    """A new link of this artist. Raises InvalidInput naming the field."""
    if typed.kind not in MADE_BY_HAND:
        raise InvalidInput("Please choose what the link is for.", field="kind")
    release_id, label, place, day = _columns(session, artist_id, typed)
    return new_link(session, artist_id=artist_id, release_id=release_id, kind=typed.kind, label=label, gig_place=place, gig_on=day, now=now)


def change_link(session: Session, link: Link, typed: TypedLink) -> None:
    """What it is called and what it opens. Its code and its kind stay: they may be printed. Raises InvalidInput naming the field."""
    if link.kind not in MADE_BY_HAND:
        raise InvalidInput("This link belongs to a post or to your own page. It cannot be changed here.")
    kept = TypedLink(link.kind, typed.label, typed.opens, typed.gig_place, typed.gig_on)
    link.release_id, link.label, link.gig_place, link.gig_on = _columns(session, link.artist_id, kept)
    session.add(link)


def typed_of(link: Link) -> TypedLink:
    """The form's fields filled with what is there."""
    day = link.gig_on.isoformat() if link.gig_on else ""
    return TypedLink(link.kind, link.label, str(link.release_id or ""), link.gig_place, day)


def get_link(session: Session, artist_id: int, link_id: int) -> Link:
    """One link of this artist. Raises NotFound."""
    row = session.get(Link, link_id) if link_id < 2**63 else None
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such link.")
    return row


def count_links(session: Session, artist_id: int, *, of_posts: bool) -> int:
    """How many links the artist's posts carry, or how many no post carries."""
    return session.exec(select(func.count()).select_from(Link).where(Link.artist_id == artist_id, _carried(of_posts))).one()


def links_of(session: Session, artist_id: int, *, of_posts: bool, start: int, most: int) -> list[Link]:
    """Those links, the newest first."""
    rows = select(Link).where(Link.artist_id == artist_id, _carried(of_posts))
    return list(session.exec(rows.order_by(col(Link.created_at).desc(), col(Link.id).desc()).offset(start).limit(most)))


def _carried(of_posts: bool) -> ColumnElement[bool]:
    return col(Link.post_id).is_not(None) if of_posts else col(Link.post_id).is_(None)


def _columns(session: Session, artist_id: int, typed: TypedLink) -> tuple[int | None, str, str, date | None]:
    label = _line(typed.label, "label")
    if typed.kind == "poster":
        if not label:
            raise InvalidInput("Please say which gig it is for. What is scanned and given there stands under this name.", field="label")
        return _opens(session, artist_id, typed.opens), label, _line(typed.gig_place, "gig_place"), _day(typed.gig_on)
    if not label and typed.kind in ("newsletter", "other"):
        raise InvalidInput("Please give it a name, so that you know it again in Results.", field="label")
    return _opens(session, artist_id, typed.opens), label, "", None


def _line(text: str, field: str) -> str:
    seen = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in _UNSEEN)
    line = " ".join(seen.split())
    if len(line) > LONGEST:
        raise InvalidInput("That is %(count)s letters long; %(most)s are the most.", field=field, count=len(line), most=LONGEST)
    return line


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("This is not a day. Write it like 2026-11-20.", field="gig_on") from error
    if not 1900 <= day.year <= 2200:
        raise InvalidInput("The year %(year)s cannot be right. Write the day like 2026-11-20.", field="gig_on", year=day.year)
    return day


def _opens(session: Session, artist_id: int, text: str) -> int | None:
    if not text.strip():
        return None
    number = text.strip()
    row = session.get(Release, int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if row is None or row.artist_id != artist_id or row.state == "merged":
        raise InvalidInput("Please choose one of your releases, or your own page.", field="opens")
    return row.id
