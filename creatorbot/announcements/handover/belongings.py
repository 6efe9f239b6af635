"""What else belongs to an account and goes over to the one that follows it: where to announce by itself, wordings, questions, boosts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from creatorbot.models import Account, Announcement, Boost, Consent, OtherWording, PostingRules

OPEN = ("draft", "approved")


def hand_on(session: Session, old: Account, new: Account, now: datetime) -> None:
    """Put the new account into the old one's place everywhere. What has happened already keeps the old one's name."""
    before, after = old.id or 0, new.id or 0
    rules = session.exec(select(PostingRules).where(PostingRules.artist_id == old.artist_id)).all()
    asked = session.exec(select(Consent).where(Consent.artist_id == old.artist_id, Consent.state == "asked")).all()
    about = select(Announcement.id).where(Announcement.artist_id == old.artist_id, col(Announcement.state).in_(OPEN))
    wordings = session.exec(select(OtherWording).where(col(OtherWording.announcement_id).in_(about))).all()
    listing: list[PostingRules | Consent | OtherWording] = [*rules, *asked, *wordings]
    for row in listing:
        if before in row.account_ids:
            row.account_ids = _instead(row.account_ids, before, after)
            session.add(row)
    _boosts(session, before, after, now)
    session.flush()


def _boosts(session: Session, before: int, after: int, now: datetime) -> None:
    """Those still planned. One that somebody has in hand stays: it fails there, and says so."""
    for boost in session.exec(select(Boost).where(Boost.account_id == before, Boost.state == "planned")).all():
        twin = session.exec(select(Boost.id).where(Boost.post_id == boost.post_id, Boost.account_id == after)).first()
        session.execute(
            update(Boost)
            .where(
                col(Boost.id) == boost.id,
                col(Boost.state) == "planned",
                or_(col(Boost.lease_until).is_(None), col(Boost.lease_until) < now),
            )
            .values(**({"account_id": after} if twin is None else {"state": "cancelled"}), changed_at=now)
            .execution_options(synchronize_session=False)
        )


def _instead(listed: Sequence[int], before: int, after: int) -> list[int]:
    return list(dict.fromkeys(after if one == before else one for one in listed))
