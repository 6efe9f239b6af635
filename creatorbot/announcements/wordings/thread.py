"""Threads: each message is a post of its own, made in the same transaction that records the one before it, so never too early or twice."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.waits import EXPIRY
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.typed import messages_of, wording_with
from creatorbot.links.codes import new_link
from creatorbot.models import Announcement, Artist, Post, PostChange, StandIn
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, say

NOT_TAKEN_OVER = ("taken_back", "found")  # the backup had not posted it when the first server was back
GOES_ON = N_("The message before it is out")
NO_ADDRESS = N_(
    "We do not know the address of the message before it, so this one cannot be joined to it. Post it on its own, or call it off."
)
CALLED_OFF = N_("Called off with the message before it")


def length_of(session: Session, post: Post) -> int:
    """How many messages the thread of this post has; 1 for a post that is none."""
    typed = typed_of(session, session.get_one(Announcement, post.announcement_id))
    return len(messages_of(wording_with(typed, post.wording)[0]))


def reply_to(session: Session, post: Post) -> str:
    """The remote id of the message before it on the same account; "" for the first one, and where that is not known."""
    if post.part == 0:
        return ""
    found = session.exec(select(Post).where(*_place(post, post.part - 1))).first()
    return found.remote_id if found is not None else ""


def go_on(session: Session, post: Post, now: datetime) -> None:
    """A message is out: make the next one due, once. Where it cannot be joined to this one, the artist is asked.

    A post that was handed over to the backup goes on there.
    """
    elsewhere = select(StandIn.id).where(StandIn.post_id == post.id, col(StandIn.outcome).not_in(NOT_TAKEN_OVER))
    if post.part + 1 >= length_of(session, post) or session.exec(elsewhere).first():
        return
    if post.remote_id:
        _make(session, post, "due", now, GOES_ON, "")
    else:
        _make(session, post, "held", now, GOES_ON, NO_ADDRESS)


def has_more(session: Session, post: Post) -> bool:
    """Whether this message is on its way, or may be, and others are to follow it."""
    return post.state in ("claimed", "unknown", "held") and post.part + 1 < length_of(session, post)


def call_off(session: Session, post: Post, now: datetime, who: str) -> None:
    """Nothing more of this thread, even if this message of it is on its way just now."""
    _make(session, post, "cancelled", now, CALLED_OFF, "", who)


def _make(session: Session, post: Post, state: str, now: datetime, why: str, sentence: str, who: str = "creatorbot") -> None:
    artist = session.get_one(Artist, post.artist_id)
    row = Post(
        artist_id=post.artist_id,
        announcement_id=post.announcement_id,
        account_id=post.account_id,
        part=post.part + 1,
        wording=post.wording,
        state=state,
        due_at=now,
        not_before=now,
        expires_at=now + EXPIRY,
        sentence=say(artist.language, sentence),
        changed_at=now,
    )
    if not insert_once(session, row):
        return
    made = session.exec(select(Post).where(*_place(post, post.part + 1))).one()
    session.add(PostChange(post_id=made.id or 0, at=now, before="", after=state, why=why, who=who))
    release_id = session.get_one(Announcement, post.announcement_id).release_id
    new_link(session, artist_id=post.artist_id, release_id=release_id, post_id=made.id, now=now)
    session.flush()


def _place(post: Post, part: int) -> tuple[bool, ...]:
    return Post.announcement_id == post.announcement_id, Post.account_id == post.account_id, Post.part == part
