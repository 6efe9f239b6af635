"""Whether everything behind the pages runs, in one sentence for the foot of the menu."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from creatorbot.links.journal import HEARTBEAT
from creatorbot.models import Heartbeat
from creatorbot.web import here
from creatorbot.wording import N_

LATE = timedelta(minutes=10)
NOT_COUNTED = N_(
    "Visits to your links are not being counted at present: there is no room for them on the disk. The links work, and what was counted "
    "is safe. Make room on the disk, or ask whoever looks after creatorbot to; counting then goes on by itself."
)
SENDS = "send_posts"
LOOKS = "poll_sources"


@dataclass(frozen=True)
class Pulse:
    """well: nothing has stopped or failed. message: a gettext id. looked_at: when the sources were last looked at."""

    well: bool
    message: str
    looked_at: datetime | None = None


def pulse(session: Session, now: datetime) -> Pulse:
    """The state of the jobs by their heartbeats; well, too, before their first beat."""
    beats = session.exec(select(Heartbeat)).all()
    looked = next((one.finished_at for one in beats if one.job == LOOKS), None)
    sending = next((one for one in beats if one.job == SENDS), None)
    if sending is not None and now - (sending.finished_at or sending.started_at) > LATE:
        return Pulse(False, N_("Posts are not being sent at present. They wait and are kept. Start creatorbot again."), looked)
    failed = {one.job for one in beats if one.failed}
    if failed == {HEARTBEAT}:
        return Pulse(False, NOT_COUNTED, looked)
    if failed:
        return Pulse(False, N_("A part of creatorbot has trouble. What you saved is safe; it tries again by itself."), looked)
    return Pulse(True, N_("Everything is running."), looked)


def here_and_now() -> Pulse:
    """For templates."""
    with here.runtime().reading() as session:
        return pulse(session, here.now())
