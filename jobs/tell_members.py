"""Tell the artists' people what happened, and why what is due is not out; put the daily mails together."""

from datetime import datetime

from creatorbot.artists.telling import around, digest, happenings, late
from creatorbot.artists.telling.tell import set_mark, tell
from creatorbot.runtime import Runtime
from jobs.base import Report

AT_ONCE = 50  # in one transaction: nobody who sends waits long for the database


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. Everything is told once, however often and by however many it is found; with nothing new it writes nothing."""
    scale = runtime.settings.wait_scale
    with runtime.reading() as session:
        found, upto = happenings.new_changes(session, now)
        found += happenings.removals(session, now) + late.late_posts(session, now, scale)
        if looks := around.is_time(session, now):
            found += around.look_around(session, now)
        wishes = digest.due_wishes(session, now)
    found.sort(key=lambda one: one.at)
    done = 0
    for start in range(0, len(found), AT_ONCE):
        with runtime.session() as session:
            done += sum(tell(session, one, now, scale) for one in found[start : start + AT_ONCE])
    if upto or looks:
        _note(runtime, upto, now, looks=looks)
    daily = 0
    for wish_id in wishes:
        with runtime.session() as session:
            daily += digest.daily_mail(session, wish_id, now)
    return Report(done + daily, f"{done} told, {daily} daily mails" if done or daily else "")


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
