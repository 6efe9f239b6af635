"""The daily mail: what was told since the last one, in one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from creatorbot.artists.telling.kinds import chosen_by
from creatorbot.artists.telling.tell import new_mail
from creatorbot.artists.telling.wishes import next_morning
from creatorbot.models import Artist, MailItem, MailServer, Member, Told, Wish
from creatorbot.storage.once import insert_once

OLDEST = timedelta(days=3)


def due_wishes(session: Session, now: datetime) -> list[int]:
    """Members whose morning has come."""
    if session.get(MailServer, 1) is None:
        return []
    due = select(Wish.id).where(Wish.pace == "daily", col(Wish.address).is_not(None), col(Wish.next_digest_at) <= now)
    return [one for one in session.exec(due).all() if one is not None]


def daily_mail(session: Session, wish_id: int, now: datetime) -> bool:
    """Put this member's daily mail together. False when there is nothing to tell, or another process did it."""
    wish = session.get_one(Wish, wish_id, with_for_update=True, populate_existing=True)
    member = session.get_one(Member, wish.member_id)
    if wish.next_digest_at is None or wish.next_digest_at > now or wish.since is None:
        return False
    zone = session.get_one(Artist, member.artist_id).time_zone
    mailed = select(MailItem.told_id).where(MailItem.member_id == wish.member_id)
    told = session.exec(
        select(Told)
        .where(
            Told.artist_id == member.artist_id,
            col(Told.at) > max(wish.since, now - OLDEST),
            col(Told.at) <= now,
            col(Told.id).not_in(mailed),
        )
        .order_by(col(Told.id))
    ).all()
    wanted = [one for one in told if chosen_by(one.kind) in wish.kinds]
    wish.next_digest_at = next_morning(now, zone)
    session.add(wish)
    day = now.astimezone(ZoneInfo(zone)).date().isoformat()
    mail_id = new_mail(session, wish.member_id, f"day:{day}", "daily", now, now) if wanted else None
    if mail_id is None:
        return False
    for one in wanted:
        insert_once(session, MailItem(mail_id=mail_id, member_id=wish.member_id, told_id=one.id or 0))
    return True
