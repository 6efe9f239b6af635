"""What became of a post and the one that stood in for it, for the post's page and for Results."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from creatorbot.models import Account, AccountLook, Artist, Post, StandIn
from creatorbot.wording import N_, say

SO_FAR = {
    "away": N_("%(backup)s stands in. We ask the server of %(handle)s until it is back, and look whether the post is there after all."),
    "boosting": N_("The server of %(handle)s is back and does not have it. %(handle)s boosts the post of %(backup)s."),
}


@dataclass(frozen=True)
class Story:
    """sentence: in the artist's language. other_id, other_handle: the post on the other account. is_backup: this post is the one that
    stood in. over: nothing more will happen by itself."""

    sentence: str
    other_id: int
    other_handle: str
    is_backup: bool
    over: bool


def story_of(session: Session, post: Post) -> Story | None:
    """None for a post that has nothing to do with a backup."""
    row = session.exec(select(StandIn).where(or_(StandIn.post_id == post.id, StandIn.sibling_id == post.id))).first()
    if row is None:
        return None
    is_backup = row.sibling_id == post.id
    other = session.get_one(Post, row.post_id if is_backup else row.sibling_id)
    handles = [session.get_one(Account, one.account_id).handle for one in (post, other)]
    first, backup = reversed(handles) if is_backup else handles
    language = session.get_one(Artist, post.artist_id).language
    sentence = row.sentence or say(language, SO_FAR.get(row.state, ""), {"handle": first, "backup": backup})
    return Story(sentence, other.id or 0, handles[1], is_backup, row.state == "done")


def stood_in_for(session: Session, artist_id: int) -> dict[int, str]:
    """Each post that stood in for another -> the handle of the account whose server was away."""
    rows = session.exec(
        select(StandIn.sibling_id, Account.handle)
        .join(Post, col(Post.id) == col(StandIn.post_id))
        .join(Account, col(Account.id) == col(Post.account_id))
        .where(StandIn.artist_id == artist_id)
    )
    return dict(rows.all())


def now_at(session: Session, artist_id: int) -> dict[str, str]:
    """The handle of each account that was left -> that of the one that follows it today."""
    rows = session.exec(
        select(Account.handle, AccountLook.carried_to)
        .join(AccountLook, col(AccountLook.account_id) == col(Account.id))
        .where(Account.artist_id == artist_id, col(AccountLook.carried_to).is_not(None))
    ).all()
    next_id = {handle: carried_to for handle, carried_to in rows if carried_to is not None}
    names = {one.id: one.handle for one in session.exec(select(Account).where(Account.artist_id == artist_id)).all()}
    return {handle: _last(names[after], next_id, names) for handle, after in next_id.items() if after in names}


def _last(handle: str, next_id: dict[str, int], names: dict[int | None, str]) -> str:
    """To the end of the chain; each step once."""
    for _ in next_id:
        after = names.get(next_id.get(handle))
        if after is None:
            break
        handle = after
    return handle
