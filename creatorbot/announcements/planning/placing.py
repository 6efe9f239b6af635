"""Sending a draft on its way at the artist's next free hour, and telling what speaks against an hour they chose."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import approve_at
from creatorbot.announcements.planning.plan import Planned, Reason, Wish, objections, plan
from creatorbot.announcements.planning.rules import places_of, rules_of, slots_of, taken_of
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Artist, Post
from creatorbot.runtime import Runtime


def place(
    runtime: Runtime, artist: Artist, announcement_id: int, account_ids: Sequence[int], who: str, *, owner: bool = False
) -> list[int]:
    """Approve a draft for the next free hour of each account. Returns the posts' ids; none where an owner is asked first.

    Raises as `drafts.approve`, and InvalidInput (field "when") without hours, or without room in the weeks to come.
    """
    door = runtime.door_for(artist.id or 0)
    with runtime.session() as session:
        now = runtime.clock()
        # One plan at a time: two would take the same hour.
        session.get_one(Artist, artist.id, with_for_update={"key_share": True})
        due = {one.account_id: one.at for one in next_free(session, artist, account_ids, now)}
        return approve_at(session, runtime.settings.own_url, door, artist.id or 0, announcement_id, due, now, who, owner=owner)


def next_free(session: Session, artist: Artist, account_ids: Sequence[int], now: datetime) -> list[Planned]:
    """The next free hour on each of these accounts. Raises InvalidInput as `place`."""
    if not slots_of(session, artist.id or 0):
        raise InvalidInput("You have chosen no hours yet. Choose some under “How you post”.", field="when")
    accounts = session.exec(select(Account).where(Account.artist_id == artist.id, col(Account.id).in_(account_ids))).all()
    rules = rules_of(session, artist, now)
    planned = plan(Wish(slot=True), rules, places_of(session, accounts), taken_of(session, artist.id or 0, now), now)
    for one in planned:
        if one.at is None:
            raise InvalidInput(one.reasons[-1].message, field="when", **dict(one.reasons[-1].values))
    return planned


def against(session: Session, artist: Artist, posts: Sequence[Post], at: datetime, now: datetime) -> list[Reason]:
    """What speaks against these posts at this moment: said to the artist, who decides."""
    accounts = [session.get_one(Account, post.account_id) for post in posts]
    own = {post.id for post in posts}
    rules, taken = rules_of(session, artist, now), taken_of(session, artist.id or 0, min(at, now), without=own)
    found = [reason for spot in places_of(session, accounts) for reason in objections(at, rules, spot, taken)]
    return [reason for number, reason in enumerate(found) if reason not in found[:number]]
