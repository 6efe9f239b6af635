"""What became of a post and the one that stood in for it, for the post's page and for Results."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from creatorbot.models import Account, Artist, Post, StandIn
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


def pairs_of(session: Session, artist_id: int) -> dict[int, int]:
    """Each post that was handed over or stood in -> the other of the pair."""
    rows = session.exec(select(StandIn.post_id, StandIn.sibling_id).where(col(StandIn.artist_id) == artist_id)).all()
    return {one: other for pair in rows for one, other in (pair, pair[::-1])}
