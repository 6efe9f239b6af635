"""Notes that count nowhere for now: in doubt, because nothing proves where they come from, or not readable. Kept until someone decides."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from creatorbot.errors import BadSignature, Conflict, NotFound
from creatorbot.models import Notice, PaymentService
from creatorbot.providers.base import Incoming, Provider, Service
from creatorbot.security.secrets import Vault
from creatorbot.storage.once import insert_once

# More than this of one service are somebody's joke: the address is known to the service alone.
MOST_IN_DOUBT = 200
APART = ("doubtful", "unreadable")


def opened(vault: Vault, row: PaymentService) -> Service:
    """The service as its adapter needs it, secrets in the open. Without secrets when it was disconnected."""
    secrets = orjson.loads(vault.open(row.secrets)) if row.secrets else {}
    return Service({str(name): str(value) for name, value in secrets.items()}, row.base_url)


def keep(session: Session, vault: Vault, service: PaymentService, incoming: Incoming, came_by: str, now: datetime) -> bool:
    """Store a note unless one with its id is there. came_by: "pushed" or "asked". True when it is new.

    Raises BadSignature for one in doubt when there are too many of those already.
    """
    assert service.id is not None
    if incoming.doubt and _in_doubt(session, service.id) >= MOST_IN_DOUBT:
        raise BadSignature("Too many notes of this service are in doubt already.")
    return insert_once(
        session,
        Notice(
            artist_id=service.artist_id,
            service_id=service.id,
            external_id=incoming.external_id,
            body=vault.seal(incoming.body),
            received_at=now,
            came_by=came_by,
            state="doubtful" if incoming.doubt else "new",
            sentence=incoming.doubt,
        ),
    )


def look_again(session: Session, vault: Vault, service: PaymentService, adapter: Provider, now: datetime) -> int:
    """Check the notes in doubt with the keys the service has now; gives how many are proven by them and will be read."""
    proven = 0
    for notice in session.exec(select(Notice).where(Notice.service_id == service.id, Notice.state == "doubtful")).all():
        try:
            incoming = adapter.verify({}, vault.open(notice.body), opened(vault, service), now)
        except BadSignature:
            continue
        if incoming.doubt:
            continue
        proven += keep(session, vault, service, incoming, notice.came_by, notice.received_at)
        _close(notice)
    return proven


def apart(session: Session, artist_id: int) -> Sequence[Notice]:
    """The notes somebody should look at, newest first, without what is in them."""
    return session.exec(
        select(Notice)
        .where(Notice.artist_id == artist_id, col(Notice.state).in_(APART))
        .options(defer(Notice.body))  # type: ignore[arg-type]
        .order_by(col(Notice.id).desc())
    ).all()


def read_again(session: Session, artist_id: int, notice_id: int) -> None:
    """An unreadable note gets its turn again. Raises NotFound, or Conflict for one in doubt."""
    notice = _apart(session, artist_id, notice_id)
    if notice.state != "unreadable":
        raise Conflict("This note is in doubt: it is read when the code fits.")
    notice.state, notice.sentence, notice.tries, notice.not_before = "new", "", 0, None


def forget(session: Session, artist_id: int, notice_id: int) -> int:
    """What is in the note is deleted and it counts nowhere, also when it comes again. Gives its service. Raises NotFound."""
    notice = _apart(session, artist_id, notice_id)
    _close(notice)
    session.flush()
    return notice.service_id


def _apart(session: Session, artist_id: int, notice_id: int) -> Notice:
    notice = session.get(Notice, notice_id)
    if notice is None or notice.artist_id != artist_id or notice.state not in APART:
        raise NotFound("There is no such note.")
    return notice


def _close(notice: Notice) -> None:
    notice.state, notice.sentence, notice.body, notice.not_before = "not_ours", "", b"", None


def _in_doubt(session: Session, service_id: int) -> int:
    return session.exec(select(func.count()).where(Notice.service_id == service_id, Notice.state == "doubtful")).one()
