"""What goes out by itself: only news, only once, with time to stop it, and never without the yes that was asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlmodel import col, select

from creatorbot.announcements import drafts
from creatorbot.announcements.planning import automatic
from creatorbot.announcements.planning.settings import set_automation
from creatorbot.errors import NotFound
from creatorbot.models import (
    Account,
    Announcement,
    Artist,
    AutoAnnouncement,
    Consent,
    MergeSuggestion,
    Post,
    PostingRules,
    Release,
    Slot,
    Source,
    SourceItem,
)
from creatorbot.releases import merging
from jobs import plan_announcements
from tests.conftest import TestClock
from tests.stage import Stage, make_release

numbers = count(1)


def watch(stage: Stage, mode: str = "post", minutes: int = 30) -> int:
    """A watched place where something happens by itself."""
    now = stage.runtime.clock()
    with stage.runtime.session() as session:
        address = f"https://aoife.example/feed{next(numbers)}"
        source = Source(artist_id=stage.artist_id, kind="feed", address=address, created_at=now, next_poll_at=now)
        session.add(source)
        session.flush()
        assert source.id
        set_automation(session, stage.artist_id, source.id, mode, minutes, "Alice", now)
        return source.id


def appear(stage: Stage, source_id: int, title: str = "Salt", decision: str = "new", **more: object) -> int:
    """A release turns up there, as a poll leaves it."""
    state = {"baseline": "listed"}.get(decision, decision)
    release_id = make_release(stage.runtime, stage.artist_id, title, source_id=source_id, **{"state": state, **more})
    now = stage.runtime.clock()
    with stage.runtime.session() as session:
        session.add(
            SourceItem(
                artist_id=stage.artist_id,
                source_id=source_id,
                release_id=release_id,
                guid=title,
                guid_key=f"{title} {next(numbers)}",
                decision=decision,
                first_seen_at=now,
                last_seen_at=now,
            )
        )
    return release_id


def run(stage: Stage) -> None:
    plan_announcements.run(stage.runtime, stage.runtime.clock())


def posts(stage: Stage) -> list[Post]:
    with stage.runtime.reading() as session:
        return list(session.exec(select(Post).order_by(col(Post.id))))


def rows(stage: Stage) -> dict[int, AutoAnnouncement]:
    with stage.runtime.reading() as session:
        return {row.release_id: row for row in session.exec(select(AutoAnnouncement))}


def test_news_waits_half_an_hour_and_goes_out_once(both_stage: Stage, clock: TestClock) -> None:
    appear(both_stage, watch(both_stage))
    for _ in range(3):
        run(both_stage)
        both_stage.work()
        clock.forward(minutes=9)
    (post,) = posts(both_stage)
    assert post.state == "waiting"
    assert both_stage.posted() == []
    clock.forward(minutes=4)
    run(both_stage)
    both_stage.work()
    (status,) = both_stage.posted()
    assert "Salt" in str(status["content"])


def test_two_workers_and_a_hundred_looks_make_one_announcement(both_stage: Stage) -> None:
    source = watch(both_stage)
    releases = [appear(both_stage, source, title) for title in ("Salt", "Tar")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run(both_stage), range(24)))
    run(both_stage)
    with both_stage.runtime.reading() as session:
        announced = sorted(session.exec(select(Announcement.release_id)).all())
    assert announced == releases
    first, second = posts(both_stage)
    assert abs(second.due_at - first.due_at) >= timedelta(hours=2)


@pytest.mark.parametrize("decision", ["baseline", "held", "waits", "with_album"])
def test_what_is_no_news_is_never_announced(stage: Stage, decision: str) -> None:
    appear(stage, watch(stage), decision=decision)
    run(stage)
    assert posts(stage) == []


def test_what_was_held_is_left_to_the_artist_even_when_they_say_that_it_is_new(stage: Stage) -> None:
    release_id = appear(stage, watch(stage), decision="held")
    run(stage)
    with stage.runtime.session() as session:
        session.get_one(Release, release_id).state = "new"
        session.exec(select(SourceItem).where(SourceItem.release_id == release_id)).one().decision = "new"
    run(stage)
    assert posts(stage) == []


def test_a_day_that_has_come_is_news(stage: Stage) -> None:
    release_id = appear(stage, watch(stage), decision="waits")
    run(stage)
    with stage.runtime.session() as session:
        session.get_one(Release, release_id).state = "new"
        session.exec(select(SourceItem).where(SourceItem.release_id == release_id)).one().decision = "new"
    run(stage)
    assert len(posts(stage)) == 1


def test_off_means_off_and_switching_on_announces_only_what_comes_later(stage: Stage, clock: TestClock) -> None:
    source = watch(stage, "off")
    appear(stage, source, "Old")
    run(stage)
    with stage.runtime.session() as session:
        set_automation(session, stage.artist_id, source, "post", 30, "Alice", clock())
    run(stage)
    assert posts(stage) == []
    appear(stage, source, "New")
    run(stage)
    assert len(posts(stage)) == 1


def test_switched_off_before_it_was_made(stage: Stage, clock: TestClock) -> None:
    source = watch(stage)
    release_id = appear(stage, source, cover_url="https://aoife.example/cover.jpg")
    run(stage)  # waits for its cover
    with stage.runtime.session() as session:
        set_automation(session, stage.artist_id, source, "off", 30, "Alice", clock())
    clock.forward(minutes=11)
    run(stage)
    assert posts(stage) == []
    assert rows(stage)[release_id].state == "stopped"


def test_a_draft_waits_for_the_artist(stage: Stage) -> None:
    release_id = appear(stage, watch(stage, "draft"))
    run(stage)
    run(stage)
    assert posts(stage) == []
    assert rows(stage)[release_id].state == "drafted"
    with stage.runtime.reading() as session:
        assert session.exec(select(Announcement)).one().state == "draft"


def test_the_next_free_hour_of_the_artist(stage: Stage) -> None:
    with stage.runtime.session() as session:
        session.add(Slot(artist_id=stage.artist_id, weekday=4, minute=19 * 60))
    source = watch(stage, "slot")
    appear(stage, source, "Salt")
    appear(stage, source, "Tar")
    run(stage)
    assert [f"{post.due_at:%a %d %H:%M}" for post in posts(stage)] == ["Fri 20 18:00", "Fri 27 18:00"]


def test_stopped_in_time_nothing_goes_out(stage: Stage, clock: TestClock) -> None:
    release_id = appear(stage, watch(stage))
    run(stage)
    with stage.runtime.session() as session:
        announcement = session.get_one(Announcement, rows(stage)[release_id].announcement_id)
        drafts.cancel(session, announcement, clock(), "Alice")
    clock.forward(hours=1)
    run(stage)
    stage.work()
    assert stage.posted() == []


def test_begun_by_hand_is_left_alone(stage: Stage, clock: TestClock) -> None:
    release_id = appear(stage, watch(stage))
    with stage.runtime.session() as session:
        release = session.get_one(Release, release_id)
        drafts.new_draft(session, session.get_one(Artist, stage.artist_id), release, None, clock())
    run(stage)
    assert posts(stage) == []
    assert rows(stage)[release_id].state == "passed"


@pytest.mark.parametrize("known", ["announced", "listed"])
def test_a_likely_twin_of_something_known_waits_for_the_answer(stage: Stage, clock: TestClock, known: str) -> None:
    other = make_release(stage.runtime, stage.artist_id, "Salt", state=known)
    release_id = appear(stage, watch(stage))
    with stage.runtime.session() as session:
        pair = MergeSuggestion(artist_id=stage.artist_id, kept_id=other, other_id=release_id, why="alike", created_at=clock())
        session.add(pair)
    run(stage)
    assert posts(stage) == []
    assert rows(stage)[release_id].sentence == automatic.TWIN
    with stage.runtime.session() as session:
        session.exec(select(MergeSuggestion)).one().state = "apart"
    clock.forward(minutes=6)
    run(stage)
    assert len(posts(stage)) == 1


def test_of_two_new_ones_that_may_be_one_neither_goes_out_before_the_answer(stage: Stage, clock: TestClock) -> None:
    source = watch(stage)
    first, second = appear(stage, source, "Salt"), appear(stage, watch(stage), "Salt")
    with stage.runtime.session() as session:
        session.add(MergeSuggestion(artist_id=stage.artist_id, kept_id=first, other_id=second, why="alike", created_at=clock()))
    for _ in range(3):
        run(stage)
        clock.forward(minutes=6)
    assert posts(stage) == []
    with stage.runtime.session() as session:
        merging.merge(session, stage.artist_id, session.exec(select(MergeSuggestion)).one().id or 0, clock(), "Alice")
    run(stage)
    run(stage)
    assert len(posts(stage)) == 1


@pytest.mark.parametrize("mode", ["post", "draft", "wanted"])
def test_stopped_for_good(stage: Stage, clock: TestClock, mode: str) -> None:
    source = watch(stage, "draft" if mode == "draft" else "post")
    release_id = appear(stage, source, **({"cover_url": "https://aoife.example/cover.jpg"} if mode == "wanted" else {}))
    run(stage)
    for _ in range(2):  # twice is once
        with stage.runtime.session() as session:
            automatic.stop(session, stage.artist_id, rows(stage)[release_id].id or 0, "Alice", clock())
    clock.forward(hours=3)
    run(stage)
    stage.work(2)
    assert stage.posted() == []
    assert rows(stage)[release_id].state == "stopped"
    with stage.runtime.reading() as session:
        assert {one.state for one in session.exec(select(Announcement))} <= {"cancelled"}
        with pytest.raises(NotFound):
            automatic.stop(session, stage.artist_id + 1, rows(stage)[release_id].id or 0, "Dora", clock())


def test_stopped_stays_stopped_when_it_turns_out_to_be_one_with_another(stage: Stage, clock: TestClock) -> None:
    first, second = appear(stage, watch(stage, "off"), "Salt"), appear(stage, watch(stage), "Salt")
    run(stage)
    with stage.runtime.session() as session:
        automatic.stop(session, stage.artist_id, rows(stage)[second].id or 0, "Alice", clock())
        session.add(MergeSuggestion(artist_id=stage.artist_id, kept_id=first, other_id=second, why="alike", created_at=clock()))
        session.flush()
        merging.merge(session, stage.artist_id, session.exec(select(MergeSuggestion)).one().id or 0, clock(), "Alice")
    run(stage)
    assert [post.state for post in posts(stage)] == ["cancelled"]
    assert rows(stage)[first].state == "passed"


def test_only_where_the_artist_wished_even_when_that_account_is_away(stage: Stage, clock: TestClock) -> None:
    with stage.runtime.session() as session:
        away = session.get_one(Account, stage.account_id)
        other = Account(**(away.model_dump(exclude={"id"}) | {"remote_id": "other", "state": "reconnect"}))
        session.add(other)
        session.flush()
        session.add(PostingRules(artist_id=stage.artist_id, account_ids=[other.id], changed_at=clock()))
    release_id = appear(stage, watch(stage))
    run(stage)
    assert posts(stage) == []
    assert rows(stage)[release_id].sentence == automatic.NO_ACCOUNT


def test_without_an_account_the_artist_is_asked(stage: Stage) -> None:
    with stage.runtime.session() as session:
        session.get_one(Account, stage.account_id).state = "reconnect"
    release_id = appear(stage, watch(stage))
    run(stage)
    assert rows(stage)[release_id].sentence == automatic.NO_ACCOUNT


def test_a_wording_that_does_not_fit_asks_and_keeps_the_draft(stage: Stage) -> None:
    release_id = appear(stage, watch(stage), "Salt " * 200)
    run(stage)
    assert rows(stage)[release_id].state == "asks"
    assert "Too long" in rows(stage)[release_id].sentence
    assert posts(stage) == []
    with stage.runtime.reading() as session:
        assert session.exec(select(Announcement)).one().state == "draft"


def test_an_owner_s_yes_is_waited_for(stage: Stage, clock: TestClock) -> None:
    with stage.runtime.session() as session:
        session.add(PostingRules(artist_id=stage.artist_id, owner_yes=True, changed_at=clock()))
    release_id = appear(stage, watch(stage))
    run(stage)
    clock.forward(hours=2)
    run(stage)
    assert posts(stage) == []
    announcement_id = rows(stage)[release_id].announcement_id
    assert announcement_id
    assert drafts.approve(stage.runtime, stage.artist_id, announcement_id, [stage.account_id], None, "Bob") == []
    assert posts(stage) == []
    assert drafts.approve(stage.runtime, stage.artist_id, announcement_id, [stage.account_id], None, "Alice", owner=True)
    with stage.runtime.reading() as session:
        assert session.exec(select(Consent)).one().state == "given"


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(both_stage: Stage, clock: TestClock) -> None:
    release_id = appear(both_stage, watch(both_stage))
    with both_stage.runtime.session() as session:
        automatic.take_up(session, clock())
    row = rows(both_stage)[release_id]
    assert automatic._claim(both_stage.runtime, row.id or 0)  # and then its machine is switched off
    run(both_stage)
    assert posts(both_stage) == []
    clock.forward(minutes=6)
    run(both_stage)
    run(both_stage)
    assert len(posts(both_stage)) == 1
