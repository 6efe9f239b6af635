"""Telling people about a move: an announcement like any other, begun with the words for it, about what was announced last."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.models import Account, Announcement, Artist, Person, Post, Release
from creatorbot.wording import N_, say

WORDS = N_("We have moved: from now on you find us at %(address)s")
AND_THEN = N_("The latest from us: {title}")
OUT = ("published", "confirmed")


def draft_about(session: Session, artist: Artist, new: Account, person: Person | None, now: datetime) -> Announcement | None:
    """A draft that says where the artist is now; the one that is open already, if there is one. None without any release to speak of.

    Its words name the new account by the address of its page: a name with an @ would send that account a note.
    """
    release = _latest(session, artist)
    if release is None:
        return None
    said = say(artist.language, WORDS, {"address": new.url})
    wording = f"{said}\n\n{say(artist.language, AND_THEN)}\n{{link}}"
    same = (Announcement.artist_id == artist.id, Announcement.wording == wording, Announcement.state == "draft")
    begun = session.exec(select(Announcement).where(*same)).first()
    if begun is not None:
        return begun
    draft = Announcement(
        artist_id=artist.id or 0,
        release_id=release.id or 0,
        wording=wording,
        language=artist.language,
        created_by=person.id if person else None,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def _latest(session: Session, artist: Artist) -> Release | None:
    """What was announced last, else what was found last."""
    announced = (
        select(Release)
        .join(Announcement, col(Announcement.release_id) == col(Release.id))
        .join(Post, col(Post.announcement_id) == col(Announcement.id))
        .where(Release.artist_id == artist.id, col(Post.state).in_(OUT), Release.state != "merged")
        .order_by(col(Post.published_at).desc())
    )
    known = select(Release).where(Release.artist_id == artist.id, col(Release.state).not_in(("merged", "held")))
    return session.exec(announced).first() or session.exec(known.order_by(col(Release.first_seen_at).desc())).first()
