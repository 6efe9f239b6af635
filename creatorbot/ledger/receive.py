"""A payment service calls: the note is checked, sealed and on disk before it is answered. Understanding it comes later."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import select

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.ledger.apart import keep, opened
from creatorbot.ledger.services import provider_of, tell_trouble
from creatorbot.models import PaymentService
from creatorbot.providers.base import Asked
from creatorbot.runtime import Runtime


def receive(runtime: Runtime, provider: str, public_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> int:
    """Keep one pushed note, once. headers: lower-case names. When this returns the note is committed and synced to disk.

    Gives the status the service wants to hear. A note in doubt is kept apart, and the service's row says so until one that is beyond
    doubt comes. Raises BadSignature (nothing is kept) or NotFound (no such hook).
    """
    adapter = provider_of(provider)
    if "\0" in public_id:  # no database keeps that as text, so no hook is called so
        raise NotFound("There is no payment service at this address.")
    with runtime.reading() as session:
        service = session.exec(
            select(PaymentService).where(
                PaymentService.public_id == public_id, PaymentService.provider == provider, PaymentService.state != "disconnected"
            )
        ).first()
    if service is None or service.id is None:
        raise NotFound("There is no payment service at this address.")
    incoming = adapter.verify(headers, body, opened(runtime.vault, service), now)
    with runtime.session() as session:
        keep(session, runtime.vault, service, incoming, "pushed", now)
        if incoming.doubt:
            tell_trouble(session, service.id, InvalidInput(incoming.doubt))
        else:
            session.get_one(PaymentService, service.id).pushed_at = now
            if not isinstance(adapter, Asked):  # asking says by itself how it went
                tell_trouble(session, service.id, None)
    return adapter.manner.answer
