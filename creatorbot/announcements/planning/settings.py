"""What happens by itself with the news of one source: read, and kept as chosen."""

from datetime import datetime

from sqlmodel import Session, select

from creatorbot.announcements.planning.automatic import ON, pass_over
from creatorbot.errors import InvalidInput
from creatorbot.models import SourceAutomation
from creatorbot.storage.once import insert_once

LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60


def automation_of(session: Session, artist_id: int, source_id: int, now: datetime) -> SourceAutomation:
    """What was chosen for this source; off, and not stored, when nothing was."""
    found = session.exec(
        select(SourceAutomation).where(SourceAutomation.source_id == source_id, SourceAutomation.artist_id == artist_id)
    ).first()
    return found or SourceAutomation(artist_id=artist_id, source_id=source_id, changed_at=now)


def set_automation(session: Session, artist_id: int, source_id: int, mode: str, minutes: int, who: str, now: datetime) -> None:
    """Keep what was chosen. What is new there already stays with the artist. The source has to be this artist's.

    minutes: how long it can be stopped. Raises InvalidInput, with its field.
    """
    if mode not in ("off", *ON):
        raise InvalidInput("Choose what happens with news from here.", field="mode")
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise InvalidInput("Leave yourself between 5 minutes and 7 days to stop it.", field="minutes")
    insert_once(session, SourceAutomation(artist_id=artist_id, source_id=source_id, changed_at=now))
    row = session.exec(select(SourceAutomation).where(SourceAutomation.source_id == source_id)).one()
    if row.mode == "off" and mode != "off":
        pass_over(session, artist_id, source_id, now)
    row.mode, row.minutes, row.set_by, row.changed_at = mode, minutes, who, now
    session.add(row)
