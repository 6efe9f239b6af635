"""A month as it is drawn: weeks of days, each with what stands on it, in the reader's words and the artist's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from creatorbot.announcements.planning.agenda import Agenda, Entry
from creatorbot.announcements.planning.plan import Hour, slots_from
from creatorbot.announcements.planning.wall import day_of
from creatorbot.web import here
from creatorbot.web.house import showing
from creatorbot.web.posts import TAGS
from creatorbot.wording import N_

BOOST_TAGS: dict[str, tuple[str, str]] = {
    "planned": (N_("planned"), ""),
    "done": (N_("boosted"), "good"),
    "failed": (N_("not boosted"), "bad"),
    "cancelled": (N_("called off"), ""),
}
MIXED = (N_("some are out"), "warn")


@dataclass(frozen=True)
class Item:
    """An entry as it is drawn. clock: its time, or "". tag: words (a gettext id) and kind. ends: of a Friday, with its day."""

    entry: Entry
    clock: str
    href: str
    tag: tuple[str, str]
    ends: str = ""


@dataclass(frozen=True)
class Day:
    """One day. name: in full, for screen readers and a phone. free: the artist's hours on it that nothing fills yet."""

    day: date
    name: str
    inside: bool
    today: bool
    past: bool
    items: tuple[Item, ...]
    free: tuple[str, ...]


@dataclass(frozen=True)
class Month:
    """first: its first day. before, after: as the address writes them. weekdays: short names, the week's first day first."""

    first: date
    name: str
    before: str
    after: str
    weekdays: tuple[str, ...]
    days: tuple[Day, ...]


def month_asked(text: str, today: date) -> date:
    """The first day of the month in the address ("2026-12"); this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else today
    except ValueError:
        found = today
    return found.replace(day=1) if 2000 <= found.year <= 2098 else today.replace(day=1)


def span(first: date) -> tuple[date, date]:
    """The days a month's page shows: whole weeks, as the reader's country begins them."""
    begins = showing.locale_for(here.language()).first_week_day
    start = first - timedelta(days=(first.weekday() - begins) % 7)
    following = next_month(first)
    end = following + timedelta(days=(begins - following.weekday()) % 7) - timedelta(days=1)
    return start, end


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def draw(agenda: Agenda, first: date, hours: Sequence[Hour], zone: ZoneInfo, now: datetime) -> Month:
    """The month that begins on `first`; the agenda has to span it."""
    locale, today = showing.locale_for(here.language()), day_of(now, zone)
    taken = {entry.at for entry in agenda.entries if entry.kind == "post"}
    free: dict[date, list[str]] = {}
    for at in slots_from(now, hours, zone) if hours else ():
        if at not in taken:
            free.setdefault(day_of(at, zone), []).append(clock(at, zone))
    days = [agenda.first + timedelta(days=number) for number in range((agenda.last - agenda.first).days + 1)]
    drawn = tuple(
        Day(
            day,
            format_date(day, "EEEE d MMMM", locale=locale),
            (day.year, day.month) == (first.year, first.month),
            day == today,
            day < today,
            tuple(item(entry, zone) for entry in agenda.on(day)),
            tuple(free.get(day, ())),
        )
        for day in days
    )
    name = format_date(first, "LLLL yyyy", locale=locale)
    before = (first - timedelta(days=1)).replace(day=1)
    weekdays = tuple(format_date(day, "EEE", locale=locale) for day in days[:7])
    return Month(first, name[:1].upper() + name[1:], f"{before:%Y-%m}", f"{next_month(first):%Y-%m}", weekdays, drawn)


def item(entry: Entry, zone: ZoneInfo) -> Item:
    """An entry, ready to be drawn."""
    tag = BOOST_TAGS[entry.state] if entry.kind == "boost" else TAGS.get(entry.state, MIXED) if entry.kind == "post" else ("", "")
    ends = ""
    if entry.until is not None:
        ends = format_datetime(entry.until.astimezone(zone), "EEEE HH:mm", locale=showing.locale_for(here.language()))
    return Item(entry, clock(entry.at, zone) if entry.at else "", _href(entry), tag, ends)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """19:00, on the artist's wall clock."""
    return f"{moment.astimezone(zone):%H:%M}"


def _href(entry: Entry) -> str:
    if entry.kind == "post":
        return f"/posts/{entry.post_ids[0]}" if len(entry.post_ids) == 1 else f"/announcements/{entry.number}"
    return {"boost": f"/posts/{entry.post_ids[0]}#boosts" if entry.post_ids else "", "release": f"/releases/{entry.number}"}.get(
        entry.kind, "#dates"
    )
