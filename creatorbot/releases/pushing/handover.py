"""Pages handed to us by an artist's own bookmark, kept a quarter of an hour until the artist says what to do with them."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from creatorbot.errors import InvalidInput, NotAllowed, NotFound
from creatorbot.models import Handover, HandoverKey
from creatorbot.security.secrets import Vault, fingerprint, word
from creatorbot.storage.once import insert_once

LARGEST = 2_000_000
KEPT_FOR = timedelta(minutes=15)
MOST_WAITING = 10


def secret_of(session: Session, vault: Vault, artist_id: int, now: datetime) -> str:
    """The secret in this artist's bookmark; made at the first asking."""
    row = session.exec(select(HandoverKey).where(HandoverKey.artist_id == artist_id)).first()
    if row is None:
        secret = word(40)
        fresh = HandoverKey(artist_id=artist_id, secret=vault.seal(secret), secret_hash=fingerprint(secret), created_at=now)
        insert_once(session, fresh)
        row = session.exec(select(HandoverKey).where(HandoverKey.artist_id == artist_id)).one()
    return vault.open_text(row.secret)


def renew_secret(session: Session, artist_id: int) -> None:
    """Bookmarks made until now do nothing more; `secret_of` makes the next."""
    session.exec(delete(HandoverKey).where(col(HandoverKey.artist_id) == artist_id))


def artist_of(session: Session, secret: str) -> int:
    """Whose bookmark this is. Raises NotAllowed for a secret we do not know."""
    known = select(HandoverKey.artist_id).where(HandoverKey.secret_hash == fingerprint(secret))
    found = session.exec(known).first() if 0 < len(secret) < 200 else None
    if found is None:
        raise NotAllowed(
            "This bookmark is not one of ours any more, so nothing was taken. Log in to your creatorbot, open Connections, "
            "“Hand over a page yourself”, and make the bookmark again from there."
        )
    return found


def keep(session: Session, artist_id: int, payload: bytes, now: datetime) -> str:
    """Keep this page for this artist; of too many waiting ones the oldest goes. Returns the word for its address. Raises InvalidInput."""
    if not payload.strip():
        raise InvalidInput("There was nothing in it. Open the page you mean, wait until it is there, and try again.", field="page")
    if len(payload) > LARGEST:
        raise InvalidInput("This page is larger than we take (2 MB). Nothing was stored.", field="page")
    waiting = session.exec(select(Handover.id).where(Handover.artist_id == artist_id).order_by(col(Handover.id).desc())).all()
    session.exec(delete(Handover).where(col(Handover.id).in_(waiting[MOST_WAITING - 1 :])))
    code = word(32)
    session.add(Handover(artist_id=artist_id, code_hash=fingerprint(code), payload=payload, created_at=now, expires_at=now + KEPT_FOR))
    return code


def waiting(session: Session, code: str, now: datetime) -> Handover:
    """The page behind this word, whoever's it is. Raises NotFound once its quarter of an hour is over."""
    row = session.exec(select(Handover).where(Handover.code_hash == fingerprint(code), Handover.expires_at > now)).first()
    if row is None:
        raise NotFound("This page waited for a quarter of an hour and is forgotten now. Nothing was changed. Hand it over once more.")
    return row


def forget(session: Session, artist_id: int, code: str) -> None:
    """It has been dealt with."""
    session.exec(delete(Handover).where(col(Handover.artist_id) == artist_id, col(Handover.code_hash) == fingerprint(code)))
