"""The states of a post, the moves between them, and what a member may ask for. Every move leaves a row that says who and why."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel, col, select

from creatorbot.announcements.waits import EXPIRY
from creatorbot.announcements.wordings import thread
from creatorbot.errors import Conflict
from creatorbot.models import Announcement, Attempt, Post, PostChange, Release
from creatorbot.wording import N_

US = "creatorbot"
# From each state, where it may go. "claimed" is left only by whoever holds the lease, or when the lease has run out.
MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"due", "claimed", "cancelled", "held"}),
    "due": frozenset({"claimed", "published", "cancelled", "held"}),
    "claimed": frozenset({"published", "unknown", "due", "held", "failed", "handed_over"}),
    "unknown": frozenset({"published", "due", "held", "claimed", "handed_over"}),
    "published": frozenset({"confirmed", "vanished"}),
    "confirmed": frozenset({"vanished"}),
    "held": frozenset({"waiting", "due", "published", "confirmed", "unknown", "cancelled"}),
    "failed": frozenset({"due", "unknown", "cancelled", "published"}),
    "vanished": frozenset({"due", "cancelled"}),
    "handed_over": frozenset({"due", "published"}),
    "cancelled": frozenset(),
}
SETTLED = frozenset({"published", "confirmed", "failed", "handed_over", "vanished", "cancelled"})
UNRESOLVED = ("open", "unknown")
_UNSETTLED = select(Post.id).where(Post.announcement_id == bindparam("announcement"), col(Post.state).not_in(SETTLED)).limit(1)


def move(
    session: Session,
    post: Post,
    after: str,
    now: datetime,
    why: str,
    *,
    who: str = US,
    sentence: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> bool:
    """Move a post if it still is where we saw it. False when somebody was quicker; then nothing changed.

    why: gettext id kept in the history. sentence: what the artist reads on the post (already in their language); None keeps the old one.
    facts: other columns that change with it.
    """
    before = post.state
    if after not in MOVES[before]:
        raise Conflict("This post is %(state)s; that is not possible now.", state=before)
    values: dict[str, object] = {"state": after, "changed_at": now, "lease_until": None, "lease_owner": "", **(facts or {})}
    if sentence is not None:
        values["sentence"] = sentence
    if session.autoflush:
        session.flush()
    asked = {"this": post.id, "before": before, **{f"new_{name}": value for name, value in values.items()}}
    if not session.connection().execute(_moving(tuple(values)), asked).rowcount:
        session.refresh(post)
        return False
    for name, value in values.items():
        set_committed_value(post, name, value)
    session.add(PostChange(post_id=_id(post), at=now, before=before, after=after, why=why, who=who))
    return True


@cache
def _moving(names: tuple[str, ...]) -> Update:
    """One statement for each set of columns: its making costs as much as its run."""
    table = SQLModel.metadata.tables[str(Post.__tablename__)]
    told = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("this"), table.c.state == bindparam("before")).values(told)


def send_now(session: Session, post: Post, now: datetime, who: str) -> None:
    """The member's “Post now” for one that waits for its time. Twice is the same as once."""
    if post.state == "waiting":
        post.due_at = post.not_before = now
        post.expires_at = now + EXPIRY
        session.flush()
        move(session, post, "due", now, N_("Asked to go out now"), who=who)
    elif post.state not in ("due", "claimed", "published", "confirmed", "unknown"):
        raise Conflict("This post cannot be sent from here. Use “Try again”.")


def try_again(session: Session, post: Post, now: datetime, who: str) -> None:
    """After a failure or a question. Where an earlier try may have worked, the server is asked before anything is sent."""
    session.refresh(post, with_for_update=True)
    if post.state in ("due", "claimed", "unknown", "published", "confirmed"):
        return
    _prepare(session, post, now)
    if unresolved(session, post):
        move(session, post, "unknown", now, N_("Asked to look again whether it is there"), who=who, sentence="")
    else:
        post.text = ""  # nothing of it exists anywhere: the words may be made anew
        session.flush()
        move(session, post, "due", now, N_("Asked to try again"), who=who, sentence="")


