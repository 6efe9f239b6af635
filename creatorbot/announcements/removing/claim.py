"""Taking a wanted removal in hand with a lease."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.waits import Waits
from creatorbot.models import PostRemoval


def due_removals(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Those whose turn has come, and those whose holder died, oldest first."""
    found = session.exec(select(PostRemoval.id).where(_free(now)).order_by(col(PostRemoval.not_before)).limit(limit)).all()
    return [one for one in found if one is not None]


def claim_removal(session: Session, removal_id: int, now: datetime, waits: Waits) -> datetime | None:
    """Take it in hand. Returns until when (the mark of our lease), None when another has it."""
    until = now + waits.lease
    done = session.execute(
        update(PostRemoval)
        .where(col(PostRemoval.id) == removal_id, _free(now))
        .values(state="claimed", lease_until=until, tries=col(PostRemoval.tries) + 1)
        .execution_options(synchronize_session=False)
    )
    return until if done.rowcount else None  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(PostRemoval.state) == "wanted", col(PostRemoval.not_before) <= now)
    return or_(waiting, and_(col(PostRemoval.state) == "claimed", col(PostRemoval.lease_until) < now))
