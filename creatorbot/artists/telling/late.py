"""The watch over what is due: a post that is minutes late and neither out nor explained is explained, once for each cause."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.artists.accounts import server_facts
from creatorbot.artists.telling.kinds import Happening
from creatorbot.models import Account, Announcement, Attempt, Post, Release, Server, Told
from creatorbot.wording import N_

LATE = timedelta(minutes=4)  # so that the sentence stands there before five minutes have passed
AT_ONCE = 500
UNDER_WAY = ("waiting", "due", "claimed", "unknown")
SENTENCES: dict[str, str] = {
    "unreached": N_("%(domain)s has not answered since %(since)s, so “%(title)s” waits. We try again at %(again)s; nothing was sent."),
    "busy": N_("%(domain)s asked us to wait, so “%(title)s” goes out later. We try again at %(again)s; nothing was sent."),
    "unknown": N_(
        "%(domain)s gave no clear answer for “%(title)s”, so it may or may not be out. We look there again at %(again)s before anything is "
        "sent again; it will not appear twice."
    ),
    "slow": N_("“%(title)s” is on its way to %(domain)s since %(since)s; the server is slow. It will not appear twice."),
    "behind": N_("“%(title)s” should have gone out to %(domain)s at %(due)s. We are behind with sending; it goes out by itself."),
}


def late_posts(session: Session, now: datetime, scale: float = 1.0) -> list[Happening]:
    """What is late and was not explained with its present cause."""
    wanted = (
        select(Post, Release.title, Account.server_id)
        .join(Announcement, col(Post.announcement_id) == Announcement.id)
        .join(Release, col(Announcement.release_id) == Release.id)
        .join(Account, col(Post.account_id) == Account.id)
        .where(col(Post.state).in_(UNDER_WAY), col(Post.due_at) <= now - LATE * scale)
        .order_by(col(Post.due_at), col(Post.id))
    )
    rows = session.exec(wanted).all()
    first = {(post.announcement_id, post.account_id) for post, _, _ in rows if not post.part}
    tries = _tries(session, [post.id or 0 for post, _, _ in rows])
    domains: dict[int, str] = {}
    found = []
    for post, title, server_id in rows:
        if post.part and (post.announcement_id, post.account_id) in first:
            continue  # of a thread the first stands for all that wait behind it
        if server_id not in domains:
            domains[server_id] = server_facts(session.get_one(Server, server_id)).domain
        found.append(_late(post, {"title": title, "domain": domains[server_id]}, tries.get(post.id or 0, []), now))
    known = _told(session, [one.about for one in found])
    return [one for one in found if one.about not in known]


def _late(post: Post, subject: dict[str, object], tries: list[Attempt], now: datetime) -> Happening:
    cause, since = _cause(post, tries)
    values = {**subject, "due": post.due_at, "since": since or post.due_at, "again": max(post.not_before, now)}
    about = f"late:{post.id}:{post.due_at.isoformat()}:{cause}"
    return Happening(post.artist_id, about, "late", SENTENCES[cause], now, values, post_id=post.id)


def _tries(session: Session, post_ids: list[int]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = {}
    for start in range(0, len(post_ids), AT_ONCE):
        some = select(Attempt).where(col(Attempt.post_id).in_(post_ids[start : start + AT_ONCE])).order_by(col(Attempt.id))
        for one in session.exec(some).all():
            found.setdefault(one.post_id, []).append(one)
    return found


def _told(session: Session, abouts: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(abouts), AT_ONCE):
        found |= set(session.exec(select(Told.about).where(col(Told.about).in_(abouts[start : start + AT_ONCE]))).all())
    return found


def _cause(post: Post, tries: list[Attempt]) -> tuple[str, datetime | None]:
    """Why it is late, and since when that is so: the first of the last tries that ended alike."""
    if post.state == "unknown":
        return "unknown", None
    if post.state == "claimed":
        return "slow", tries[-1].started_at if tries else None
    mine = [one for one in tries if one.started_at >= post.due_at - timedelta(seconds=1)]
    if not mine or mine[-1].outcome not in ("unreached", "busy"):
        return "behind", None
    cause, since = mine[-1].outcome, mine[-1].started_at
    for one in reversed(mine):
        if one.outcome != cause:
            break
        since = one.started_at
    return cause, since
