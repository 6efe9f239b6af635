"""One status per post, whatever the server does. Against the practice server, with its troubles ordered."""

import time
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlmodel import select

from creatorbot.announcements import states
from creatorbot.announcements.drafts import approve, cancel, new_draft
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.announcements.send import send_post
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Account, Artist, Post, Release
from tests.stage import Stage, codes_in


def states_of(stage: Stage, post_id: int) -> list[str]:
    with stage.runtime.reading() as session:
        return [change.after for change in states.changes_of(session, post_id)]


def test_a_post_goes_out_once_carries_its_own_link_and_is_confirmed(both_stage: Stage, clock: Any) -> None:
    post_id = both_stage.approve()
    both_stage.work(6, clock=clock)
    posted = both_stage.posted()
    assert len(posted) == 1
    assert len(codes_in(posted)) == 1
    post = both_stage.post(post_id)
    assert post.state == "confirmed"
    assert post.remote_id == posted[0]["id"]
    assert post.carries == "link"
    assert states_of(both_stage, post_id) == ["due", "claimed", "published", "confirmed"]
    assert both_stage.announcement(post_id).state == "announced"


def test_a_scheduled_post_waits_for_its_time(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=2))
    stage.work()
    assert stage.posted() == []
    assert stage.post(post_id).state == "waiting"
    clock.forward(hours=2)
    stage.work()
    assert len(stage.posted()) == 1


