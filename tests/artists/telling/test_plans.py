"""What is told of things to come and of boosts: early enough to call it off, once, and to those who wish it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from creatorbot.models import Announcement, AutoAnnouncement, Boost, Consent, Post
from tests.artists.telling.conftest import Round


def itself(one: Round, state: str, *, sentence: str = "", after: timedelta = timedelta(minutes=30)) -> int:
    """The release is announced by itself; the id of its post."""
    now = one.clock.at
    post_id = one.stage.approve(when=now + after)
    with one.runtime.session() as session:
        row = AutoAnnouncement(
            artist_id=one.stage.artist_id, release_id=one.stage.release_id, created_at=now, changed_at=now, not_before=now
        )
        row.state, row.sentence = state, sentence
        row.announcement_id = session.get_one(Post, post_id).announcement_id
        session.add(row)
    return post_id


def later(one: Round) -> list[tuple[str, str]]:
    one.clock.forward(minutes=1)
    return one.tell()


def test_what_goes_out_by_itself_is_told_before(both: Round) -> None:
    both.set_server()
    both.wish(kinds=("release",))
    both.mail()
    post_id = itself(both, "planned")
    for _ in range(3):
        told = later(both)
    assert told == [("planned", "“Tall Ships” goes out by itself at 13:30. You can still call it off.")]
    both.mail()
    body = both.box.mails[-1].get_body(("plain",))
    assert body is not None
    assert f"/posts/{post_id}" in body.get_content()


def test_what_is_out_already_is_not_told_as_to_come(round_: Round) -> None:
    itself(round_, "planned", after=timedelta(minutes=1))
    round_.clock.forward(minutes=2)
    round_.stage.work(5, clock=round_.clock)
    assert [kind for kind, _ in later(round_)] == ["posted"]


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        ("drafted", "planned", "“Tall Ships” is ready to be announced and waits for you."),
        ("asks", "needs_you", "“Tall Ships” could not be announced by itself. There is no account."),
    ],
)
def test_what_waits_for_a_person_is_told(round_: Round, state: str, kind: str, said: str) -> None:
    itself(round_, state, sentence="There is no account." if state == "asks" else "")
    assert later(round_) == [(kind, said)]


def test_an_owners_yes_is_asked_for_once_and_a_no_comes_back(round_: Round) -> None:
    itself(round_, "drafted", sentence="It waits for an owner’s yes.")
    with round_.runtime.session() as session:
        told = session.exec(select(Announcement)).one()
        told.state = "draft"
        session.add(Consent(artist_id=told.artist_id, announcement_id=told.id or 0, asked_by="Ben", asked_at=round_.clock.at))
    assert later(round_) == [("needs_you", "Ben asks an owner for a yes before “Tall Ships” goes out.")]
    with round_.runtime.session() as session:
        row = session.exec(select(Consent)).one()
        row.state, row.answered_by, row.answered_at, row.sentence = "declined", "Alice", round_.clock.at, "Wait for Friday."
    assert later(round_)[1:] == [("needs_you", "Alice said no to announcing “Tall Ships” like this. Wait for Friday.")]


@pytest.mark.parametrize("state", ["planned", "done", "failed", "cancelled"])
def test_a_boost_is_told_when_it_is_over(round_: Round, state: str) -> None:
    post_id = round_.stage.approve()
    round_.stage.work(5, clock=round_.clock)
    now = round_.clock.at
    with round_.runtime.session() as session:
        facts = {"artist_id": round_.stage.artist_id, "post_id": post_id, "account_id": round_.stage.account_id}
        row = Boost(**facts, due_at=now, not_before=now, created_at=now, changed_at=now, state=state)
        row.sentence = "100 % of it is gone." if state == "failed" else "It was polite then."
        session.add(row)
    told = [said for _, said in later(round_)[1:]]
    assert told == {
        "done": ["@aoife@practice.example showed the post about “Tall Ships” once more."],
        "failed": ["@aoife@practice.example could not show the post about “Tall Ships” once more. 100 % of it is gone."],
    }.get(state, [])
