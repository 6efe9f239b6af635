"""Posts that wait for an owner's yes: asked by a member, given or declined by an owner. Without it nothing is approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.errors import Conflict
from creatorbot.models import Announcement, Consent, PostingRules
from creatorbot.storage.once import insert_once


def is_needed(session: Session, artist_id: int) -> bool:
    """Whether this artist's posts wait for an owner's yes."""
    return bool(session.exec(select(PostingRules.owner_yes).where(PostingRules.artist_id == artist_id)).first())


def ask(session: Session, announcement: Announcement, account_ids: Sequence[int], when: datetime | None, who: str, now: datetime) -> None:
    """Ask for the yes, or ask again with another wish. The draft stays a draft. Raises Conflict once it is on its way."""
    if announcement.id is None or announcement.state != "draft":
        raise Conflict("This announcement was already sent on its way. Nothing was posted a second time.")
    insert_once(session, Consent(artist_id=announcement.artist_id, announcement_id=announcement.id, asked_by=who, asked_at=now))
    row = session.exec(select(Consent).where(Consent.announcement_id == announcement.id)).one()
    row.account_ids, row.when_at, row.state = list(account_ids), when, "asked"
    row.asked_by, row.asked_at, row.answered_by, row.answered_at, row.sentence = who, now, "", None, ""
    session.add(row)


def consent_about(session: Session, announcement_id: int) -> Consent | None:
    """What was asked and answered about an announcement; None when nothing was."""
    return session.exec(select(Consent).where(Consent.announcement_id == announcement_id)).first()


def given(session: Session, announcement_id: int, who: str, now: datetime) -> None:
    """An owner approved it: the question, if there was one, is answered."""
    _answer(session, announcement_id, "given", who, "", now)


def decline(session: Session, announcement_id: int, who: str, sentence: str, now: datetime) -> None:
    """Not like this. The draft stays, with what the owner said."""
    _answer(session, announcement_id, "declined", who, sentence.strip()[:500], now)


def unanswered(session: Session, artist_id: int) -> list[tuple[Consent, Announcement]]:
    """What waits for a yes, or got a no and waits to be mended, the oldest first."""
    rows = session.exec(
        select(Consent, Announcement)
        .join(Announcement, col(Announcement.id) == Consent.announcement_id)
        .where(Consent.artist_id == artist_id, col(Consent.state).in_(("asked", "declined")), Announcement.state == "draft")
        .order_by(col(Consent.asked_at), col(Consent.id))
    )
    return [(consent, announcement) for consent, announcement in rows]


def _answer(session: Session, announcement_id: int, state: str, who: str, sentence: str, now: datetime) -> None:
    row = consent_about(session, announcement_id)
    if row is not None and row.state == "asked":
        row.state, row.answered_by, row.answered_at, row.sentence = state, who, now, sentence
        session.add(row)
