"""Reading what many posts have in common once: what is asked for one by one afterwards is then already there."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from creatorbot.models import Account, Announcement, Artist, Installation, Post, Release, Server

T = TypeVar("T", bound=SQLModel)


def at_hand(session: Session, posts: Sequence[Post], *, whole: bool = False) -> list[SQLModel]:
    """The rows around these posts. Keep the list: the session forgets what nobody holds. whole: all that putting them together needs."""
    accounts = _rows(session, Account, {post.account_id for post in posts})
    announcements = _rows(session, Announcement, {post.announcement_id for post in posts})
    around: list[SQLModel] = [*posts, *accounts, *announcements, *_rows(session, Artist, {post.artist_id for post in posts})]
    if whole:
        around += _rows(session, Server, {account.server_id for account in accounts})
        around += _rows(session, Release, {announcement.release_id for announcement in announcements})
        around += _rows(session, Installation, {1})
    return around


def _rows(session: Session, kind: type[T], ids: Iterable[int]) -> list[T]:
    return list(session.exec(select(kind).where(col(kind.id).in_(ids))).all())  # type: ignore[attr-defined]
