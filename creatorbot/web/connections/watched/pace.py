"""Why the next look comes when it comes, in a sentence; and the sizes and times of looks as people say them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from babel.dates import format_timedelta
from babel.numbers import format_decimal

from creatorbot.models import Push, Source
from creatorbot.web import here
from creatorbot.web.house.showing import locale_for, ngettext
from creatorbot.wording import N_, say

MINUTE, HOUR, DAY = 60, 3600, 86_400
NO_NEWS = N_("We have seen nothing new there for %(since)s, so we look %(pace)s.")
FEW = 3  # dates that it takes to speak of a rhythm
# up to so many days between two -> how people say it
RHYTHMS: tuple[tuple[float, str], ...] = (
    (1.5, N_("It has something new almost every day.")),
    (4, N_("It has something new every few days.")),
    (10, N_("It has something new about once a week.")),
    (20, N_("It has something new about every two weeks.")),
    (50, N_("It has something new about once a month.")),
    (200, N_("It has something new a few times a year.")),
    (float("inf"), N_("It seldom has something new.")),
)


def every(seconds: float) -> str:
    """ "every 6 hours", in the reader's language."""
    if seconds >= 1.75 * DAY:
        days = round(seconds / DAY)
        return ngettext("once a day", "every %(num)d days", days) % {"num": days}
    if seconds >= 0.9 * DAY:
        return say(here.language(), N_("once a day"))
    if seconds >= 0.95 * HOUR:
        hours = round(seconds / HOUR)
        return ngettext("every hour", "every %(num)d hours", hours) % {"num": hours}
    minutes = max(1, round(seconds / MINUTE))
    return ngettext("every minute", "every %(num)d minutes", minutes) % {"num": minutes}


def rhythm(days: Sequence[date]) -> str:
    """How often something came, by the days it came on: a gettext id; "" when there are too few to tell."""
    last = sorted(set(days))[-12:]
    if len(last) < FEW:
        return ""
    gap = median((after - before).days for before, after in pairwise(last))
    return next(words for most, words in RHYTHMS if gap <= most)


def why_then(source: Source, days: Sequence[date], pushes: Sequence[Push]) -> str:
    """Why the next look is when it is. days: when things came out there."""
    language = here.language()
    if source.polled_at is None:
        return say(language, N_("We have not looked there yet."))
    waits = (source.next_poll_at - source.polled_at).total_seconds()
    pace = {"pace": every(source.interval_s or max(waits, MINUTE))}
    if source.state == "gone":
        return say(language, N_("It is gone, so we look only once in a while, in case it comes back."))
    if source.failures:
        times = ngettext("It failed once", "It failed %(num)d times in a row", source.failures) % {"num": source.failures}
        return say(language, N_("%(failed)s, so we wait a little longer each time, at most a day."), {"failed": times})
    if source.asked_s and source.asked_s >= 0.9 * (source.interval_s or waits):
        return say(language, N_("It asks to be looked at no more often, so we look %(pace)s."), pace)
    if any(push.state == "on" for push in pushes):
        return say(language, N_("It tells us by itself, so we look only %(pace)s, to be sure."), pace)
    known, since = rhythm(days), _silence(source)
    so = N_("Its last news came %(since)s ago, so we look %(pace)s.") if source.last_new_at else NO_NEWS
    said = say(language, so, {"since": since, **pace})
    return f"{say(language, known)} {said}" if known else said


def _silence(source: Source) -> str:
    """ "3 weeks": since the last news there, or since we began to look. The pace follows from it."""
    began = source.last_new_at or source.baseline_at or source.created_at
    return format_timedelta(max(here.now() - began, timedelta(minutes=1)), threshold=1.5, locale=locale_for(here.language()))


def size(count: int) -> str:
    """ "34 kB"; a dash for nothing."""
    if not count:
        return "–"
    locale = locale_for(here.language())
    if count < 1000:
        return say(here.language(), N_("%(n)s bytes"), {"n": format_decimal(count, locale=locale)})
    if count < 1_000_000:
        return f"{format_decimal(round(count / 1000), locale=locale)} kB"
    return f"{format_decimal(round(count / 1_000_000, 1), locale=locale)} MB"


def took(milliseconds: int) -> str:
    """ "0.4 s", in the reader's way of writing numbers."""
    seconds = timedelta(milliseconds=milliseconds).total_seconds()
    shown = format_decimal(round(seconds, 1 if seconds >= 0.1 else 2), locale=locale_for(here.language()))
    return say(here.language(), N_("%(n)s s"), {"n": shown})
