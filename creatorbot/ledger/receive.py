"""A payment service calls: the note is checked, sealed and on disk before it is answered. Understanding it comes later."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from creatorbot.errors import NotFound
from creatorbot.ledger.services import opened, provider_of
from creatorbot.models import Notice, PaymentService
from creatorbot.providers.base import Incoming
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import Vault
from creatorbot.storage.once import insert_once


def receive(runtime: Runtime, provider: str, public_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Keep one pushed note, once. headers: lower-case names. When this returns the note is committed and synced to disk.

    Raises BadSignature (nothing is kept) or NotFound (no such hook).
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
        session.get_one(PaymentService, service.id).pushed_at = now


def keep(session: Session, vault: Vault, service: PaymentService, incoming: Incoming, came_by: str, now: datetime) -> bool:
    """Store a note unless one with its id is there. came_by: "pushed" or "asked". True when it is new."""
    assert service.id is not None
    return insert_once(
        session,
        Notice(
            artist_id=service.artist_id,
            service_id=service.id,
            external_id=incoming.external_id,
            body=vault.seal(incoming.body),
            received_at=now,
            came_by=came_by,
        ),
    )
