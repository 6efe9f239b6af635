"""What happened to posts, read from their history: out, failed, waiting for an answer, gone, taken down."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.artists.accounts import server_facts
from creatorbot.artists.telling.kinds import Happening
from creatorbot.models import Account, Announcement, Post, PostChange, PostRemoval, Release, Server, TellingMark, Told
from creatorbot.wording import N_

OLDEST = timedelta(days=1)  # what is older is history, not news
OVERLAP = 500  # rows read once more: another transaction may have taken a number earlier and ended later
AT_ONCE = 500
MARK = "changes"
SENTENCES: dict[str, tuple[str, str]] = {
    "published": ("posted", N_("“%(title)s” is out on %(domain)s.")),
    "failed": ("failed", N_("“%(title)s” did not go out on %(domain)s. %(reason)s")),
    "held": ("needs_you", N_("“%(title)s” waits for your answer before it goes to %(domain)s. %(reason)s")),
    "vanished": ("vanished", N_("“%(title)s” is not on %(domain)s any more. %(reason)s")),
    "handed_over": ("changed", N_("“%(title)s” could not go out on %(domain)s, so your other account takes it over.")),
}
PAUSED = N_("Its account cannot post at present")  # as announcements.handover.pausing writes it
WAITS = N_("“%(title)s” waits until its account on %(domain)s can post again. %(reason)s")
CHANGED = N_("“%(title)s” is out on %(domain)s, but not quite as you asked. %(reason)s")
REMOVED = N_("“%(title)s” was taken down from %(domain)s.")
NOT_REMOVED = N_("“%(title)s” could not be taken down from %(domain)s. %(reason)s")


def new_changes(session: Session, now: datetime) -> tuple[list[Happening], int]:
    """What the history tells since it was last read, and up to where it was read. Reading a row twice is harmless: telling is once."""
    before = read_upto(session)
    fresh = session.exec(select(PostChange.id).where(col(PostChange.id) > before).order_by(col(PostChange.id)).limit(AT_ONCE)).all()
    upto = max((one for one in fresh if one is not None), default=before)
    rows = session.exec(
        select(PostChange)
        .where(
            col(PostChange.id) > before - OVERLAP,
            col(PostChange.id) <= upto,
            col(PostChange.after).in_(SENTENCES),
            col(PostChange.before) != col(PostChange.after),
            col(PostChange.at) > now - OLDEST,
        )
        .order_by(col(PostChange.id))
    ).all()
    known = _told(session, [about_change(row) for row in rows])
    return [one for row in rows if about_change(row) not in known and (one := _happening(session, row)) is not None], upto


def read_upto(session: Session) -> int:
    """The last line of the history that was read."""
    mark = session.get(TellingMark, MARK)
    return mark.upto if mark else 0


def about_change(change: PostChange) -> str:
    """What makes a line of a post's history one thing to tell."""
    return f"change:{change.id}"


def removals(session: Session, now: datetime) -> list[Happening]:
    """Posts that were taken down, and those that could not be."""
    rows = session.exec(
        select(PostRemoval).where(col(PostRemoval.state).in_(("done", "failed")), col(PostRemoval.created_at) > now - 8 * OLDEST)
    ).all()
    abouts = {f"removal:{row.id}:{row.state}:{row.created_at.isoformat()}": row for row in rows}
    known, found = _told(session, list(abouts)), []
    for about, row in abouts.items():
        if about in known or (row.done_at is not None and row.done_at < now - OLDEST):
            continue
        kind, sentence = ("removed", REMOVED) if row.state == "done" else ("needs_you", NOT_REMOVED)
        values = {**subject(session, session.get_one(Post, row.post_id)), "reason": row.sentence}
        found.append(Happening(row.artist_id, about, kind, sentence, row.done_at or now, values, post_id=row.post_id))
    return found


def subject(session: Session, post: Post) -> dict[str, object]:
    """What a post is called: its release's title and its server's name."""
    release = session.get_one(Release, session.get_one(Announcement, post.announcement_id).release_id)
    account = session.get_one(Account, post.account_id)
    return {"title": release.title, "domain": server_facts(session.get_one(Server, account.server_id)).domain}


def _happening(session: Session, change: PostChange) -> Happening | None:
    post = session.get_one(Post, change.post_id)
    kind, sentence = SENTENCES[change.after]
    if kind == "vanished" and _wanted_down(session, change.post_id):
        return None
    if kind == "posted":
        if post.part:
            return None  # the first of a thread stands for all
        if post.sentence and post.state in ("published", "confirmed"):
            kind, sentence = "changed", CHANGED
    if change.after == "held" and change.why == PAUSED:
        if post.state != "held":
            return None  # it goes on already, perhaps on another account
        sentence = WAITS
    values = {**subject(session, post), "reason": post.sentence if post.state == change.after or kind == "changed" else ""}
    return Happening(post.artist_id, about_change(change), kind, sentence, change.at, values, post_id=post.id)


def _wanted_down(session: Session, post_id: int) -> bool:
    wish = session.exec(select(PostRemoval).where(PostRemoval.post_id == post_id)).first()
    return wish is not None and wish.state != "failed"


def _told(session: Session, abouts: Sequence[str]) -> set[str]:
    return set(session.exec(select(Told.about).where(col(Told.about).in_(abouts))).all()) if abouts else set()
