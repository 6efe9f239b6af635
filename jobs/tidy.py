"""Throws away what has had its day: old visits, past days' salts, log-ins that ended, read journal files, old fetches."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, SQLModel, col, delete, select

from creatorbot.artists.telling import outbox
from creatorbot.links.counting.again import VISITS_KEPT
from creatorbot.links.visitors import forget_salts
from creatorbot.models import (
    Authorisation,
    Fetch,
    Invitation,
    LoginSession,
    LoginTry,
    Visit,
    VisitorDay,
)
from creatorbot.releases.covers import forget_lost
from creatorbot.releases.pushing import tidy as pushing
from creatorbot.runtime import Runtime
from jobs import drain_visits
from jobs.base import Report

TRIES_KEPT = timedelta(hours=1)
FETCHES_KEPT = 10


def run(runtime: Runtime, now: datetime) -> Report:
    """Delete. Each table in a transaction of its own, so that nobody waits long; the salts first."""
    with runtime.session() as session:
        done = forget_salts(session, now)
    old = now - VISITS_KEPT
    for model, over in (
        (Visit, col(Visit.at) < old),
        (VisitorDay, col(VisitorDay.day) < old.date()),
        (LoginTry, col(LoginTry.at) < now - TRIES_KEPT),
        (Authorisation, col(Authorisation.expires_at) < now),
        (LoginSession, col(LoginSession.expires_at) < now),
        (Invitation, col(Invitation.expires_at) < now),
    ):
        with runtime.session() as session:
            done += _delete(session, model, over)
    with runtime.session() as session:
        done += _delete(session, Fetch, col(Fetch.id).in_(_surplus()))
    with runtime.session() as session:
        done += pushing.tidy(session, now)
    with runtime.session() as session:
        outbox.give_up_old(session, now)
    with runtime.session() as session:
        forget_lost(session, runtime.covers)
    done += drain_visits.throw_away(runtime, now)
    return Report(done, f"{done} old rows and files removed" if done else "")


def _delete(session: Session, model: type[SQLModel], over: ColumnElement[bool]) -> int:
    return int(session.exec(delete(model).where(over)).rowcount)


def _surplus() -> ColumnElement[int]:
    newest_first = func.row_number().over(partition_by=col(Fetch.source_id), order_by=(col(Fetch.at).desc(), col(Fetch.id).desc()))
    ranked = select(Fetch.id, newest_first.label("place")).subquery()
    return select(ranked.c.id).where(ranked.c.place > FETCHES_KEPT)  # type: ignore[return-value]
