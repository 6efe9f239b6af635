"""What came back for a post, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.engagement.claim import OUT
from creatorbot.announcements.engagement.guess import BoostGuess, Look, guesses
from creatorbot.models import Booster, Engagement, Link, Measuring, Post, PostReply, Reach


@dataclass(frozen=True)
class Echo:
    """looks: oldest first. next_at: the next look, None after the last. knows_names: whether names are kept still."""

    looks: list[Engagement]
    boosters: list[Booster]
    replies: list[PostReply]
    guesses: list[BoostGuess]
    next_at: datetime | None

    @property
    def latest(self) -> Engagement | None:
        """The newest counts; None before the first look."""
        return self.looks[-1] if self.looks else None


def echo_of(session: Session, post: Post) -> Echo:
    """Everything that came back for this post."""
    looks = list(session.exec(select(Engagement).where(Engagement.post_id == post.id).order_by(col(Engagement.at))).all())
    boosters = list(session.exec(select(Booster).where(Booster.post_id == post.id).order_by(col(Booster.id))).all())
    replies = list(session.exec(select(PostReply).where(PostReply.post_id == post.id).order_by(col(PostReply.at))).all())
    reached = session.exec(select(Reach.first_seen_at).join(Link, col(Reach.link_id) == Link.id).where(Link.post_id == post.id)).all()
    seen = [(one.handle, one.seen_at) for one in boosters]
    found = guesses([Look(one.at, one.boosts) for one in looks], seen, reached)
    next_at = session.exec(select(Measuring.next_at).where(Measuring.post_id == post.id)).first() if post.state in OUT else None
    return Echo(looks, boosters, replies, found, next_at)
