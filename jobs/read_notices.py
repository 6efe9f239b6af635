"""Understand stored notices: what they say about money becomes payments."""

import logging
from datetime import datetime

from sqlalchemy.exc import OperationalError

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.ledger.apart import opened
from creatorbot.ledger.record import close_old_checkouts, due_notices, postpone, record, set_aside, stumble
from creatorbot.ledger.services import provider_of, tell_trouble
from creatorbot.models import Artist, Notice, PaymentService
from creatorbot.runtime import Runtime
from creatorbot.wording import explain
from jobs.base import Report

_log = logging.getLogger(__name__)
# How soon to look again whether our own keys are back.
_OURS_S = 300.0


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
    """Read one notice. Whatever is wrong with it is written on it: the next one's turn comes in any case."""
    try:
        return _understand(runtime, notice_id, now)
    except InvalidInput as error:  # only the note itself raises that: it will never make sense
        with runtime.session() as session:
            set_aside(session, session.get_one(Notice, notice_id), error)
    except CreatorbotError as error:
        _wait_for(runtime, notice_id, error, now)
    except OperationalError as error:  # the database itself: nothing the note can be blamed for
        _log.warning("note %s waits: the database failed (%s)", notice_id, type(error).__name__)
        _later(runtime, notice_id, "", None, now)
    except Exception as error:
        # Neither its text nor its trace: both may hold what the note says of a buyer.
        _log.error("note %s could not be read: %s", notice_id, type(error).__name__)
        with runtime.session() as session:
            stumble(session, session.get_one(Notice, notice_id), now)
    return 0


def _understand(runtime: Runtime, notice_id: int, now: datetime) -> int:
    with runtime.reading() as session:
        notice = session.get_one(Notice, notice_id)
        service = session.get_one(PaymentService, notice.service_id)
    if service.state == "disconnected":
        _later(runtime, notice_id, "", None, now)
        return 0
    body, given = runtime.vault.open(notice.body), opened(runtime.vault, service)
    facts = provider_of(service.provider).read(body, given, runtime.door_for(notice.artist_id))
    with runtime.session() as session:
        return record(session, session.get_one(Notice, notice_id), facts, now)


def _wait_for(runtime: Runtime, notice_id: int, error: CreatorbotError, now: datetime) -> None:
    """Something besides the note is in the way: the service, or our own keys. However long that takes, the note waits."""
    service_error = error if isinstance(error, ServiceError) else None
    with runtime.session() as session:
        notice = session.get_one(Notice, notice_id)
        if service_error is None or service_error.permanent:
            tell_trouble(session, notice.service_id, error)
        language = session.get_one(Artist, notice.artist_id).language
    _later(runtime, notice_id, explain(language, error), _OURS_S if service_error is None else service_error.retry_after, now)


def _later(runtime: Runtime, notice_id: int, sentence: str, retry_after: float | None, now: datetime) -> None:
    with runtime.session() as session:
        postpone(session, session.get_one(Notice, notice_id), sentence, retry_after, now)
