"""Understand stored notices: what they say about money becomes payments."""

from datetime import datetime

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.ledger.record import close_old_checkouts, due_notices, postpone, record, set_aside
from creatorbot.ledger.services import opened, provider_of, tell_trouble
from creatorbot.models import Artist, Notice, PaymentService
from creatorbot.runtime import Runtime
from creatorbot.wording import explain
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. The service may be asked back for each notice, always between transactions."""
    with runtime.reading() as session:
        due = due_notices(session, now)
    fresh = sum(_read(runtime, notice_id, now) for notice_id in due)
    with runtime.session() as session:
        closed = close_old_checkouts(session, now)
    said = [f"{len(due)} notes read, {fresh} new payments"] if due else []
    return Report(fresh, ", ".join([*said, *([f"{closed} checkouts closed"] if closed else [])]))


def _read(runtime: Runtime, notice_id: int, now: datetime) -> int:
    with runtime.reading() as session:
        notice = session.get_one(Notice, notice_id)
        service = session.get_one(PaymentService, notice.service_id)
        artist = session.get_one(Artist, notice.artist_id)
    if service.state == "disconnected":
        _later(runtime, notice_id, "", None, now)
        return 0
    try:
        facts = provider_of(service.provider).read(
            runtime.vault.open(notice.body), opened(runtime.vault, service), runtime.door_for(artist.id or 0)
        )
    except ServiceError as error:
        if error.permanent:
            with runtime.session() as session:
                tell_trouble(session, notice.service_id, error)
        _later(runtime, notice_id, explain(artist.language, error), error.retry_after, now)
        return 0
    except CreatorbotError as error:
        with runtime.session() as session:
            set_aside(session, session.get_one(Notice, notice_id), error)
        return 0
    with runtime.session() as session:
        return record(session, session.get_one(Notice, notice_id), facts, now)


def _later(runtime: Runtime, notice_id: int, sentence: str, retry_after: float | None, now: datetime) -> None:
    with runtime.session() as session:
        postpone(session, session.get_one(Notice, notice_id), sentence, retry_after, now)
