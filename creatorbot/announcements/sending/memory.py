"""What may be out although the database does not know it: after an old copy of the database was put back, and after a silence.

Two witnesses. A list beside the database holds the code of every link whose post was tried (one line each, appended before the call).
And the database tells when somebody last worked: what was due while nobody did may have been sent by a life that this copy forgot.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from creatorbot.models import Attempt, Link, Post, Sending
from creatorbot.storage.once import insert_once

log = logging.getLogger(__name__)
LIST = "sent.txt"
SILENCE = timedelta(minutes=3)
BEAT = timedelta(seconds=20)  # each is a disk sync


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


def remembered(folder: Path) -> frozenset[str]:
    """The codes of all links whose posts were ever tried, as far as this list goes."""
    try:
        return frozenset((folder / LIST).read_text("ascii", "replace").split())
    except FileNotFoundError:
        return frozenset()


def is_silent(session: Session, now: datetime) -> bool:
    """Whether it is time to say that somebody works."""
    row = session.get(Sending, 1)
    return row is None or now - row.alive_at > BEAT


def beat(session: Session, now: datetime) -> None:
    """Say that somebody works; after a silence also when it ended."""
    if insert_once(session, Sending(id=1, alive_at=now)):
        return
    row = session.get_one(Sending, 1, with_for_update=True)
    if now - row.alive_at > SILENCE:
        row.woke_at = now
    row.alive_at = max(row.alive_at, now)


def may_be_out(session: Session, folder: Path, posts: Sequence[Post], links: Mapping[int | None, Link]) -> set[int | None]:
    """Which of these to look for before their first try, because somebody may have sent them whom the database does not remember.

    links: by the posts' ids.
    """
    tried: dict[int, set[str]] = {}
    for post_id, outcome in session.exec(
        select(Attempt.post_id, Attempt.outcome).where(col(Attempt.post_id).in_([post.id for post in posts]))
    ).all():
        tried.setdefault(post_id, set()).add(outcome)
    fresh = [post for post in posts if tried.get(post.id or 0, set()) <= {"unreached"}]  # of others, what we know of the tries decides
    row = session.get(Sending, 1)
    woke = row.woke_at if row is not None else None
    found = {post.id for post in fresh if woke is not None and post.due_at < woke}
    if any(post.id not in tried for post in fresh):
        known = remembered(folder)
        found |= {post.id for post in fresh if post.id not in tried and post.id in links and links[post.id].code in known}
    return found
