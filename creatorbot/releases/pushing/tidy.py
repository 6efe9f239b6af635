"""What is thrown away of pushes when it has had its day."""

from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, delete, or_, select

from creatorbot.models import Handover, Push, Pushed

NOTES_KEPT = timedelta(days=3)
STREAMS_KEPT = timedelta(days=30)  # as long as a stream may run
GOODBYES_KEPT = timedelta(days=30)


def tidy(session: Session, now: datetime) -> int:
    """Remove read notes, subscriptions that have long ended, and pages nobody asked for. How many."""
    streams = select(Push.id).where(Push.kind == "owncast")
    is_stream = col(Pushed.push_id).in_(streams)
    old = or_(and_(is_stream, col(Pushed.received_at) < now - STREAMS_KEPT), and_(~is_stream, col(Pushed.received_at) < now - NOTES_KEPT))
    done = int(session.exec(delete(Pushed).where(old, col(Pushed.state) != "waiting")).rowcount)
    over = (col(Push.state) == "ended", col(Push.next_try_at) < now - GOODBYES_KEPT)
    done += int(session.exec(delete(Push).where(*over)).rowcount)
    return done + int(session.exec(delete(Handover).where(col(Handover.expires_at) <= now)).rowcount)
