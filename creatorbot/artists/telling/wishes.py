"""What a member wishes to be told by mail, and how far they have looked on Home."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from creatorbot.artists.telling.kinds import CHOICES, PACES
from creatorbot.artists.telling.tell import new_mail
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Mail, Member, Told, Wish
from creatorbot.security.secrets import Vault, word
from creatorbot.storage.once import insert_once

MORNING = time(8, 0)
AWAY = timedelta(minutes=30)  # a pause this long ends a look
SHOWN = 8
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[^\s@<>\"(),:;\\\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z"
)


def address_typed(typed: str, field: str = "address") -> str:
    """A mail address as it may be used: its server's name in lower case. Raises InvalidInput."""
    name, at, host = typed.strip().rpartition("@")
    found = f"{name}@{host.lower()}" if at else ""
    if not found.isascii() or not found.isprintable() or not _ADDRESS.match(found):
        raise InvalidInput("This is not a mail address we can write to. One looks like name@example.org.", field=field)
    return found


def member_of(session: Session, artist_id: int, person_id: int) -> Member:
    """This person's place in this artist. Raises NotFound."""
    found = session.exec(select(Member).where(Member.artist_id == artist_id, Member.person_id == person_id)).first()
    if found is None:
        raise NotFound("There is no such member.")
    return found


def wish_of(session: Session, member_id: int) -> Wish | None:
    """What this member wished; None for one who never did."""
    return session.exec(select(Wish).where(Wish.member_id == member_id)).first()


def wish_for(session: Session, member_id: int) -> Wish:
    """The same, made when there is none yet: everything, but no mail address."""
    insert_once(session, Wish(member_id=member_id, kinds=list(CHOICES), stop_key=word(32)))
    return session.exec(select(Wish).where(Wish.member_id == member_id).with_for_update()).one()


def save(session: Session, vault: Vault, member_id: int, typed: str, kinds: Iterable[str], pace: str, zone: str, now: datetime) -> bool:
    """Keep what was chosen. An empty address, or nothing ticked, means no mail. Raises InvalidInput.

    Returns whether a mail that greets the address was put into the outbox: for an address that is new.
    """
    address = address_typed(typed) if typed.strip() else ""
    chosen = [name for name in CHOICES if name in set(kinds)]
    if pace not in PACES:
        raise InvalidInput("Choose when the mails shall come.", field="pace")
    if address and not chosen:
        raise InvalidInput("Tick at least one thing you want to hear of, or leave the address empty.", field="kinds")
    wish = wish_for(session, member_id)
    before = vault.open_text(wish.address) if wish.address else ""
    wish.kinds, wish.pace = chosen or list(CHOICES), pace
    if address != before:
        wish.address = vault.seal(address) if address else None
        wish.since, wish.stop_key = now, word(32)
    wish.next_digest_at = next_morning(now, zone) if address and pace == "daily" else None
    session.add(wish)
    session.flush()
    if not address or address == before:
        return False
    return new_mail(session, member_id, f"hello:{word(12)}", "hello", now, now) is not None


def next_morning(now: datetime, zone: str) -> datetime:
    """The next eight o'clock there, also when the clocks change in between."""
    there = now.astimezone(ZoneInfo(zone))
    day = there.date() if there.time() < MORNING else there.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(now.tzinfo)


def by_stop_key(session: Session, stop_key: str) -> Wish:
    """Whose mails this link stops. Raises NotFound for one that was never given out, or is an older address's."""
    found = session.exec(select(Wish).where(Wish.stop_key == stop_key)).first() if len(stop_key) == 32 else None
    if found is None:
        raise NotFound("This link is not known here. If mails still come, stop them under Settings, Mail.")
    return found


def stop(session: Session, wish: Wish) -> None:
    """No more mails; those in the outbox are not sent. Pressing twice is the same as once; what is told stays on Home."""
    wish.address, wish.next_digest_at = None, None
    session.add(wish)
    waiting = session.exec(select(Mail).where(Mail.member_id == wish.member_id, Mail.state == "waiting")).all()
    for mail in waiting:
        session.delete(mail)


def look(session: Session, member_id: int, now: datetime) -> None:
    """The member looks at Home. After a pause, what the earlier look showed counts as seen."""
    wish = wish_for(session, member_id)
    latest = session.exec(
        select(Told.id).join(Member, col(Member.artist_id) == Told.artist_id).where(Member.id == member_id).order_by(col(Told.id).desc())
    ).first()
    if wish.looked_at is None or now - wish.looked_at > AWAY:
        wish.seen_id = wish.looking_id
    wish.looking_id, wish.looked_at = max(latest or 0, wish.looking_id), now
    session.add(wish)


def needs_look(wish: Wish | None, newest: int, now: datetime) -> bool:
    """Whether this look has to be written down: something is new, or the last note of it grows old."""
    return wish is None or wish.looked_at is None or newest > wish.looking_id or now - wish.looked_at > AWAY / 10


def since_last_look(session: Session, artist_id: int, wish: Wish | None) -> list[Told]:
    """What happened since the member last looked, newest first."""
    after = wish.seen_id if wish else 0
    rows = select(Told).where(Told.artist_id == artist_id, col(Told.id) > after)
    return list(session.exec(rows.order_by(col(Told.id).desc()).limit(SHOWN + 1)).all())


def told_before(session: Session, artist_id: int, before: int | None, limit: int) -> list[Told]:
    """A page of everything that was told, newest first. before: the last id of the page before."""
    rows = select(Told).where(Told.artist_id == artist_id)
    if before is not None:
        rows = rows.where(col(Told.id) < before)
    return list(session.exec(rows.order_by(col(Told.id).desc()).limit(limit)).all())
