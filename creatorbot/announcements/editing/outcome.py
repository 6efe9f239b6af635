"""Writing down how a change of a post ended, and what follows from it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.announcements.edits import OPEN, offers_for
from creatorbot.announcements.record import DIFFERENCES
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.models import Account, Announcement, Artist, Post, PostChange, PostEdit, ReleaseChange
from creatorbot.networks.base import Health, Published
from creatorbot.wording import N_, explain, say

CHANGED = N_("The text was changed")
MOST_BUSY = timedelta(hours=1)
GIVE_UP = timedelta(days=3)


def record_changed(session: Session, edit_id: int, published: Published, now: datetime) -> None:
    """The server took it. Also right when our lease had run out meanwhile: the words are there, whoever sent them."""
    edit, post = _held(session, edit_id)
    if edit.state != "claimed":
        return
    artist = session.get_one(Artist, edit.artist_id)
    if "text" in published.differs:
        said = N_("The server said yes, but the post does not read as you wanted. Look at it there, then try again.")
        _end(edit, "failed", say(artist.language, said), now)
        return
    post.text = edit.text
    told = " ".join(say(artist.language, DIFFERENCES[name]) for name in published.differs if name in DIFFERENCES)
    _end(edit, "done", told, now)
    session.add(PostChange(post_id=edit.post_id, at=now, before=post.state, after=post.state, why=CHANGED, who=edit.who))
    session.flush()
    if edit.change_id is not None:
        _answer(session, edit.change_id, post)


def record_failed(session: Session, edit_id: int, lease: datetime, message: str, values: Mapping[str, object], now: datetime) -> None:
    """It cannot be changed any more, for a reason we know without asking."""
    edit, _ = _held(session, edit_id)
    if _ours(edit, lease):
        artist = session.get_one(Artist, edit.artist_id)
        _end(edit, "failed", say(artist.language, message, values or None), now)


def record_trouble(
    session: Session, edit_id: int, lease: datetime, error: ServiceError, health: Health | None, now: datetime, waits: Waits
) -> None:
    """The call failed: wait and repeat, or tell the artist."""
    edit, post = _held(session, edit_id)
    if not _ours(edit, lease):
        return
    artist = session.get_one(Artist, edit.artist_id)
    account = session.get_one(Account, post.account_id)
    reason = explain(artist.language, error)
    values: dict[str, object] = {"reason": reason, "handle": account.handle}
    if error.status == 410:
        _gone(session, edit, post, artist, now, waits)
    elif error.kind == "revoked" and (health is None or health.state in ("revoked", "locked", "refused", "moved")):
        if account.state != "removed":
            account.state, account.sentence, account.checked_at = "reconnect", reason, now
        said = N_("%(handle)s needs to be connected again. The post keeps its words until then; try again afterwards.")
        _end(edit, "failed", say(artist.language, said, values), now)
    elif error.kind == "refused" or (health is not None and health.state == "ok"):
        said = N_("The server refused this change: %(reason)s The post keeps its words.")
        _end(edit, "failed", say(artist.language, said, values), now)
    elif now - edit.created_at > GIVE_UP:
        said = N_("For three days this change could not be made: %(reason)s Look at the post there, then try again.")
        _end(edit, "failed", say(artist.language, said, values), now)
    else:
        _again(session, edit, now + _wait(edit, error, waits), say(artist.language, LATER[error.kind], values), now)


LATER = {
    "busy": N_("The server asked us to slow down. It is changed by itself a little later."),
    "unreached": N_("The server cannot be reached at the moment. The post keeps its words; we keep trying."),
    "unknown": N_("No clear answer came back. We look what the post says and try again by ourselves."),
    "revoked": N_("The server could not be asked properly. We try again by ourselves."),
}


def _wait(edit: PostEdit, error: ServiceError, waits: Waits) -> timedelta:
    if error.kind == "busy" and error.retry_after:
        return max(min(timedelta(seconds=error.retry_after), MOST_BUSY), waits.retry(1))
    return waits.retry(edit.tries)


def _gone(session: Session, edit: PostEdit, post: Post, artist: Artist, now: datetime, waits: Waits) -> None:
    """The server knows no such post. One that we have never seen there is given a moment: some servers are slow to show it."""
    if post.state == "published":
        _again(session, edit, now + waits.second_look, "", now)
        return
    said = say(artist.language, N_("The post is not there any more, so there is nothing to change. Nothing was posted anew."))
    _end(edit, "failed", said, now)
    session.flush()
    if post.state == "confirmed":
        told = say(artist.language, N_("The post is not there any more. It may have been taken down, by you or by the server."))
        move(session, post, "vanished", now, N_("It was to be changed, and it is gone"), sentence=told)
        settle(session, post.announcement_id, now)


def _again(session: Session, edit: PostEdit, when: datetime, sentence: str, now: datetime) -> None:
    """Back to the waiting ones; unless a newer text waits already, which then is the one to try."""
    newer = select(PostEdit.id).where(PostEdit.post_id == edit.post_id, PostEdit.id > edit.id, col(PostEdit.state).in_(OPEN))  # type: ignore[operator]
    if session.exec(newer).first() is not None:
        artist = session.get_one(Artist, edit.artist_id)
        _end(edit, "cancelled", say(artist.language, N_("A newer text took its place.")), now)
        return
    edit.state, edit.not_before, edit.lease_until, edit.sentence = "wanted", when, None, sentence


def _answer(session: Session, change_id: int, post: Post) -> None:
    """The change has been looked at as soon as no post about the release is left that it would alter and that was not changed for it."""
    change = session.get(ReleaseChange, change_id)
    if change is None or change.state != "open":
        return
    release_id = session.get_one(Announcement, post.announcement_id).release_id
    answered = set(session.exec(select(PostEdit.post_id).where(PostEdit.change_id == change_id, PostEdit.state == "done")).all())
    offers = [one for one in offers_for(session, release_id, change) if one.post_id not in answered]
    if not any(one.possible and one.differs for one in offers):
        change.state = "seen"


def _held(session: Session, edit_id: int) -> tuple[PostEdit, Post]:
    """The change and its post; whoever else decides about this post waits. Always the post first, or two would wait for each other."""
    edit = session.get_one(PostEdit, edit_id)
    post = session.get_one(Post, edit.post_id, with_for_update=True)
    session.refresh(edit)
    return edit, post


def _ours(edit: PostEdit, lease: datetime) -> bool:
    return edit.state == "claimed" and edit.lease_until == lease


def _end(edit: PostEdit, state: str, sentence: str, now: datetime) -> None:
    edit.state, edit.sentence, edit.done_at, edit.lease_until = state, sentence, now, None
