"""What stands in the artist's calendar: posts and boosts, release days, Bandcamp Fridays, own dates; and the queue of what is to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from creatorbot.announcements.boosting.wanting import boosts_of
from creatorbot.announcements.planning.automatic import planned_by_itself
from creatorbot.announcements.planning.days import fridays_of, own_dates
from creatorbot.announcements.planning.plan import most_on
from creatorbot.announcements.planning.rules import places_of, rules_of
from creatorbot.announcements.planning.wall import day_of, utc_of
from creatorbot.models import Account, Announcement, Artist, Boost, Post, Release

Kind = Literal["post", "boost", "release", "friday", "own"]
_RANK = {"friday": 0, "release": 1, "own": 2, "post": 3, "boost": 4}
HIDDEN = ("cancelled", "handed_over")
COMING = ("waiting", "due", "claimed", "unknown", "held")
_ROWS = tuple[Post, Account, str]


@dataclass(frozen=True)
class Entry:
    """One thing on one day of the artist's. at: None for a whole day. key: unlike every other's.

    Of posts: those of one announcement at one moment are one entry. handles: of their accounts. state: "mixed" where they differ;
    of a boost its own. Of a Friday: until, and sure as in days.Friday. number: the id of the announcement, the boost, the release or the
    own date. auto: the id of the row that planned it by itself, 0 for a person's. sentence, values: why it is then, a gettext id.
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
    auto: int = 0
    sentence: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def movable(self) -> bool:
        """Whether it can still be given another time."""
        return (self.kind == "post" and self.state == "waiting") or (self.kind == "boost" and self.state == "planned")


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
    start, end = utc_of(first, 0, zone), utc_of(last + timedelta(days=1), 0, zone)
    coming = col(Post.published_at).is_(None) & _within(Post.due_at, start, end)
    posts = _posts(session, artist_id, or_(_within(Post.published_at, start, end), coming))
    boosts = or_(_within(Boost.done_at, start, end), (col(Boost.state) == "planned") & _within(Boost.due_at, start, end))
    found = [
        *_entries(session, posts, zone),
        *_boosts(session, artist_id, zone, boosts),
        *_releases(session, artist_id, first, last),
        *(
            Entry("friday", f"friday{one.day}", day_of(one.starts, zone), "", one.starts, until=one.ends, sure=one.sure)
            for one in fridays_of(session, artist_id, first - timedelta(days=1), last + timedelta(days=1))
            if first <= day_of(one.starts, zone) <= last
        ),
        *(Entry("own", f"own{one.id}", one.day, one.title, number=one.id or 0) for one in own_dates(session, artist_id, first, last)),
    ]
    return Agenda(first, last, tuple(_ordered(found)), tuple(_crowds(session, artist, posts, zone, now)))


def queue(session: Session, artist: Artist) -> list[Entry]:
    """All that is still to go out, or asks whether it should, the soonest first; and boosts that failed."""
    zone, artist_id = ZoneInfo(artist.time_zone), artist.id or 0
    posts = _posts(session, artist_id, col(Post.published_at).is_(None) & col(Post.state).in_(COMING))
    return _ordered([*_entries(session, posts, zone), *_boosts(session, artist_id, zone, col(Boost.state).in_(("planned", "failed")))])


def _within(column: datetime | None, start: datetime, end: datetime) -> ColumnElement[bool]:
    return (col(column) >= start) & (col(column) < end)


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    start = datetime.min.replace(tzinfo=UTC)
    return sorted(entries, key=lambda one: (one.day, _RANK[one.kind] if one.at is None else 3, one.at or start, one.key))


def _posts(session: Session, artist_id: int, which: ColumnElement[bool]) -> list[_ROWS]:
    rows = session.exec(
        select(Post, Account, Release.title)
        .join(Account, col(Account.id) == Post.account_id)
        .join(Announcement, col(Announcement.id) == Post.announcement_id)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(Post.artist_id == artist_id, Post.part == 0, col(Post.state).not_in(HIDDEN), which)
        .order_by(col(Post.id))
    )
    return [(post, account, title) for post, account, title in rows]


def _entries(session: Session, posts: Iterable[_ROWS], zone: ZoneInfo) -> list[Entry]:
    groups: dict[tuple[int, datetime, bool], list[_ROWS]] = {}
    for post, account, title in posts:
        # What waits is moved together, so only what waits for the very same moment is one; what is out went at about the same time.
        waits = post.state == "waiting"
        moment = post.due_at if waits else (post.published_at or post.due_at).replace(minute=0, second=0, microsecond=0)
        groups.setdefault((post.announcement_id, moment, waits), []).append((post, account, title))
    itself = planned_by_itself(session, {announcement_id for announcement_id, _, _ in groups})
    entries = []
    for (announcement_id, moment, waits), group in groups.items():
        at = min(post.published_at or post.due_at for post, _, _ in group)
        states = {post.state for post, _, _ in group}
        row = itself.get(announcement_id)
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
                auto=row.id or 0 if row else 0,
                sentence=row.sentence if row else "",
                values=row.values if row else {},
            )
        )
    return entries


def _boosts(session: Session, artist_id: int, zone: ZoneInfo, which: ColumnElement[bool]) -> list[Entry]:
    return [
        Entry(
            "boost",
            f"boost{boost.id}",
            day_of(boost.done_at or boost.due_at, zone),
            title,
            boost.done_at or boost.due_at,
            boost.id or 0,
            (account.handle,),
            (post.id or 0,),
            boost.state,
            sentence=boost.sentence,
            values=boost.values,
        )
        for boost, account, post, title in boosts_of(session, artist_id, which)
    ]


def _releases(session: Session, artist_id: int, first: date, last: date) -> list[Entry]:
    wanted = select(Release).where(
        Release.artist_id == artist_id, Release.state != "merged", col(Release.released_on) >= first, col(Release.released_on) <= last
    )
    rows = session.exec(wanted.order_by(col(Release.released_on), col(Release.id)).limit(200)).all()
    return [Entry("release", f"release{row.id}", row.released_on, row.title, number=row.id or 0) for row in rows if row.released_on]


def _crowds(session: Session, artist: Artist, posts: list[_ROWS], zone: ZoneInfo, now: datetime) -> list[Crowd]:
    rules = rules_of(session, artist, now)
    accounts = {account.id: account for _, account, _ in posts}
    found = []
    for place in places_of(session, list(accounts.values())):
        days = [
            day_of(post.published_at or post.due_at, zone)
            for post, account, _ in posts
            if account.id == place.account_id and post.state != "failed"
        ]
        most = most_on(rules, place)
        found += [
            Crowd(day, accounts[place.account_id].handle, days.count(day), most)
            for day in sorted(set(days))
            if days.count(day) > most and day >= day_of(now, zone)
        ]
    return found
