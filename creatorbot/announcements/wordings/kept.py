"""Wordings kept under a name: to use again, and what new announcements begin with, on every network or on one."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from creatorbot.announcements.wordings.typed import OTHER_MARKS, TypedDraft, check_words
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Account, Announcement, KeptWording, OtherWording
from creatorbot.networks import REGISTRY

LONGEST_NAME, MOST = 60, 100


def kept_wordings(session: Session, artist_id: int) -> list[KeptWording]:
    """This artist's, by name."""
    return list(session.exec(select(KeptWording).where(KeptWording.artist_id == artist_id).order_by(col(KeptWording.name))))


def get_kept(session: Session, artist_id: int, kept_id: int) -> KeptWording:
    """One of this artist's. Raises NotFound for another's as for none."""
    found = session.get(KeptWording, kept_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such wording.")
    return found


def keep_wording(session: Session, artist_id: int, typed: KeptWording, now: datetime, kept_id: int | None = None) -> KeptWording:
    """Keep it, anew or in place of an older one. typed: a row that is not stored.

    Raises InvalidInput, with its field, for a name that is taken or words that cannot be filled in.
    """
    name = " ".join(typed.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput("Give it a name of at most %(most)s letters.", field="name", most=LONGEST_NAME)
    if typed.network and typed.network not in REGISTRY:
        raise InvalidInput("Choose where it is meant for.", field="network")
    check_words(TypedDraft(typed.text))
    rows = kept_wordings(session, artist_id)
    if any(row.name.casefold() == name.casefold() and row.id != kept_id for row in rows):
        raise InvalidInput("There is a wording of that name already.", field="name")
    if kept_id is None and len(rows) >= MOST:
        raise InvalidInput("These are too many wordings: %(most)s is the most.", field="name", most=MOST)
    row = (
        get_kept(session, artist_id, kept_id) if kept_id is not None else KeptWording(artist_id=artist_id, name="", text="", changed_at=now)
    )
    row.name, row.network, row.language, row.text = name, typed.network, typed.language, typed.text
    row.starts, row.changed_at = typed.starts, now
    session.add(row)
    session.flush()
    if row.starts:
        same = (col(KeptWording.artist_id) == artist_id, col(KeptWording.network) == row.network, col(KeptWording.id) != row.id)
        session.exec(update(KeptWording).where(*same).values(starts=False))
    return row


def forget(session: Session, artist_id: int, kept_id: int) -> None:
    """Throw it away; announcements that were begun with it keep their words."""
    session.delete(get_kept(session, artist_id, kept_id))


def begin(session: Session, draft: Announcement) -> None:
    """What the artist wants new announcements to begin with, in place of what we propose. Networks with one of their own get it apart."""
    starts = {row.network: row for row in kept_wordings(session, draft.artist_id) if row.starts}
    if everywhere := starts.pop("", None):
        draft.wording, draft.language = everywhere.text, everywhere.language or draft.language
    accounts = session.exec(select(Account).where(Account.artist_id == draft.artist_id, Account.state != "removed")).all()
    used = [row for network, row in sorted(starts.items()) if any(account.network == network for account in accounts)]
    for mark, row in zip(OTHER_MARKS, used, strict=False):
        ids = [account.id for account in accounts if account.network == row.network and account.id is not None]
        other = OtherWording(announcement_id=draft.id or 0, mark=mark, text=row.text, language=row.language)
        other.account_ids = ids
        session.add(other)
    session.flush()
