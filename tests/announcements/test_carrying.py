"""An account moved: the one that follows it takes over what waits and what was set for it, once; and people can be told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlmodel import select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.announcements.handover import carrying
from creatorbot.announcements.handover.move_told import draft_about
from creatorbot.announcements.handover.story import now_at
from creatorbot.models import Account, AccountLook, Announcement, Artist, Boost, OtherWording, Pairing, Post, PostingRules, Release
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from jobs import check_accounts
from tests.announcements.pairs import Pair, set_pair


@pytest.fixture
def duo(both_runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Pair]:
    """A first account and one that is connected already where it will move to."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_pair(both_runtime, practice, clock)


def moves(duo: Pair) -> None:
    """The first account moves to the other server, and the day passes."""
    told = {"name": "aoife", "what": "moved"}
    requests.post(f"{duo.practice.fediverse_url}/practice/fate", json=told, timeout=5).raise_for_status()
    for _ in range(26):
        duo.clock.at += timedelta(hours=1)
        check_accounts.run(duo.stage.runtime, duo.clock.at)


def waiting(duo: Pair, *accounts: int) -> int:
    """An announcement planned for next month on these accounts."""
    runtime = duo.stage.runtime
    with runtime.session() as session:
        artist, release = session.get_one(Artist, duo.stage.artist_id), session.get_one(Release, duo.stage.release_id)
        draft = new_draft(session, artist, release, None, duo.clock.at)
    approve(runtime, duo.stage.artist_id, draft.id or 0, list(accounts), duo.clock.at + timedelta(days=30))
    return draft.id or 0


def test_what_waits_and_what_was_set_goes_along_by_itself_where_the_new_one_is_connected(duo: Pair) -> None:
    runtime, old, new = duo.stage.runtime, duo.stage.account_id, duo.backup_id
    out = duo.stage.approve()
    duo.work(4)
    about = waiting(duo, old)
    with runtime.session() as session:
        artist = duo.stage.artist_id
        session.add(PostingRules(artist_id=artist, account_ids=[old], changed_at=duo.clock.at))
        session.add(OtherWording(announcement_id=about, mark="B", text="{title}!", account_ids=[old, new]))
        moment = duo.clock.at + timedelta(days=9)
        boost = Boost(artist_id=artist, post_id=out, account_id=old, due_at=moment, not_before=moment)
        boost.created_at = boost.changed_at = duo.clock.at
        session.add(boost)
    moves(duo)
    with runtime.reading() as session:
        assert session.get_one(Account, old).state == "removed"
        assert session.exec(select(Pairing)).all() == []
        assert session.exec(select(Post.account_id).where(Post.state == "waiting")).all() == [new]
        assert session.exec(select(Post.account_id).where(Post.state == "confirmed")).all() == [old]
        assert session.exec(select(PostingRules.account_ids)).all() == [[new]]
        assert session.exec(select(OtherWording.account_ids)).all() == [[new]]
        assert session.exec(select(Boost.account_id)).all() == [new]
        assert now_at(session, duo.stage.artist_id) == {"@aoife@practice.example": "@aoife@backup.example"}


def test_what_is_planned_on_both_is_posted_once(duo: Pair) -> None:
    waiting(duo, duo.stage.account_id, duo.backup_id)
    moves(duo)
    assert sorted((post.account_id, post.state) for post in duo.posts()) == [
        (duo.stage.account_id, "cancelled"),
        (duo.backup_id, "waiting"),
    ]


def test_carried_over_twice_is_carried_over_once(duo: Pair) -> None:
    waiting(duo, duo.stage.account_id)
    moves(duo)
    with duo.stage.runtime.session() as session:
        old, new = session.get_one(Account, duo.stage.account_id), session.get_one(Account, duo.backup_id)
        assert carrying.carry_over(session, duo.stage.runtime.vault, old, new, duo.clock.at) == 0
        assert session.exec(select(AccountLook.carried).where(AccountLook.account_id == old.id)).one() == 1


def test_people_are_told_by_an_announcement_that_can_be_looked_at_first(duo: Pair) -> None:
    runtime = duo.stage.runtime
    with runtime.session() as session:
        artist, new = session.get_one(Artist, duo.stage.artist_id), session.get_one(Account, duo.backup_id)
        first = draft_about(session, artist, new, None, duo.clock.at)
        again = draft_about(session, artist, new, None, duo.clock.at)
        assert first is not None
        assert again is not None
        assert first.id == again.id
        assert new.url in first.wording
        assert "@aoife@" not in first.wording
    approve(runtime, duo.stage.artist_id, first.id or 0, [duo.backup_id], None)
    duo.work(4)
    [said] = [one["text"] for one in duo.on(duo.practice.second_url)]
    assert said.startswith(f"We have moved: from now on you find us at {new.url}")
    assert "Tall Ships" in said
    with runtime.reading() as session:
        assert session.exec(select(Announcement.state)).all() == ["announced"]


def test_without_a_release_there_is_nothing_to_lead_to(duo: Pair) -> None:
    with duo.stage.runtime.session() as session:
        session.delete(session.get_one(Release, duo.stage.release_id))
        session.flush()
        artist, new = session.get_one(Artist, duo.stage.artist_id), session.get_one(Account, duo.backup_id)
        assert draft_about(session, artist, new, None, duo.clock.at) is None
