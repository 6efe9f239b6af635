"""Reading what many posts have in common once: what is asked for one by one afterwards is then already there."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, select

from creatorbot.models import Account, Announcement, Artist, Installation, Post, Release, Server

T = TypeVar("T", bound=SQLModel)


def accounts_of(session: Session, posts: Sequence[Post]) -> list[Account]:
    """The accounts of these posts. Keep the list: the session forgets what nobody holds."""
    return rows_of(session, Account, {post.account_id for post in posts})


def announcements_of(session: Session, posts: Sequence[Post]) -> list[Announcement]:
    """The announcements of these posts."""
    return rows_of(session, Announcement, {post.announcement_id for post in posts})


def at_hand(session: Session, posts: Sequence[Post]) -> list[SQLModel]:
    """All the rows that putting these posts together needs. Keep the list, as above."""
    accounts, announcements = accounts_of(session, posts), announcements_of(session, posts)
    return [
        *posts,
        *accounts,
        *announcements,
        *rows_of(session, Artist, {post.artist_id for post in posts}),
        *rows_of(session, Server, {account.server_id for account in accounts}),
        *rows_of(session, Release, {announcement.release_id for announcement in announcements}),
        *rows_of(session, Installation, {1}),
    ]


def rows_of(session: Session, kind: type[T], ids: Iterable[int | None]) -> list[T]:
    """The rows with these ids, those that there are."""
    return list(session.execute(_with_ids(kind), {"ids": list(ids)}).scalars())


@cache
def _with_ids(kind: type[T]) -> Any:
    """Made once for each table: its making costs as much as its run."""
    return select(kind).where(col(kind.id).in_(bindparam("ids", expanding=True)))  # type: ignore[attr-defined]
