"""Send the mails in the outbox."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from creatorbot.artists.telling import outbox
from creatorbot.artists.telling.mailing import send_mail
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 2


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the mails whose turn has come."""
    with runtime.reading() as session:
        due = outbox.due_mails(session, now)
    if not due:
        return Report()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(pool.map(lambda mail_id: _guarded(runtime, mail_id), due))
    return Report(done, f"{done} mails taken up")


def _guarded(runtime: Runtime, mail_id: int) -> bool:
    """One mail's trouble is never another's."""
    try:
        return send_mail(runtime, mail_id)
    except Exception:
        log.exception("mail %s could not be handled", mail_id)
        return False
