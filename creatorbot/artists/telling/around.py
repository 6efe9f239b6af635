"""What happened around the posts: accounts to be connected again, places that cannot be read, new releases. Told when it changes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from creatorbot.artists.telling.kinds import Happening
from creatorbot.links.journal import HEARTBEAT
from creatorbot.models import Account, Heartbeat, Link, Release, Source, TellingMark, Told
from creatorbot.wording import N_

EVERY = timedelta(seconds=20)
MARK = "around"
NEWS = timedelta(days=1)
# An account or a place in one of these goes on by itself, or is nobody's business any more.
QUIET_ACCOUNT = ("ok", "unreachable", "removed")
BROKEN_SOURCE = ("robot_check", "broken", "refused", "missing", "gone")
WELL_SOURCE = ("ok", "empty")
ACCOUNT = N_("%(name)s has to be connected again. %(reason)s")
ACCOUNT_AWAY = N_("%(name)s cannot be posted to any more. %(reason)s")
ACCOUNT_WELL = N_("%(name)s is connected again.")
SOURCE = N_("We cannot read %(name)s at present. %(reason)s")
SOURCE_WELL = N_("%(name)s can be read again.")
COUNTING = N_(
    "Visits to your links are not being counted: there is no room for them on the disk. The links work, posts go out, and what was counted "
    "is safe. Make room on the disk, or ask whoever looks after creatorbot to; counting then goes on by itself."
)
COUNTING_WELL = N_("Visits to your links are counted again. Those in between were answered, but are missing from your figures.")
SETTLED = timedelta(minutes=5)  # well again for so long: a disk that is almost full comes and goes
RELEASE = N_("A new release was found: “%(title)s”.")


def is_time(session: Session, now: datetime, scale: float = 1.0) -> bool:
    """Whether it is time to look around again."""
    mark = session.get(TellingMark, MARK)
    return mark is None or not timedelta() <= now - mark.at < EVERY * scale


def accounts(session: Session, now: datetime) -> list[Happening]:
    """Accounts that need their artist, and those that are well again."""
    last, counts = _last(session, "account")
    found = []
    for row in session.exec(select(Account).where(col(Account.state).not_in(QUIET_ACCOUNT) | col(Account.id).in_(last))).all():
        assert row.id is not None
        before, number = last.get(row.id, "ok"), counts.get(row.id, 0)
        state = before if row.state == "unreachable" else "ok" if row.state in QUIET_ACCOUNT else row.state
        if state == before or (row.state == "removed"):
            continue
        values: dict[str, object] = {"name": row.handle, "reason": row.sentence if state != "ok" else "", "state": state}
        sentence = {"ok": ACCOUNT_WELL, "reconnect": ACCOUNT}.get(state, ACCOUNT_AWAY)
        about = f"account:{row.id}:{number + 1}"
        found.append(Happening(row.artist_id, about, "account", sentence, now, values, account_id=row.id))
    return found


def sources(session: Session, now: datetime) -> list[Happening]:
    """Places that somebody has to mend, and those that are well again."""
    last, counts = _last(session, "source")
    found = []
    for row in session.exec(select(Source).where(col(Source.state).in_(BROKEN_SOURCE) | col(Source.id).in_(last))).all():
        assert row.id is not None
        before, number = last.get(row.id, "ok"), counts.get(row.id, 0)
        state = row.state if row.state in BROKEN_SOURCE else "ok" if row.state in WELL_SOURCE else before
        if state == before:
            continue
        name = row.title or urlsplit(row.address).netloc or row.address
        values: dict[str, object] = {"name": name, "reason": row.sentence if state != "ok" else "", "state": state}
        sentence = SOURCE_WELL if state == "ok" else SOURCE
        about = f"source:{row.id}:{number + 1}"
        found.append(Happening(row.artist_id, about, "source", sentence, now, values, source_id=row.id))
    return found


def releases(session: Session, now: datetime) -> list[Happening]:
    """Releases that a watched place brought as news."""
    wanted = select(Release).where(Release.state == "new", col(Release.source_id).is_not(None), col(Release.changed_at) > now - NEWS)
    rows = session.exec(wanted.order_by(col(Release.id))).all()
    known = set(
        session.exec(select(Told.release_id).where(Told.kind == "release", col(Told.release_id).in_([row.id for row in rows]))).all()
    )
    return [
        Happening(row.artist_id, f"release:{row.id}", "release", RELEASE, now, {"title": row.title}, release_id=row.id)
        for row in rows
        if row.id not in known
    ]


def counting(session: Session, now: datetime) -> list[Happening]:
    """That visits cannot be written down, and that they can again; to every artist with links."""
    beat = session.get(Heartbeat, HEARTBEAT)
    if beat is None or (not beat.failed and now - (beat.finished_at or beat.started_at) < SETTLED):
        return []
    state = "stopped" if beat.failed else "ok"
    newest = select(func.max(Told.id)).where(Told.kind == "counting").group_by(col(Told.artist_id))
    last = {row.artist_id: row for row in session.exec(select(Told).where(col(Told.id).in_(newest)))}
    found = []
    for artist_id in session.exec(select(Link.artist_id).distinct().order_by(col(Link.artist_id))):
        before = last.get(artist_id)
        if state == (str(before.values.get("state", "ok")) if before else "ok"):
            continue
        number = int(before.about.partition(":")[2]) + 1 if before else 1
        sentence = COUNTING if beat.failed else COUNTING_WELL
        found.append(Happening(artist_id, f"counting:{number}", "counting", sentence, now, {"state": state}))
    return found


def _last(session: Session, kind: str) -> tuple[dict[int, str], dict[int, int]]:
    """The state told last of each that was not well when told last, and how often each was told."""
    about = Told.account_id if kind == "account" else Told.source_id
    newest = select(func.max(Told.id)).where(Told.kind == kind).group_by(col(about))
    rows: Sequence[Told] = session.exec(select(Told).where(col(Told.id).in_(newest))).all()
    counts = session.exec(select(col(about), func.count()).where(Told.kind == kind).group_by(col(about))).all()
    states = {number: str(row.values.get("state", "ok")) for row in rows if (number := row.account_id or row.source_id) is not None}
    return {number: state for number, state in states.items() if state != "ok"}, {number: count for number, count in counts if number}


LOOKS: tuple[Callable[[Session, datetime], list[Happening]], ...] = (accounts, sources, releases, counting)