def not_there(session: Session, post: Post, now: datetime, who: str) -> None:
    """The member looked at their profile and says that it is not there: from now on earlier tries count as absent."""
    if post.state != "held":
        raise Conflict("This post is not waiting for your answer any more.")
    for attempt in unresolved(session, post):
        attempt.outcome, attempt.finished_at, attempt.sentence = "absent", now, N_("A member looked: it was not there")
    _prepare(session, post, now)
    move(session, post, "due", now, N_("A member looked and said it is not there"), who=who, sentence="")


def is_there(session: Session, post: Post, now: datetime, who: str) -> None:
    """The member looked at their profile and says that it is there: nothing more is sent, and its link goes on counting."""
    session.refresh(post, with_for_update=True)
    if post.state != "held":
        raise Conflict("This post is not waiting for your answer any more.")
    tries = unresolved(session, post)
    for attempt in tries:
        attempt.outcome, attempt.finished_at, attempt.sentence = "published", now, N_("A member looked: it is there")
    post.published_at = tries[0].started_at if tries else now
    session.flush()
    move(session, post, "confirmed", now, N_("A member looked and said it is there"), who=who, sentence="")
    thread.go_on(session, post, now)
    settle(session, post.announcement_id, now)


def cancel_post(session: Session, post: Post, now: datetime, who: str) -> None:
    """Not to be sent after all. Refused while it is on its way, or once it is out."""
    if post.state == "cancelled":
        return
    if post.state == "held" and unresolved(session, post):
        raise Conflict("An earlier try may have worked: look at your profile first, then say whether it is there.")
    if "cancelled" not in MOVES[post.state]:
        raise Conflict("This post is on its way or already out; it cannot be called back from here.")
    move(session, post, "cancelled", now, N_("Called off"), who=who)
    settle(session, post.announcement_id, now)


def settle(session: Session, announcement_id: int, now: datetime) -> None:
    """Bring an announcement and its release up to date with their posts."""
    session.flush()
    announcement = session.get_one(Announcement, announcement_id)
    mine = Post.announcement_id == announcement_id
    if announcement.state != "approved" or session.execute(_UNSETTLED, {"announcement": announcement_id}).first():
        return
    posts = session.exec(select(Post).where(mine)).all()
    out = any(post.state in ("published", "confirmed", "vanished") for post in posts)
    if out or all(post.state in ("cancelled", "handed_over") for post in posts):
        announcement.state = "announced" if out else "cancelled"
        announcement.changed_at = now
    if out:
        session.get_one(Release, announcement.release_id).state = "announced"


def unresolved(session: Session, post: Post) -> list[Attempt]:
    """Tries of which nobody knows whether they worked, oldest first."""
    found = session.exec(select(Attempt).where(Attempt.post_id == post.id, col(Attempt.outcome).in_(UNRESOLVED)).order_by(col(Attempt.id)))
    return list(found.all())


def changes_of(session: Session, post_id: int) -> list[PostChange]:
    """The post's history, oldest first."""
    return list(session.exec(select(PostChange).where(PostChange.post_id == post_id).order_by(col(PostChange.id))).all())


def attempts_of(session: Session, post_id: int) -> list[Attempt]:
    """Every try to send it, oldest first."""
    return list(session.exec(select(Attempt).where(Attempt.post_id == post_id).order_by(col(Attempt.id))).all())


def _prepare(session: Session, post: Post, now: datetime) -> None:
    post.due_at = post.not_before = now
    post.expires_at = now + EXPIRY
    post.tries = post.looks = 0
    # One that vanished is made anew: what is left of the first must not pass for the second.
    post.remote_id, post.remote_url, post.published_at = "", "", None
    session.flush()


def _id(post: Post) -> int:
    if post.id is None:
        raise ValueError("a post without an id has no history yet")
    return post.id
