"""Asking payment services for their notes: for installations without a public address, and for notes that went astray."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError
from creatorbot.ledger.apart import keep, opened
from creatorbot.ledger.services import tell_trouble
from creatorbot.models import Checkout, PaymentService
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Asked
from creatorbot.runtime import Runtime

_EVERY = timedelta(seconds=50)
# Where notes are pushed, asking is only a net underneath.
_SOON = timedelta(seconds=9)
_AT_THE_TILL = timedelta(minutes=10)
_PUSHED = timedelta(minutes=15)
_FAILING = timedelta(minutes=5)
_EARLIER = timedelta(hours=1)
_PAGES = 20


def due_services(session: Session, now: datetime) -> list[int]:
    """Services to ask now, of those that can be asked: never asked, or a minute ago; ten seconds ago while a fan is at the till;
    five minutes where asking fails, fifteen where notes are pushed."""
    waiting = select(Checkout.service_id).where(Checkout.state == "open", col(Checkout.created_at) > now - _AT_THE_TILL)
    busy = set(session.exec(waiting).all())
    rows = session.exec(select(PaymentService).where(PaymentService.state != "disconnected").order_by(col(PaymentService.id))).all()
    return [
        row.id
        for row in rows
        if row.id is not None
        and isinstance(REGISTRY.get(row.provider), Asked)
        and (row.fetched_at is None or row.fetched_at <= now - _patience(row, now, row.id in busy))
    ]


def fetch_service(runtime: Runtime, service_id: int, now: datetime) -> int:
    """Ask one service until nothing is left (a few thousand notes at most); gives how many were new.

    Each page is committed together with the cursor, so that being killed loses nothing. A failing service is told on its row
    and not raised: the next round goes on from the same place.
    """
    with runtime.reading() as session:
        service = session.get(PaymentService, service_id)
    adapter = REGISTRY.get(service.provider) if service is not None else None
    if service is None or service.state == "disconnected" or not isinstance(adapter, Asked):
        return 0
    door, cursor, fresh = runtime.door_for(service.artist_id), service.cursor, 0
    for _ in range(_PAGES):
        try:
            # Our own keys may be the wrong ones: that is told on the row like the service's troubles.
            given = opened(runtime.vault, service)
            page = adapter.fetch(given, cursor, service.connected_at - _EARLIER, door)
        except CreatorbotError as error:
            with runtime.session() as session:
                session.get_one(PaymentService, service_id).fetched_at = now
                tell_trouble(session, service_id, error)
            return fresh
        with runtime.session() as session:
            fresh += sum(keep(session, runtime.vault, service, incoming, "asked", now) for incoming in page.notices)
            row = session.get_one(PaymentService, service_id)
            row.cursor, row.fetched_at = page.cursor, now
            tell_trouble(session, service_id, None)
        cursor = page.cursor
        if not page.more:
            break
    return fresh


def _patience(row: PaymentService, now: datetime, busy: bool) -> timedelta:
    if row.state == "failing":
        return _FAILING
    if busy:
        return _SOON
    return _PUSHED if row.pushed_at is not None and row.pushed_at > now - timedelta(days=1) else _EVERY
