"""Connected payment services: pasted keys checked, sealed and opened again."""

from collections.abc import Mapping

import orjson
from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError, InvalidInput, NotFound
from creatorbot.ledger import apart
from creatorbot.ledger.apart import look_again, opened
from creatorbot.models import Artist, Notice, PaymentService
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Asked, Provider, Service, Till
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import word
from creatorbot.wording import explain


def provider_of(name: str) -> Provider:
    """The adapter of this name. Raises NotFound."""
    if name not in REGISTRY:
        raise NotFound("There is no payment service of that name here.")
    return REGISTRY[name]


def connect_service(runtime: Runtime, artist_id: int, provider: str, typed: Mapping[str, str], base_url: str = "") -> int:
    """Check the pasted keys with the service, then keep them sealed. Gives the row's id.

    Connecting the same service again replaces its keys and keeps its payments; a field that is not required and was left empty
    keeps what was there. Played money and real money are two services, each with its own row and hook: connecting with a live key
    disconnects what was connected with a test key, and a test key is not taken while a live one is connected.
    Raises InvalidInput (keys of the wrong kind) or ServiceError (the service said no); then nothing changes.
    """
    adapter = provider_of(provider)
    secrets: dict[str, str] = {}
    for field in adapter.fields:
        value = typed.get(field.name, "").strip()
        if field.required and not value:
            raise InvalidInput("This field is needed.", field=field.name)
        if value:
            secrets[field.name] = value
    connected = adapter.connect(Service(secrets, base_url), runtime.door_for(artist_id))
    with runtime.session() as session:
        row = _same_service(session, artist_id, provider, base_url, connected.live)
        if row is None:
            row = PaymentService(
                artist_id=artist_id,
                provider=provider,
                public_id=word(24),
                base_url=base_url,
                live=connected.live,
                secrets=b"",
                connected_at=runtime.clock(),
            )
        else:
            kept = opened(runtime.vault, row).secrets
            secrets |= {field.name: kept[field.name] for field in adapter.fields if field.name in kept and field.name not in secrets}
        _keep_apart(session, artist_id, connected.live)
        row.name, row.state, row.sentence = connected.name, "ok", ""
        row.secrets = runtime.vault.seal(orjson.dumps(secrets))
        session.add(row)
        session.flush()
        assert row.id is not None
        look_again(session, runtime.vault, row, adapter, runtime.clock())
        return row.id


def services_of(session: Session, artist_id: int) -> list[PaymentService]:
    """Every service that is connected, the newest first."""
    return list(
        session.exec(
            select(PaymentService)
            .where(PaymentService.artist_id == artist_id, PaymentService.state != "disconnected")
            .order_by(col(PaymentService.id).desc())
        )
    )


def service_of(session: Session, artist_id: int) -> PaymentService | None:
    """The service whose payment pages our own pages lead to, if one is connected: the newest that can open them."""
    return next((row for row in services_of(session, artist_id) if isinstance(REGISTRY.get(row.provider), Till)), None)


def waits_for_first(service: PaymentService) -> bool:
    """Whether nothing came yet of a service that only tells: until then nobody knows whether the address was pasted there."""
    return service.pushed_at is None and not isinstance(REGISTRY.get(service.provider), Asked)


def service_at(session: Session, artist_id: int, provider: str) -> PaymentService | None:
    """What is connected at this provider."""
    return next((row for row in services_of(session, artist_id) if row.provider == provider), None)


def till_of(name: str) -> Till:
    """The adapter of this name, which opens payment pages. Raises NotFound."""
    adapter = provider_of(name)
    if not isinstance(adapter, Till):
        raise NotFound("There is no payment service of that name here.")
    return adapter


def disconnect(session: Session, artist_id: int, service_id: int) -> None:
    """Forget the keys. Payments, notices and the address of its hook stay. Raises NotFound."""
    row = session.get(PaymentService, service_id)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such payment service.")
    row.state, row.sentence, row.secrets = "disconnected", "", b""


def tell_trouble(session: Session, service_id: int, error: CreatorbotError | None) -> None:
    """Write on the service what is wrong, in the artist's language, or, with None, that asking went well.

    The latter wipes nothing while a note waits that could not be read: that trouble is not over.
    """
    row = session.get(PaymentService, service_id)
    if row is None or row.state == "disconnected" or (error is None and _stuck(session, service_id)):
        return
    artist = session.get(Artist, row.artist_id)
    row.state = "ok" if error is None else "failing"
    row.sentence = explain(artist.language if artist else "en", error) if error is not None else ""


def forget_note(session: Session, artist_id: int, notice_id: int) -> None:
    """What a note kept apart says is deleted; a trouble that was about notes in doubt ends with the last one. Raises NotFound."""
    service_id = apart.forget(session, artist_id, notice_id)
    row = session.get_one(PaymentService, service_id)
    if not isinstance(REGISTRY.get(row.provider), Asked) and not any(
        note.service_id == service_id for note in apart.apart(session, artist_id)
    ):
        tell_trouble(session, service_id, None)


def _stuck(session: Session, service_id: int) -> bool:
    waiting = select(Notice.id).where(Notice.service_id == service_id, Notice.state == "new", Notice.sentence != "")
    return session.exec(waiting.limit(1)).first() is not None


def _same_service(session: Session, artist_id: int, provider: str, base_url: str, live: bool) -> PaymentService | None:
    return session.exec(
        select(PaymentService).where(
            PaymentService.artist_id == artist_id,
            PaymentService.provider == provider,
            PaymentService.base_url == base_url,
            PaymentService.live == live,
        )
    ).first()


def _keep_apart(session: Session, artist_id: int, live: bool) -> None:
    """Never a live and a test service at once: the live one stays."""
    others = session.exec(
        select(PaymentService).where(
            PaymentService.artist_id == artist_id, PaymentService.live != live, PaymentService.state != "disconnected"
        )
    ).all()
    if others and not live:
        raise InvalidInput("This is a test key, but real money comes in here now. Disconnect first if you want to play.", field="key")
    for other in others:
        disconnect(session, artist_id, other.id or 0)
