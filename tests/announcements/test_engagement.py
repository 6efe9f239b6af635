"""What came back for posts: asked at each age, once, in few calls; names for a month; a guess only where there is one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from creatorbot.announcements import states
from creatorbot.announcements.engagement.ages import AGES, moment_of, step_at
from creatorbot.announcements.engagement.claim import begin_new, claim_account
from creatorbot.announcements.engagement.guess import Look, guesses
from creatorbot.announcements.engagement.shown import echo_of
from creatorbot.announcements.waits import Waits
from creatorbot.models import Account, Booster, Engagement, Link, Measuring, Post, PostReply, Reach
from jobs import measure_posts
from tests.stage import Stage

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def out(stage: Stage, clock: Any) -> int:
    post_id = stage.approve()
    stage.work(5, clock=clock)
    return post_id


def came(stage: Stage, post_id: int, **what: object) -> None:
    """From now on this is what came back for the post."""
    wanted = {"status": stage.post(post_id).remote_id, **what}
    requests.post(f"{stage.practice.fediverse_url}/practice/echoes", json=wanted, timeout=5).raise_for_status()


def taken_down(stage: Stage, post_id: int) -> None:
    """The artist deletes the status on the server itself."""
    with stage.runtime.reading() as session:
        token = stage.runtime.vault.open_text(session.get_one(Account, stage.account_id).token)
    at = f"{stage.practice.fediverse_url}/api/v1/statuses/{stage.post(post_id).remote_id}"
    requests.delete(at, headers={"Authorization": f"Bearer {token}"}, timeout=5).raise_for_status()


def look(stage: Stage, clock: Any, age: timedelta) -> None:
    """The job runs when the first post has this age, and once more."""
    with stage.runtime.reading() as session:
        made = session.exec(select(Post).order_by(col(Post.id))).first()
    assert made is not None
    assert made.published_at is not None
    clock.at = made.published_at + age
    measure_posts.run(stage.runtime, clock.at)
    measure_posts.run(stage.runtime, clock.at)


def looks(stage: Stage) -> list[tuple[int, int | None, int | None, int | None, int | None]]:
    with stage.runtime.reading() as session:
        rows = session.exec(select(Engagement).order_by(col(Engagement.id))).all()
    return [(one.step, one.boosts, one.favourites, one.replies, one.quotes) for one in rows]


def test_at_each_age_once(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    look(stage, clock, timedelta(minutes=9))
    assert looks(stage) == []
    answer = {"who": "ben@far.example", "words": "Lovely"}
    for step, age in enumerate(AGES):
        came(stage, post_id, boosters=[f"p{n}@far.example" for n in range(step)], favourites=step * 2, quotes=1, replies=[answer] * step)
        look(stage, clock, age)
    assert looks(stage) == [(step, step, step * 2, step, 1) for step in range(len(AGES))]
    look(stage, clock, timedelta(days=60))
    assert len(looks(stage)) == len(AGES)
    with stage.runtime.reading() as session:
        assert session.exec(select(Measuring)).one().next_at is None
        latest = echo_of(session, session.get_one(Post, post_id)).latest
    assert latest is not None
    assert latest.favourites == 12


def test_after_a_long_pause_one_look_makes_up_for_all_that_were_missed(stage: Stage, clock: Any) -> None:
    out(stage, clock)
    look(stage, clock, timedelta(minutes=10))
    look(stage, clock, timedelta(days=3, hours=2))
    assert [one[0] for one in looks(stage)] == [0, 4]


def test_names_are_kept_a_month_and_counts_stay(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    came(stage, post_id, boosters=["ann@far.example"], replies=[{"who": "ben@far.example", "words": "Lovely <b>songs</b>"}])
    look(stage, clock, timedelta(minutes=10))
    with stage.runtime.reading() as session:
        echo = echo_of(session, session.get_one(Post, post_id))
    assert [one.handle for one in echo.boosters] == ["@ann@far.example"]
    assert [(one.handle, one.words, one.url) for one in echo.replies] == [
        ("@ben@far.example", "Lovely songs", "https://far.example/@ben/1")
    ]
    look(stage, clock, timedelta(days=31))
    with stage.runtime.reading() as session:
        assert session.exec(select(Booster)).all() == []
        assert session.exec(select(PostReply)).all() == []
        echo = echo_of(session, session.get_one(Post, post_id))
    assert echo.latest is not None
    assert (echo.latest.boosts, echo.latest.replies) == (1, 1)


def test_many_posts_of_an_account_are_one_question(stage: Stage, clock: Any) -> None:
    posts = [out(stage, clock) for _ in range(3)]
    look(stage, clock, timedelta(hours=1))
    assert len(looks(stage)) == len(posts)


def test_a_server_that_is_away_is_asked_again_and_others_are_not_disturbed(stage: Stage, clock: Any) -> None:
    out(stage, clock)
    stage.practice.leave()  # type: ignore[attr-defined]
    look(stage, clock, timedelta(minutes=10))
    assert looks(stage) == []
    stage.practice.return_()  # type: ignore[attr-defined]
    clock.forward(minutes=3)
    measure_posts.run(stage.runtime, clock.at)
    assert [one[0] for one in looks(stage)] == [0]


def test_an_account_that_is_gone_ends_the_looking_quietly(stage: Stage, clock: Any) -> None:
    out(stage, clock)
    look(stage, clock, timedelta(minutes=1))
    with stage.runtime.session() as session:
        session.get_one(Account, stage.account_id).state = "removed"
    for age in AGES:
        look(stage, clock, age)
    assert looks(stage) == []


def test_a_post_that_is_gone_is_seen_twice_before_it_is_said(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    taken_down(stage, post_id)
    look(stage, clock, timedelta(minutes=10))
    assert stage.post(post_id).state == "confirmed"
    clock.forward(minutes=2)
    measure_posts.run(stage.runtime, clock.at)
    assert stage.post(post_id).state == "vanished"
    assert "not there any more" in stage.post(post_id).sentence


def test_a_server_that_was_away_and_then_misses_it_once_is_not_believed(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    stage.practice.leave()  # type: ignore[attr-defined]
    look(stage, clock, timedelta(minutes=10))
    stage.practice.return_()  # type: ignore[attr-defined]
    with stage.runtime.session() as session:
        post = session.get_one(Post, post_id)
        kept, post.remote_id = post.remote_id, "1"
    clock.forward(minutes=3)
    measure_posts.run(stage.runtime, clock.at)
    assert stage.post(post_id).state == "confirmed"
    with stage.runtime.session() as session:
        session.get_one(Post, post_id).remote_id = kept
    clock.forward(minutes=2)
    measure_posts.run(stage.runtime, clock.at)
    assert [one[0] for one in looks(stage)] == [0]


def test_a_post_made_anew_is_looked_at_anew(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    came(stage, post_id, boosters=["ann@far.example", "ben@far.example"])
    look(stage, clock, timedelta(minutes=10))
    taken_down(stage, post_id)
    with stage.runtime.session() as session:
        post = session.get_one(Post, post_id)
        states.move(session, post, "vanished", clock.at, "x")
        states.try_again(session, post, clock.at, "Alice")
    stage.work(5, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    came(stage, post_id, boosters=["cleo@far.example"])
    look(stage, clock, timedelta(minutes=11))
    assert [one[:2] for one in looks(stage)] == [(0, 1)]
    with stage.runtime.reading() as session:
        assert [one.handle for one in session.exec(select(Booster)).all()] == ["@cleo@far.example"]


def test_two_workers_take_no_post_twice(both_stage: Stage, clock: Any) -> None:
    stage, waits = both_stage, Waits()
    out(stage, clock)
    clock.forward(minutes=15)
    with stage.runtime.session() as session:
        begin_new(session, clock.at, 1.0)
    with stage.runtime.session() as session:
        assert len(claim_account(session, stage.account_id, clock.at, waits)) == 1
    with stage.runtime.session() as session:
        assert claim_account(session, stage.account_id, clock.at, waits) == []
    clock.forward(minutes=6)  # whoever had it is dead
    with stage.runtime.session() as session:
        assert len(claim_account(session, stage.account_id, clock.at, waits)) == 1


def test_one_new_booster_between_two_looks_is_a_guess(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    look(stage, clock, timedelta(minutes=10))
    came(stage, post_id, boosters=["ann@far.example"])
    with stage.runtime.session() as session:
        link = session.exec(select(Link).where(Link.post_id == post_id)).one()
        for number, minutes in enumerate((1, 20, 30)):
            at = clock.at - timedelta(minutes=10) + timedelta(minutes=minutes)
            session.add(Reach(link_id=link.id or 0, host=f"s{number}.example", software="", first_seen_at=at))
    look(stage, clock, timedelta(hours=1))
    with stage.runtime.reading() as session:
        [guess] = echo_of(session, session.get_one(Post, post_id)).guesses
    assert (guess.handle, guess.servers) == ("@ann@far.example", 2)


HOURS = [START + timedelta(hours=hour) for hour in range(6)]
TIMES = st.datetimes(datetime(2026, 11, 20, 11), datetime(2026, 11, 20, 18), timezones=st.just(UTC))


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(HOURS)), max_size=8, unique_by=lambda pair: pair[0]),
    st.lists(TIMES, max_size=12),
)
def test_a_guess_is_only_made_for_one_person_and_counts_no_server_twice(
    counts: list[int | None], boosters: list[tuple[str, datetime]], first_seen: list[datetime]
) -> None:
    made = guesses([Look(at, count) for at, count in zip(HOURS, counts, strict=True)], boosters, first_seen)
    assert sum(one.servers for one in made) <= len(first_seen)
    for one in made:
        assert [handle for handle, at in boosters if at == one.until] == [one.handle]
        assert one.since >= START, "nothing is guessed about what came before the first look"
        assert one.servers > 0


@given(st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from([1.0, 0.01]))
def test_the_age_that_is_looked_at_has_come(passed: timedelta, scale: float) -> None:
    step = step_at(START + passed, START, scale)
    moment = moment_of(step, START, scale)
    assert moment is not None
    assert moment <= START + passed or step == 0
