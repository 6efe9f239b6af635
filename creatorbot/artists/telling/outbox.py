"""The outbox: taking a mail in hand with a lease, and writing down what became of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, delete, select

from creatorbot.errors import ServiceError
from creatorbot.models import Mail, MailServer
from creatorbot.wording import N_

LEASE = timedelta(minutes=15)  # longer than one mail can take
GIVE_UP = timedelta(days=3)
KEPT = timedelta(days=30)
TOO_LATE = N_("For three days no mail server took it.")
UNWANTED = N_("Nobody wants it any more.")


def due_mails(session: Session, now: datetime, limit: int = 50) -> list[int]:
    """Mails whose turn has come, and those whose holder died, oldest first. None while no mail server is set."""
    if session.get(MailServer, 1) is None:
        return []
    found = session.exec(select(Mail.id).where(_free(now)).order_by(col(Mail.not_before), col(Mail.id)).limit(limit)).all()
    return [one for one in found if one is not None]


def claim_mail(session: Session, mail_id: int, now: datetime, scale: float = 1.0) -> datetime | None:
    """Take it in hand. Returns until when (the mark of our lease), None when another has it."""
    until = now + LEASE * scale
    done = session.execute(
        update(Mail)
        .where(col(Mail.id) == mail_id, _free(now))
        .values(
            state="claimed",
            lease_until=until,
            tries=col(Mail.tries) + 1,
            maybe_sent=or_(col(Mail.maybe_sent), col(Mail.state) == "claimed"),
        )
        .execution_options(synchronize_session=False)
    )
    return until if done.rowcount else None  # type: ignore[attr-defined]


def was_sent(session: Session, mail_id: int, now: datetime) -> None:
    """The server took it. Also right when our lease had run out: it is taken, whoever handed it over."""
    mail = session.get_one(Mail, mail_id)
    mail.state, mail.sent_at, mail.lease_until, mail.sentence, mail.values = "sent", now, None, "", {}
    server = session.get(MailServer, 1)
    if server is not None:
        server.worked_at, server.sentence, server.values = now, "", {}


def was_not_sent(session: Session, mail_id: int, lease: datetime, error: ServiceError, now: datetime, scale: float = 1.0) -> None:
    """It was not taken, or nobody knows. The same mail goes again with the same mark; what no server takes is given up."""
    mail = session.get_one(Mail, mail_id)
    server = session.get(MailServer, 1)
    if server is not None and error.kind != "refused":
        server.sentence, server.values = error.message, error.values
    if mail.state != "claimed" or mail.lease_until != lease:
        return
    mail.sentence, mail.values, mail.lease_until = error.message, error.values, None
    mail.maybe_sent = mail.maybe_sent or error.kind == "unknown"
    if error.kind == "refused" or now - mail.created_at > GIVE_UP or mail.kind == "test":
        mail.state = "failed"
        return
    mail.state = "waiting"
    mail.not_before = now + timedelta(minutes=(1, 2, 5, 15, 30, 60)[min(max(mail.tries, 1), 6) - 1]) * scale


def last_mail(session: Session, member_id: int) -> Mail | None:
    """The latest mail to this member that was tried; what nobody wanted any more does not count."""
    tried = select(Mail).where(Mail.member_id == member_id, col(Mail.tries) > 0, col(Mail.sentence) != UNWANTED)
    return session.exec(tried.order_by(col(Mail.id).desc())).first()


def drop(session: Session, mail_id: int, lease: datetime) -> None:
    """There is nobody to send it to any more."""
    mail = session.get_one(Mail, mail_id)
    if mail.state == "claimed" and mail.lease_until == lease:
        mail.state, mail.lease_until, mail.sentence = "failed", None, UNWANTED


def give_up_old(session: Session, now: datetime) -> None:
    """Mails that waited for days: without a server there is nobody to try. And those of long ago are forgotten."""
    old = and_(col(Mail.state) == "waiting", col(Mail.created_at) < now - GIVE_UP, col(Mail.tries) == 0)
    session.execute(update(Mail).where(old).values(state="failed", sentence=TOO_LATE).execution_options(synchronize_session=False))
    session.exec(delete(Mail).where(col(Mail.created_at) < now - KEPT))


def _free(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(Mail.state) == "waiting", col(Mail.not_before) <= now)
    return or_(waiting, and_(col(Mail.state) == "claimed", col(Mail.lease_until) < now))
