"""An artist's hours, quiet hours and caps: read as `plan` wants them, and kept as they were typed."""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.announcements.planning.plan import Hour, Place, Rules, Taken, is_quiet
from creatorbot.announcements.planning.wall import clock_text
from creatorbot.artists.accounts import accounts_of, server_facts
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Artist, Pairing, Post, PostingRules, Server, Slot
from creatorbot.networks.etiquette import Etiquette, etiquette_of
from creatorbot.storage.once import insert_once

MOST_SLOTS = 50
# A post in one of these never reached followers, and will not by itself.
NOTHING_OUT = ("cancelled", "failed", "handed_over")
_TYPED = ("quiet_from", "quiet_until", "most_a_day", "gap", "owner_yes", "boost_after", "boost_week", "boost_gap", "boost_by")
USABLE = ("ok", "unreachable")


def rules_row(session: Session, artist_id: int, now: datetime) -> PostingRules:
    """The artist's row; the defaults, not stored, when there is none yet."""
    found = session.exec(select(PostingRules).where(PostingRules.artist_id == artist_id)).first()
    return found or PostingRules(artist_id=artist_id, changed_at=now)


def slots_of(session: Session, artist_id: int) -> list[Slot]:
    """The artist's hours, Monday first."""
    return list(session.exec(select(Slot).where(Slot.artist_id == artist_id).order_by(col(Slot.weekday), col(Slot.minute))))


def rules_of(session: Session, artist: Artist, now: datetime) -> Rules:
    """As `plan` takes them."""
    row = rules_row(session, artist.id or 0, now)
    hours = tuple(Hour(slot.weekday, slot.minute) for slot in slots_of(session, artist.id or 0))
    return Rules(artist.time_zone, hours, row.quiet_from, row.quiet_until, row.most_a_day, timedelta(minutes=row.gap))


def wanted_accounts(session: Session, row: PostingRules) -> list[Account]:
    """Where to announce by itself: what the artist chose, else every account that is no other one's backup; only usable ones."""
    usable = [account for account in accounts_of(session, row.artist_id) if account.state in USABLE]
    if row.account_ids:
        return [account for account in usable if account.id in row.account_ids]
    backups = set(session.exec(select(Pairing.backup_id).where(Pairing.artist_id == row.artist_id)))
    return [account for account in usable if account.id not in backups]


def etiquette_for(session: Session, account: Account) -> tuple[str, Etiquette]:
    """The account's server's name, and what it asks of those who post by themselves."""
    domain = server_facts(session.get_one(Server, account.server_id)).domain
    return domain, etiquette_of(domain)


def places_of(session: Session, accounts: Sequence[Account]) -> list[Place]:
    """As `plan` takes them."""
    asked = [(account, *etiquette_for(session, account)) for account in accounts]
    return [Place(account.id or 0, domain, etiquette.most_a_day) for account, domain, etiquette in asked]


def taken_of(session: Session, artist_id: int, since: datetime, without: Container[int | None] = ()) -> list[Taken]:
    """What is out or planned on the artist's accounts from this moment on. A thread counts once. without: ids of posts left out."""
    wanted = select(Post.id, Post.account_id, Post.due_at, Post.published_at).where(
        Post.artist_id == artist_id, Post.part == 0, col(Post.due_at) >= since - timedelta(days=2), col(Post.state).not_in(NOTHING_OUT)
    )
    return [Taken(account_id, out or due) for post_id, account_id, due, out in session.exec(wanted) if post_id not in without]


def keep_rules(session: Session, artist_id: int, typed: PostingRules, now: datetime) -> None:
    """Keep what was typed. Raises InvalidInput, with its field, for numbers out of bounds and quiet hours that cover a chosen hour."""
    if not 1 <= typed.most_a_day <= 20:
        raise InvalidInput("Choose between 1 and 20 posts a day.", field="most_a_day")
    if not 0 <= typed.gap <= 24 * 60:
        raise InvalidInput("Choose between 0 and 1440 minutes.", field="gap")
    if not 0 <= typed.boost_after <= 90:
        raise InvalidInput("Choose between 1 and 90 days, or 0 for never.", field="boost_after")
    if not 1 <= typed.boost_week <= 14:
        raise InvalidInput("Choose between 1 and 14 boosts a week.", field="boost_week")
    if not 1 <= typed.boost_gap <= 168:
        raise InvalidInput("Choose between 1 and 168 hours.", field="boost_gap")
    if typed.boost_by not in ("own", "backup"):
        raise InvalidInput("Choose which account boosts.", field="boost_by")
    for slot in slots_of(session, artist_id):
        _refuse_quiet(slot.minute, typed.quiet_from, typed.quiet_until, "quiet_from")
    own = {account.id for account in accounts_of(session, artist_id)}
    insert_once(session, PostingRules(artist_id=artist_id, changed_at=now))
    row = session.exec(select(PostingRules).where(PostingRules.artist_id == artist_id)).one()
    if typed.boost_after and not row.boost_after:
        row.boost_since = now
    for name in _TYPED:
        setattr(row, name, getattr(typed, name))
    row.account_ids, row.changed_at = [number for number in typed.account_ids if number in own], now
    session.add(row)


def add_slot(session: Session, artist_id: int, weekday: int, minute: int, now: datetime) -> None:
    """One more hour; one that is there already is left alone. Raises InvalidInput inside the quiet hours, and for too many."""
    if not (0 <= weekday <= 6 and 0 <= minute < 24 * 60):
        raise InvalidInput("Choose a day and an hour.", field="hour")
    row = rules_row(session, artist_id, now)
    _refuse_quiet(minute, row.quiet_from, row.quiet_until, "hour")
    if len(slots_of(session, artist_id)) >= MOST_SLOTS:
        raise InvalidInput("That are more hours than anybody can fill. Take one out first.", field="hour")
    insert_once(session, Slot(artist_id=artist_id, weekday=weekday, minute=minute))


def remove_slot(session: Session, artist_id: int, slot_id: int) -> None:
    """Take an hour out. What is planned for it stays planned."""
    found = session.get(Slot, slot_id)
    if found is not None and found.artist_id == artist_id:
        session.delete(found)


def _refuse_quiet(minute: int, quiet_from: int, quiet_until: int, field: str) -> None:
    if is_quiet(minute, quiet_from, quiet_until):
        raise InvalidInput(
            "%(hour)s lies in the quiet hours from %(start)s to %(end)s. Change one of the two.",
            field=field,
            hour=clock_text(minute),
            start=clock_text(quiet_from),
            end=clock_text(quiet_until),
        )
