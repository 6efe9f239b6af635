"""Telling one thing, once: the row, and a mail to each member who wishes to hear of it at once."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, select

from creatorbot.artists.telling.kinds import Happening, chosen_by
from creatorbot.artists.telling.said import stored
from creatorbot.models import Mail, MailItem, MailServer, Member, TellingMark, Told, Wish
from creatorbot.security.secrets import word
from creatorbot.storage.once import insert_once

GATHER = timedelta(seconds=20)  # things that happen together come in one mail
LIVELY, GATHER_LONG = 3, timedelta(minutes=30)  # after so many mails within an hour, the next waits so long


def tell(session: Session, one: Happening, now: datetime, scale: float = 1.0) -> bool:
    """Tell it, unless it was told already. True when it was new."""
    row = Told(
        artist_id=one.artist_id,
        about=one.about,
        kind=one.kind,
        post_id=one.post_id,
        account_id=one.account_id,
        source_id=one.source_id,
        release_id=one.release_id,
        sentence=one.sentence,
        values=stored(one.values),
        at=one.at,
    )
    if not insert_once(session, row):
        return False
    told_id = session.exec(select(Told.id).where(Told.artist_id == one.artist_id, Told.about == one.about)).one()
    if told_id is not None and session.get(MailServer, 1) is not None:
        for wish in _who_wants(session, one):
            _mail(session, wish.member_id, told_id, now, scale)
    return True


def _who_wants(session: Session, one: Happening) -> list[Wish]:
    rows = session.exec(
        select(Wish)
        .join(Member, col(Wish.member_id) == Member.id)
        .where(Member.artist_id == one.artist_id, Wish.pace == "at_once", col(Wish.address).is_not(None), col(Wish.since) <= one.at)
        .order_by(col(Wish.id))
    ).all()
    return [wish for wish in rows if chosen_by(one.kind) in wish.kinds]


def _mail(session: Session, member_id: int, told_id: int, now: datetime, scale: float) -> None:
    """Into the mail that waits to go out, or a new one."""
    waiting = select(Mail.id).where(col(Mail.member_id) == member_id, _takes_more(now))
    mail_id = session.exec(waiting.order_by(col(Mail.id).desc())).first()
    if mail_id is None or not _still_waits(session, mail_id, now):
        mail_id = new_mail(session, member_id, f"told:{told_id}", "at_once", now, now + _gather(session, member_id, now) * scale)
    if mail_id is not None:
        insert_once(session, MailItem(mail_id=mail_id, member_id=member_id, told_id=told_id))


def _gather(session: Session, member_id: int, now: datetime) -> timedelta:
    """How long a new mail waits for company: on a lively day nobody gets one every minute."""
    lately = select(func.count()).where(
        Mail.member_id == member_id, Mail.kind == "at_once", col(Mail.created_at) > now - timedelta(hours=1)
    )
    return GATHER if session.exec(lately).one() < LIVELY else GATHER_LONG


def _takes_more(now: datetime) -> ColumnElement[bool]:
    """A mail that surely nobody has yet: also one that no server has taken since yesterday, so that its return brings one and not fifty."""
    return and_(
        col(Mail.kind) == "at_once", col(Mail.state) == "waiting", ~col(Mail.maybe_sent), col(Mail.created_at) > now - timedelta(days=1)
    )


def _still_waits(session: Session, mail_id: int, now: datetime) -> bool:
    """Whether nobody has taken it meanwhile; whoever wants to now waits for this transaction."""
    held = session.execute(
        update(Mail).where(col(Mail.id) == mail_id, _takes_more(now)).values(kind="at_once").execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def new_mail(session: Session, member_id: int, about: str, kind: str, now: datetime, not_before: datetime) -> int | None:
    """A mail in the outbox; None when there is one about the same already."""
    row = Mail(member_id=member_id, about=about, kind=kind, message_id=word(24), created_at=now, not_before=not_before)
    if not insert_once(session, row):
        return None
    return session.exec(select(Mail.id).where(Mail.member_id == member_id, Mail.about == about)).one()


def set_mark(session: Session, name: str, upto: int, now: datetime) -> None:
    """Note how far something was read, and when. Never backwards."""
    insert_once(session, TellingMark(name=name, upto=0, at=now))
    moved = update(TellingMark).where(col(TellingMark.name) == name, col(TellingMark.upto) <= upto).values(upto=upto, at=now)
    session.execute(moved.execution_options(synchronize_session=False))
