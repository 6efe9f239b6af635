"""What may be out although the database does not know it: after an old copy of the database was put back, and after a silence.

Two witnesses. A list beside the database holds the code of every link whose post was tried (one line each, appended before the call).
And the database tells when somebody last worked: what was due while nobody did may have been sent by a life that this copy forgot.
"""

import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from creatorbot.models import Attempt, Link, Post, Release, Sending
from creatorbot.storage.once import insert_once

log = logging.getLogger(__name__)
LIST = "sent.txt"
_TRIES = select(Attempt.post_id, Attempt.started_at).where(col(Attempt.post_id).in_(bindparam("posts", expanding=True)))
SILENCE = timedelta(minutes=3)
BEAT = timedelta(seconds=20)  # each is a disk sync
SOON_BEFORE, SOON_AFTER, OLDEST_COPY = timedelta(minutes=10), timedelta(hours=6), timedelta(days=7)


def remember(folder: Path, code: str) -> None:
    """Write down that the post with this link is about to be sent. One write at the end of the file, so that nobody's line is torn."""
    try:
        file = os.open(folder / LIST, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        log.exception("the list of tried posts cannot be written")  # the database remembers as well: no reason to keep the post back
        return
    try:
        os.write(file, f"{code}\n".encode())
    except OSError:
        log.exception("the list of tried posts cannot be written")
    finally:
        os.close(file)


def remembered(folder: Path) -> Counter[str]:
    """How often the post of each link was tried, by its code, as far as this list goes."""
    try:
        return Counter((folder / LIST).read_text("ascii", "replace").split())
    except FileNotFoundError:
        return Counter()


def is_silent(session: Session, now: datetime) -> bool:
    """Whether it is time to say that somebody works."""
    row = session.get(Sending, 1)
    return row is None or now - row.alive_at > BEAT or _turned_back(row, now)


def _turned_back(row: Sending, now: datetime) -> bool:
    """Whether the clock was ahead when somebody worked last: two machines may differ by seconds, not by minutes."""
    return row.alive_at - now > SILENCE


def beat(session: Session, now: datetime) -> None:
    """Say that somebody works; after a silence also when it ended."""
    if insert_once(session, Sending(id=1, alive_at=now)):
        return
    row = session.get_one(Sending, 1, with_for_update=True)
    # Of a time that the clock was wrong in nobody can say whether somebody worked: it counts as a silence, and is looked into.
    if now - row.alive_at > SILENCE or _turned_back(row, now):
        row.woke_at, row.alive_at = now, now
    row.alive_at = max(row.alive_at, now)


def may_be_out(session: Session, folder: Path, posts: Sequence[Post], links: Mapping[int | None, Link]) -> set[int | None]:
    """Which of these to look for before they are tried, because somebody may have sent them whom the database does not remember.

    Of whatever was last heard of before a silence ended another life may know more; and so it is where the list has more tries than
    the database. links: by the posts' ids.
    """
    tries: dict[int, list[datetime]] = {}
    for post_id, at in session.execute(_TRIES, {"posts": [post.id for post in posts]}):
        tries.setdefault(post_id, []).append(at)
    woke, known = woke_at(session), remembered(folder) if links else Counter()
    return {
        post.id
        for post in posts
        if (woke is not None and max(tries.get(post.id or 0, ()), default=post.due_at) < woke)
        or (post.id in links and known[links[post.id].code] > len(tries.get(post.id or 0, ())))
    }


def woke_at(session: Session) -> datetime | None:
    """When the last silence ended; None when there was none."""
    row = session.get(Sending, 1)
    return row.woke_at if row is not None else None


def may_be_forgotten(session: Session, post: Post, release: Release) -> datetime | None:
    """Since when to look for a post with the same words: for a release that was found soon after a silence ended, and may have been
    found and announced in it by a life of which the database knows nothing at all. None where that cannot be.
    """
    woke = woke_at(session)
    if woke is None or post.part or not -SOON_BEFORE <= release.first_seen_at - woke < SOON_AFTER:
        return None
    return None if session.exec(select(Attempt.id).where(Attempt.post_id == post.id)).first() else woke - OLDEST_COPY
