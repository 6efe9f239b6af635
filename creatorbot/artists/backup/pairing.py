"""Which account stands in for which, and how. One backup for an account; no backup of a backup."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.artists.accounts import get_account, server_facts, server_of
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Pairing

SHORTEST, LONGEST = 5, 720  # minutes of patience


@dataclass(frozen=True)
class Wishes:
    """How the backup should stand in; see models.Pairing."""

    patience: int = 20
    rather: str = "late"
    if_absent: str = "boost"
    if_there: str = "remove"


def pair(session: Session, artist_id: int, account_id: int, backup_id: int, wishes: Wishes, now: datetime) -> Pairing:
    """Let one account stand in for the other from now on, or change how. Raises InvalidInput (its field named) for what cannot be."""
    account, backup = get_account(session, artist_id, account_id), get_account(session, artist_id, backup_id)
    _check(session, account, backup)
    if not SHORTEST <= wishes.patience <= LONGEST:
        raise InvalidInput("Choose between 5 minutes and 12 hours.", field="patience")
    _one_of(wishes.rather, ("late", "twice"), "rather")
    _one_of(wishes.if_absent, ("boost", "leave"), "if_absent")
    _one_of(wishes.if_there, ("remove", "leave"), "if_there")
    row = pairing_of(session, account_id) or Pairing(artist_id=artist_id, account_id=account_id, backup_id=backup_id, created_at=now)
    row.backup_id, row.patience, row.rather = backup_id, wishes.patience, wishes.rather
    row.if_absent, row.if_there = wishes.if_absent, wishes.if_there
    session.add(row)
    session.flush()
    return row


def unpair(session: Session, account_id: int) -> None:
    """No backup any more. What was handed over already goes its way to the end."""
    row = pairing_of(session, account_id)
    if row is not None:
        session.delete(row)


def pairing_of(session: Session, account_id: int) -> Pairing | None:
    """The backup of this account, if it has one."""
    return session.exec(select(Pairing).where(Pairing.account_id == account_id)).first()


def backs(session: Session, account_id: int) -> list[Pairing]:
    """The pairings in which this account is the backup."""
    return list(session.exec(select(Pairing).where(Pairing.backup_id == account_id).order_by(col(Pairing.id))).all())


def pairs_of(session: Session, artist_id: int) -> dict[int, int]:
    """Each account that has a backup -> that one."""
    rows = session.exec(select(Pairing.account_id, Pairing.backup_id).where(Pairing.artist_id == artist_id)).all()
    return dict(rows)


def possible(session: Session, account: Account) -> list[Account]:
    """The accounts of the same artist that could stand in for this one."""
    found = []
    others = session.exec(select(Account).where(Account.artist_id == account.artist_id, Account.state != "removed"))
    for other in others.all():
        try:
            _check(session, account, other)
        except InvalidInput:
            continue
        found.append(other)
    return found


def _check(session: Session, account: Account, backup: Account) -> None:
    if account.id == backup.id:
        raise InvalidInput("An account cannot be its own backup.", field="backup")
    here, there = server_facts(server_of(session, account)), server_facts(server_of(session, backup))
    if here.base_url == there.base_url:
        raise InvalidInput(
            "Both are on %(host)s: when it is away, so is the backup. Choose one elsewhere.", field="backup", host=here.domain
        )
    if backs(session, account.id or 0):
        raise InvalidInput("%(handle)s is a backup itself.", field="backup", handle=account.handle)
    if pairing_of(session, backup.id or 0) is not None:
        raise InvalidInput("%(handle)s has a backup of its own, so it cannot be one.", field="backup", handle=backup.handle)


def _one_of(value: str, known: tuple[str, ...], field: str) -> None:
    if value not in known:
        raise InvalidInput("Choose one of the answers.", field=field)
