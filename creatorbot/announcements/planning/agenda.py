"""What stands in the artist's calendar between two days: posts, release days, Bandcamp Fridays, own dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, col, select

from creatorbot.announcements.planning.days import fridays_of, own_dates
from creatorbot.announcements.planning.plan import most_on
from creatorbot.announcements.planning.rules import places_of, rules_of
from creatorbot.announcements.planning.wall import day_of, utc_of
from creatorbot.models import Account, Announcement, Artist, Post, Release

Kind = Literal["post", "release", "friday", "own"]
_RANK = {"friday": 0, "release": 1, "own": 2, "post": 3}
HIDDEN = ("cancelled", "handed_over")


@dataclass(frozen=True)
class Entry:
    """One thing on one day of the artist's. at: None for a whole day. key: unlike every other's.

    Of posts: those of one announcement at one moment are one entry. handles: of their accounts. state: "mixed" where they differ.
    Of a Friday: until, and sure as in days.Friday. number: the id of the announcement, the release or the own date.
    """

    kind: Kind
    key: str
    day: date
    title: str
    at: datetime | None = None
    number: int = 0
    handles: tuple[str, ...] = ()
    post_ids: tuple[int, ...] = ()
    state: str = ""
    until: datetime | None = None
    sure: str = ""


@dataclass(frozen=True)
class Crowd:
    """More posts on one account and day than that server's rule, or the artist's own, allows."""

    day: date
    place: str
    count: int
    most: int


@dataclass(frozen=True)
class Agenda:
    """first and last day are part of it. crowds: days that hold too much; nobody is stopped, but it is said."""

    first: date
    last: date
    entries: tuple[Entry, ...]
    crowds: tuple[Crowd, ...] = field(default=())

    def on(self, day: date) -> list[Entry]:
        """What stands on this day."""
        return [entry for entry in self.entries if entry.day == day]


def agenda(session: Session, artist: Artist, first: date, last: date, now: datetime) -> Agenda:
    """Everything from the first to the last day, in order."""
    zone, artist_id = ZoneInfo(artist.time_zone), artist.id or 0
    posts = _posts(session, artist_id, utc_of(first, 0, zone), utc_of(last + timedelta(days=1), 0, zone))
    found = [
        *_entries(posts, zone),
        *_releases(session, artist_id, first, last),
        *(
            Entry("friday", f"friday{one.day}", day_of(one.starts, zone), "", one.starts, until=one.ends, sure=one.sure)
            for one in fridays_of(session, artist_id, first - timedelta(days=1), last + timedelta(days=1))
            if first <= day_of(one.starts, zone) <= last
        ),
        *(Entry("own", f"own{one.id}", one.day, one.title, number=one.id or 0) for one in own_dates(session, artist_id, first, last)),
    ]
    start = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(found, key=lambda one: (one.day, _RANK[one.kind], one.at or start, one.key))
    return Agenda(first, last, tuple(ordered), tuple(_crowds(session, artist, posts, zone, now)))


def _posts(session: Session, artist_id: int, start: datetime, end: datetime) -> list[tuple[Post, Account, str]]:
    out = (col(Post.published_at) >= start) & (col(Post.published_at) < end)
    coming = col(Post.published_at).is_(None) & (col(Post.due_at) >= start) & (col(Post.due_at) < end)
    rows = session.exec(
        select(Post, Account, Release.title)
        .join(Account, col(Account.id) == Post.account_id)
        .join(Announcement, col(Announcement.id) == Post.announcement_id)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(Post.artist_id == artist_id, col(Post.state).not_in(HIDDEN), or_(out, coming))
        .order_by(col(Post.id))
    )
    return [(post, account, title) for post, account, title in rows]


def _entries(posts: Iterable[tuple[Post, Account, str]], zone: ZoneInfo) -> list[Entry]:
    groups: dict[tuple[int, datetime, bool], list[tuple[Post, Account, str]]] = {}
    for post, account, title in posts:
        # What waits is moved together, so only what waits for the very same moment is one; what is out went at about the same time.
        waits = post.state == "waiting"
        moment = post.due_at if waits else (post.published_at or post.due_at).replace(minute=0, second=0, microsecond=0)
        groups.setdefault((post.announcement_id, moment, waits), []).append((post, account, title))
    entries = []
    for (announcement_id, moment, waits), group in groups.items():
        at = min(post.published_at or post.due_at for post, _, _ in group)
        states = {post.state for post, _, _ in group}
        entries.append(
            Entry(
                "post",
                f"post{announcement_id}{'w' if waits else 'o'}{int(moment.timestamp())}",
                day_of(at, zone),
                group[0][2],
                at,
                announcement_id,
                tuple(dict.fromkeys(account.handle for _, account, _ in group)),
                tuple(post.id or 0 for post, _, _ in group),
                states.pop() if len(states) == 1 else "mixed",
            )
        )
    return entries


def _releases(session: Session, artist_id: int, first: date, last: date) -> list[Entry]:
    wanted = select(Release).where(
        Release.artist_id == artist_id, Release.state != "merged", col(Release.released_on) >= first, col(Release.released_on) <= last
    )
    rows = session.exec(wanted.order_by(col(Release.released_on), col(Release.id)).limit(200)).all()
    return [Entry("release", f"release{row.id}", row.released_on, row.title, number=row.id or 0) for row in rows if row.released_on]


def _crowds(session: Session, artist: Artist, posts: list[tuple[Post, Account, str]], zone: ZoneInfo, now: datetime) -> list[Crowd]:
    rules = rules_of(session, artist, now)
    accounts = {account.id: account for _, account, _ in posts}
    found = []
    for place in places_of(session, list(accounts.values())):
        days = [
            day_of(post.published_at or post.due_at, zone)
            for post, account, _ in posts
            if account.id == place.account_id and post.part == 0 and post.state != "failed"
        ]
        most = most_on(rules, place)
        found += [
            Crowd(day, accounts[place.account_id].handle, days.count(day), most)
            for day in sorted(set(days))
            if days.count(day) > most and day >= day_of(now, zone)
        ]
    return found