def test_post_now_twice_is_once(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(days=3))
    for _ in range(2):
        with stage.runtime.session() as session:
            states.send_now(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work()
    with stage.runtime.session() as session:
        states.send_now(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work(4, clock=clock)
    assert len(stage.posted()) == 1


@pytest.mark.parametrize("mode", ["same", "ignored", "refused400", "error500", "replay"])
@pytest.mark.parametrize("trouble", ["executed_answer_lost", "executed_504", "executed_html_200"])
def test_when_the_answer_is_lost_it_is_found_and_not_repeated(stage: Stage, clock: Any, trouble: str, mode: str) -> None:
    stage.keys(mode)
    stage.trouble(trouble)
    post_id = stage.approve()
    stage.work(12, clock=clock)
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"


@pytest.mark.parametrize("mode", ["same", "ignored", "refused400", "error500", "replay"])
@pytest.mark.parametrize("trouble", ["not_executed_503", "answer_lost", "cloudflare_520", "html_200", "id_less_200", "empty_list_200"])
def test_when_nothing_was_executed_it_goes_out_after_two_looks(stage: Stage, clock: Any, trouble: str, mode: str) -> None:
    stage.keys(mode)
    stage.trouble(trouble)
    post_id = stage.approve()
    stage.work()
    assert stage.post(post_id).state == "unknown"
    stage.work(14, clock=clock)
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"


def test_a_timeline_that_lags_does_not_make_a_second_one(stage: Stage, clock: Any) -> None:
    stage.keys("ignored")
    stage.trouble("executed_answer_lost")
    stage.trouble("search_lags", 0, 45)
    stage.approve()
    stage.work(14, clock=clock)
    assert len(stage.posted()) == 1


def test_while_it_cannot_look_it_does_not_send(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    stage.trouble("executed_504")
    stage.work()
    stage.trouble("down", 0)
    stage.work(20, clock=clock, step=timedelta(minutes=10))
    assert stage.post(post_id).state == "unknown"
    assert "will not appear twice" in stage.post(post_id).sentence
    stage.trouble("none")
    stage.work(10, clock=clock, step=timedelta(minutes=30))
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"


def test_after_a_day_without_a_look_the_artist_is_asked_and_decides(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    stage.trouble("down", 0)
    stage.work(40, clock=clock, step=timedelta(hours=1))
    assert stage.post(post_id).state == "held"
    stage.trouble("none")
    with stage.runtime.session() as session:
        with pytest.raises(Conflict):
            states.cancel_post(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
        states.not_there(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work(5, clock=clock)
    assert len(stage.posted()) == 1


def test_a_clear_refusal_is_told_and_not_repeated(stage: Stage, clock: Any) -> None:
    stage.trouble("too_long_422", 0)
    post_id = stage.approve()
    stage.work(6, clock=clock)
    post = stage.post(post_id)
    assert post.state == "failed"
    assert "Nothing was posted" in post.sentence
    stage.trouble("none")
    with stage.runtime.session() as session:
        states.try_again(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work(5, clock=clock)
    assert len(stage.posted()) == 1


def test_a_revoked_permission_holds_the_post_and_says_so(stage: Stage, clock: Any) -> None:
    stage.trouble("revoked")
    post_id = stage.approve()
    stage.work(3, clock=clock)
    assert stage.post(post_id).state == "held"
    assert "connected again" in stage.post(post_id).sentence
    with stage.runtime.reading() as session:
        assert session.get_one(Account, stage.account_id).state == "reconnect"
    assert stage.posted() == []


def test_asked_to_slow_down_it_comes_back_later(stage: Stage, clock: Any) -> None:
    stage.trouble("rate_limited", 1, 600)
    post_id = stage.approve()
    stage.work(10, clock=clock)
    assert stage.post(post_id).state == "due"
    stage.work(12, clock=clock, step=timedelta(minutes=1))
    assert len(stage.posted()) == 1


def test_a_server_that_is_away_gets_it_when_it_is_back(stage: Stage, clock: Any) -> None:
    stage.trouble("refused", seconds=2)
    post_id = stage.approve()
    stage.work()
    post = stage.post(post_id)
    assert post.state in ("due", "unknown")
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            stage.posted()
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    stage.work(8, clock=clock, step=timedelta(minutes=2))
    assert stage.post(post_id).state == "confirmed"
    assert len(stage.posted()) == 1


def test_a_post_that_vanishes_is_told(stage: Stage, clock: Any) -> None:
    stage.trouble("vanished")
    post_id = stage.approve()
    stage.work(10, clock=clock)
    assert stage.post(post_id).state == "vanished"
    assert "not there any more" in stage.post(post_id).sentence


def test_a_quieter_audience_than_asked_is_told(stage: Stage, clock: Any) -> None:
    stage.trouble("downgraded")
    post_id = stage.approve()
    stage.work(6, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    assert "less public" in stage.post(post_id).sentence


def test_half_a_day_late_asks_first(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    clock.forward(hours=14)
    stage.work()
    assert stage.post(post_id).state == "held"
    assert stage.posted() == []
    with stage.runtime.session() as session:
        states.try_again(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")
    stage.work()
    assert len(stage.posted()) == 1


def test_two_senders_never_hold_the_same_post(both_stage: Stage) -> None:
    post_id = both_stage.approve()
    assert [send_post(both_stage.runtime, post_id), send_post(both_stage.runtime, post_id)] == [True, False]
    assert len(both_stage.posted()) == 1


def test_a_second_click_on_approve_makes_nothing(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    announcement = stage.announcement(post_id)
    assert announcement.id is not None
    with pytest.raises(Conflict):
        approve(stage.runtime, stage.artist_id, announcement.id, [stage.account_id], None)
    stage.work(3, clock=clock)
    assert len(stage.posted()) == 1


def test_what_does_not_fit_is_refused_before_anything_is_made(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="Too long") as refused:
        stage.approve(wording="{title} " + "la " * 300)
    assert refused.value.field == "wording"
    with stage.runtime.reading() as session:
        assert session.exec(select(Post)).all() == []
    assert stage.approve(wording="{title}") > 0


def test_a_cancelled_post_stays_at_home(stage: Stage, clock: Any) -> None:
    post_id = stage.approve(when=clock.at + timedelta(hours=1))
    with stage.runtime.session() as session:
        announcement = get_announcement(session, stage.artist_id, stage.post(post_id).announcement_id)
        cancel(session, announcement, clock.at, "Alice")
    clock.forward(hours=2)
    stage.work()
    assert stage.posted() == []
    assert stage.announcement(post_id).state == "cancelled"


def test_another_artist_sees_nothing_of_it(stage: Stage) -> None:
    post_id = stage.approve()
    with stage.runtime.reading() as session, pytest.raises(NotFound):
        get_post(session, stage.artist_id + 1, post_id)


def test_an_untouched_draft_is_taken_up_again(stage: Stage, clock: Any) -> None:
    with stage.runtime.session() as session:
        artist, release = session.get_one(Artist, stage.artist_id), session.get_one(Release, stage.release_id)
        first = new_draft(session, artist, release, None, clock.at)
        assert new_draft(session, artist, release, None, clock.at).id == first.id
