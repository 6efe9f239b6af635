"""Tell the artists' people what happened, and why what is due is not out; put the daily mails together."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from creatorbot.artists.telling import around, digest, happenings, late, plans
from creatorbot.artists.telling.kinds import Happening
from creatorbot.artists.telling.tell import set_mark, tell
from creatorbot.runtime import Runtime
from jobs.base import Report

log = logging.getLogger(__name__)
AT_ONCE = 50  # in one transaction: nobody who sends waits long for the database


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. Everything is told once, however often and by however many it is found; with nothing new it writes nothing."""
    scale = runtime.settings.wait_scale
    with runtime.reading() as session:
        found, upto = happenings.new_changes(session, now)
        wishes = digest.due_wishes(session, now)
        looks = around.is_time(session, now, scale)
    found += _found(runtime, lambda session: happenings.removals(session, now))
    if looks:
        found += _found(runtime, lambda session: late.late_posts(session, now, scale))
        for look in (*around.LOOKS, *plans.LOOKS):
            found += _found(runtime, lambda session, look=look: look(session, now))  # type: ignore[misc]
    found.sort(key=lambda one: one.at)
    done = sum(_tell(runtime, found[start : start + AT_ONCE], now) for start in range(0, len(found), AT_ONCE))
    if upto or looks:
        _note(runtime, upto, now, looks=looks)
    daily = sum(_daily(runtime, wish_id, now) for wish_id in wishes)
    return Report(done + daily, f"{done} told, {daily} daily mails" if done or daily else "")


def _found(runtime: Runtime, look: Callable[[Session], list[Happening]]) -> list[Happening]:
    """What one of the looks finds. If it breaks, the others go on."""
    try:
        with runtime.reading() as session:
            return look(session)
    except Exception:
        log.exception("one look for what is to be told broke")
        return []


def _tell(runtime: Runtime, some: list[Happening], now: datetime) -> int:
    """Tell these together; where one of them cannot be told, each by itself, so that it silences no other."""
    try:
        with runtime.session() as session:
            return sum(tell(session, one, now, runtime.settings.wait_scale) for one in some)
    except Exception:
        if len(some) == 1:
            log.exception("%s of artist %s could not be told", some[0].kind, some[0].artist_id)
            return 0
    return sum(_tell(runtime, [one], now) for one in some)


def _daily(runtime: Runtime, wish_id: int, now: datetime) -> int:
    try:
        with runtime.session() as session:
            return int(digest.daily_mail(session, wish_id, now))
    except Exception:
        log.exception("the daily mail of wish %s could not be made", wish_id)
        return 0


def _note(runtime: Runtime, upto: int, now: datetime, *, looks: bool) -> None:
    with runtime.reading() as session:
        moved = upto > happenings.read_upto(session)
    if not moved and not looks:
        return
    with runtime.session() as session:
        if moved:
            set_mark(session, happenings.MARK, upto, now)
        if looks:
            set_mark(session, around.MARK, 0, now)
