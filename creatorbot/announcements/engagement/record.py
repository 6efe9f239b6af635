"""Writing down a look at a post, and when to look next."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from creatorbot.announcements.engagement.ages import MOST_TRIES, moment_of, pause, step_at
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.models import Artist, Booster, Engagement, Measuring, Post, PostReply
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, say

LOOKS_NEEDED = 2  # two looks, apart, must both find nothing


def measured(
    session: Session,
    measuring_id: int,
    counts: Counts,
    boosters: Sequence[Somebody],
    replies: Sequence[Reply],
    now: datetime,
    scale: float,
) -> None:
    """The post was there: its counts and whom we saw. Once for each age, whoever else looked meanwhile."""
    row = _held(session, measuring_id)
    if row is None:
        return
    post = session.get_one(Post, row.post_id)
    if post.published_at is not None:
        row.step = max(row.step, step_at(now, post.published_at, scale))
    about = Engagement(artist_id=row.artist_id, post_id=row.post_id, step=row.step, at=now)
    about.boosts, about.favourites, about.replies, about.quotes = counts.boosts, counts.favourites, counts.replies, counts.quotes
    insert_once(session, about)
    for one in boosters:
        known = Booster(artist_id=row.artist_id, post_id=row.post_id, handle=one.handle, name=one.name, url=one.url, seen_at=now)
        insert_once(session, known)
    for reply in replies:
        insert_once(
            session,
            PostReply(
                artist_id=row.artist_id,
                post_id=row.post_id,
                remote_id=reply.remote_id,
                handle=reply.who.handle,
                name=reply.who.name,
                words=reply.words,
                url=reply.url,
                at=reply.at or now,
                seen_at=now,
            ),
        )
    _next(row, post, now, scale)


def not_possible(session: Session, measuring_id: int, now: datetime, scale: float) -> None:
    """The server could not be asked: a little later again, and after some tries at the next age."""
    row = _held(session, measuring_id)
    if row is None:
        return
    row.tries, row.lease_until = row.tries + 1, None
    if row.tries >= MOST_TRIES:
        _next(row, session.get_one(Post, row.post_id), now, scale)
    else:
        row.next_at = now + pause(row.tries, scale)


def given_up(session: Session, measuring_id: int, now: datetime, scale: float) -> None:
    """Nobody can be asked at this age: the account is not connected, or its network does not tell."""
    row = _held(session, measuring_id)
    if row is not None:
        _next(row, session.get_one(Post, row.post_id), now, scale)


def gone(session: Session, measuring_id: int, now: datetime, scale: float, *, there: bool) -> None:
    """The post was missing among the counts. there: asked by itself, it was found after all."""
    row = _held(session, measuring_id)
    if row is None:
        return None
    post = session.get_one(Post, row.post_id)
    if there or post.state not in ("published", "confirmed"):
        return _next(row, post, now, scale)
    row.misses, row.tries, row.lease_until = row.misses + 1, 0, None
    if row.misses < LOOKS_NEEDED:
        row.next_at = now + Waits(scale).second_look
        return None
    row.next_at = None
    artist = session.get_one(Artist, post.artist_id)
    said = say(artist.language, N_("The post is not there any more. It may have been taken down, by you or by the server."))
    session.flush()
    move(session, post, "vanished", now, N_("Looked twice: it is gone"), sentence=said)
    return settle(session, post.announcement_id, now)


def _held(session: Session, measuring_id: int) -> Measuring | None:
    """None when our lease had run out and somebody else has looked, or when the post was made anew meanwhile."""
    row = session.get(Measuring, measuring_id)
    return None if row is None or row.lease_until is None else row


def _next(row: Measuring, post: Post, now: datetime, scale: float) -> None:
    row.tries, row.misses, row.lease_until = 0, 0, None
    out = post.state in ("published", "confirmed") and post.published_at is not None
    if not out or post.published_at is None:
        row.next_at = None
        return
    row.step = max(row.step + 1, step_at(now, post.published_at, scale) + 1)
    row.next_at = moment_of(row.step, post.published_at, scale)
