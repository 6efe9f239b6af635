"""What is told: every due post ends published or explained within five minutes, each thing once, and what is around the posts too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from creatorbot.announcements.handover import pausing
from creatorbot.announcements.removing.wanting import want_removal
from creatorbot.artists.telling import happenings
from creatorbot.models import Account, Post, Release, Source, Told
from jobs import remove_posts, tell_members
from tests.artists.telling.conftest import Round


def test_a_post_that_is_out_is_told_once(both: Round) -> None:
    both.stage.approve()
    both.stage.work(5, clock=both.clock)
    domain = both.stage.practice.fediverse_url
    assert domain
    for _ in range(3):
        told = both.tell()
    assert [kind for kind, _ in told] == ["posted"]
    assert told[0][1].startswith("“Tall Ships” is out on ")


def test_of_many_who_tell_one_tells(both: Round) -> None:
    both.set_server()
    both.wish()
    both.stage.approve()
    both.stage.work(5, clock=both.clock)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: tell_members.run(both.runtime, both.clock.at), range(6)))
    assert len(both.tell()) == 1
    both.mail()
    assert len(both.subjects()) == 1


def test_a_refusal_is_told_with_its_reason(round_: Round) -> None:
    round_.stage.approve()
    round_.stage.trouble("too_long_422")
    round_.stage.work(1)
    [(kind, said)] = round_.tell()
    assert kind == "failed"
    assert "did not go out" in said
    assert "refused" in said


def cannot_post(round_: Round) -> None:
    """Its permission is gone, and what waits for it pauses."""
    with round_.runtime.session() as session:
        account = session.get_one(Account, round_.stage.account_id)
        account.state, account.sentence = "reconnect", "Connect it again."
        pausing.follow(session, account, round_.clock.at)


def test_a_post_that_waits_for_its_account_waits_for_nobodys_answer(round_: Round) -> None:
    round_.stage.approve(when=round_.clock.at + timedelta(days=1))
    cannot_post(round_)
    said = [sentence for kind, sentence in round_.tell() if kind == "needs_you"]
    assert len(said) == 1
    assert said[0].startswith("“Tall Ships” waits until its account on ")
    assert said[0].endswith("can post again. Connect it again.")


def test_a_post_that_goes_on_before_it_was_told_of_is_not_told_of(round_: Round) -> None:
    round_.stage.approve(when=round_.clock.at + timedelta(days=1))
    cannot_post(round_)
    with round_.runtime.session() as session:
        account = session.get_one(Account, round_.stage.account_id)
        account.state = "ok"
        pausing.follow(session, account, round_.clock.at)
    assert "needs_you" not in [kind for kind, _ in round_.tell()]


def test_the_reason_to_wait_is_the_one_that_is_written() -> None:
    assert happenings.PAUSED == pausing.PAUSED


def test_a_server_that_does_not_answer_is_told_with_times_before_five_minutes_have_passed(round_: Round) -> None:
    post_id = round_.stage.approve()
    with round_.runtime.session() as session:
        account = session.get_one(Account, round_.stage.account_id)
        account.url = account.url
    round_.stage.trouble("refused", seconds=600)
    told: list[tuple[str, str]] = []
    due = round_.stage.post(post_id).due_at
    while not told and round_.clock.at - due <= timedelta(minutes=5):
        round_.stage.work(1)
        told = round_.tell()
        round_.clock.at += timedelta(seconds=20)
    assert [kind for kind, _ in told] == ["late"]
    assert "has not answered since 13:00" in told[0][1], "in the artist's zone"
    assert "We try again at 13:0" in told[0][1]
    assert round_.clock.at - due <= timedelta(minutes=5)
    for _ in range(20):
        round_.clock.at += timedelta(minutes=1)
        round_.stage.work(1)
        round_.tell()
    assert [kind for kind, _ in round_.tell()].count("late") == 1


def test_a_post_nobody_sends_is_explained_too(round_: Round) -> None:
    round_.stage.approve()
    round_.clock.forward(minutes=4, seconds=30)
    [(kind, said)] = round_.tell()
    assert (kind, "We are behind" in said) == ("late", True)


def test_an_unknown_outcome_is_explained(round_: Round) -> None:
    round_.stage.approve()
    round_.stage.trouble("executed_answer_lost")
    round_.stage.trouble("not_executed_503", times=0)
    round_.stage.work(1)
    with round_.runtime.session() as session:
        assert session.exec(select(Post)).one().state == "unknown"
    round_.clock.forward(minutes=4, seconds=30)
    [(kind, said)] = round_.tell()
    assert kind == "late"
    assert "will not appear twice" in said


def test_a_post_for_tomorrow_is_not_late(round_: Round) -> None:
    round_.stage.approve(when=round_.clock.at + timedelta(days=1))
    round_.clock.forward(hours=23)
    assert round_.tell() == []


def test_a_post_that_vanished_is_told_but_not_one_that_was_taken_down(round_: Round) -> None:
    first = round_.stage.approve()
    round_.stage.work(5, clock=round_.clock)
    round_.tell()
    with round_.runtime.session() as session:
        want_removal(session, session.get_one(Post, first), "Alice", round_.clock.at)
    remove_posts.run(round_.runtime, round_.clock.at)
    kinds = [kind for kind, _ in round_.tell()]
    assert kinds == ["posted", "removed"]
    round_.tell()
    assert len(round_.tell()) == 2


def test_an_account_is_told_when_it_breaks_and_when_it_is_well_again(both: Round) -> None:
    seen = []
    for state in ("ok", "reconnect", "reconnect", "unreachable", "ok", "reconnect", "ok", "unreachable", "removed"):
        with both.runtime.session() as session:
            row = session.get_one(Account, both.stage.account_id)
            row.state, row.sentence = state, "It no longer accepts our permission." if state == "reconnect" else ""
        both.clock.forward(minutes=1)
        seen.append(len(both.tell()))
    assert seen == [0, 1, 1, 1, 2, 3, 4, 4, 4]
    said = [words for _, words in both.tell()]
    assert said[0].endswith("has to be connected again. It no longer accepts our permission.")
    assert said[1].endswith("is connected again.")


@pytest.mark.parametrize("state", ["suspended", "disabled", "moved", "gone"])
def test_an_account_that_is_lost_is_told_with_what_its_server_said(round_: Round, state: str) -> None:
    with round_.runtime.session() as session:
        row = session.get_one(Account, round_.stage.account_id)
        row.state, row.sentence = state, "The people who run it say so."
    [(kind, said)] = round_.tell()
    assert kind == "account"
    assert said.endswith("cannot be posted to any more. The people who run it say so.")


@pytest.mark.parametrize("state", ["robot_check", "broken", "refused", "missing", "gone"])
def test_a_source_is_told_when_somebody_has_to_mend_it(round_: Round, state: str) -> None:
    with round_.runtime.session() as session:
        now = round_.clock.at
        row = Source(
            artist_id=round_.stage.artist_id, kind="rss", address="https://a.example/feed", created_at=now, next_poll_at=now, state="ok"
        )
        session.add(row)
    seen = []
    for then in ("failing", state, "failing", state, "ok"):
        with round_.runtime.session() as session:
            session.exec(select(Source)).one().state = then
        round_.clock.forward(minutes=1)
        seen.append(len(round_.tell()))
    assert seen == [0, 1, 1, 1, 2]


def test_a_release_that_a_source_brought_is_told_and_an_old_or_typed_one_is_not(round_: Round) -> None:
    now = round_.clock.at
    with round_.runtime.session() as session:
        source = Source(
            artist_id=round_.stage.artist_id, kind="rss", address="https://a.example/feed", created_at=now, next_poll_at=now, state="ok"
        )
        session.add(source)
        session.flush()
        for title, state in (("Harbour", "new"), ("Old", "listed")):
            facts = {"artist_name": "Aoife Marsh", "first_seen_at": now, "changed_at": now, "source_id": source.id}
            session.add(Release(artist_id=round_.stage.artist_id, title=title, state=state, **facts))
    assert round_.tell() == [("release", "A new release was found: “Harbour”.")]
    round_.clock.forward(minutes=1)
    assert len(round_.tell()) == 1


def test_what_is_long_past_is_not_news(round_: Round) -> None:
    round_.stage.approve()
    round_.stage.work(5, clock=round_.clock)
    round_.clock.forward(days=2)
    assert round_.tell() == []


def test_with_nothing_new_nothing_is_written(round_: Round) -> None:
    round_.tell()
    with round_.runtime.reading() as session:
        assert session.exec(select(Told)).all() == []
    assert tell_members.run(round_.runtime, round_.clock.at).done == 0
