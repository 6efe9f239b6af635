"""What a person asks for after something went wrong, and the corners where one status could become two or none."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select

from creatorbot.announcements import states
from creatorbot.announcements.drafts import cancel
from creatorbot.announcements.queries import get_announcement, get_post
from creatorbot.announcements.text import marker_of, private_addresses
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Attempt, Post, Release
from creatorbot.releases.covers import store_cover, upload_file
from tests.stage import Stage


def ask(stage: Stage, post_id: int, act: Any, clock: Any) -> None:
    with stage.runtime.session() as session:
        act(session, get_post(session, stage.artist_id, post_id), clock.at, "Alice")


def test_one_that_vanished_is_made_again_exactly_once(stage: Stage, clock: Any) -> None:
    stage.trouble("vanished")
    post_id = stage.approve()
    stage.work(10, clock=clock)
    assert stage.post(post_id).state == "vanished"
    ask(stage, post_id, states.try_again, clock)
    stage.work(40, clock=clock, step=timedelta(minutes=2))
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"
    assert stage.post(post_id).remote_id == stage.posted()[0]["id"]


@pytest.mark.parametrize("mode", ["same", "ignored", "error500"])
@pytest.mark.parametrize("wording", [None, "{title}", "Listen:\n\n{title} by {artist}\n{price line}\n\n#NewMusic\n{link}"])
def test_a_post_with_the_shops_address_is_found_by_its_words(stage: Stage, clock: Any, mode: str, wording: str | None) -> None:
    stage.keys(mode)
    stage.trouble("executed_answer_lost")
    post_id = stage.approve(wording=wording)
    stage.work()
    with stage.runtime.session() as session:
        post = session.get_one(Post, post_id)
        assert post.state == "unknown"
        post.carries = "shop"
    stage.work(20, clock=clock, step=timedelta(minutes=5))
    assert len(stage.posted()) == 1
    assert stage.post(post_id).state == "confirmed"


def test_a_key_is_not_repeated_after_the_server_has_forgotten_it(stage: Stage, clock: Any) -> None:
    stage.keys("same")
    stage.trouble("not_executed_503", 0)
    post_id = stage.approve()
    stage.work(60, clock=clock, step=timedelta(minutes=3))
    with stage.runtime.reading() as session:
        tries = session.exec(select(Attempt).where(Attempt.post_id == post_id).order_by(col(Attempt.id))).all()
    assert len(tries) > 4
    for attempt in tries:
        first = next(one for one in tries if one.key == attempt.key)
        assert attempt.started_at - first.started_at < timedelta(hours=1)


def test_a_cover_that_is_gone_fails_with_a_sentence_and_no_loop(stage: Stage, clock: Any) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (400, 400), (90, 40, 160)).save(picture, "JPEG")
    with stage.runtime.session() as session:
        cover = store_cover(session, stage.runtime.covers, picture.getvalue(), clock.at)
        session.flush()
        release = session.get_one(Release, stage.release_id)
        release.cover_id = cover.id
        session.add(release)
    kept = upload_file(stage.runtime.covers, cover)
    body = kept.read_bytes()
    kept.unlink()
    post_id = stage.approve(look="picture")
    stage.work(6, clock=clock)
    assert stage.post(post_id).state == "failed"
    assert "cannot be read" in stage.post(post_id).sentence
    assert stage.posted() == []
    kept.write_bytes(body)
    ask(stage, post_id, states.try_again, clock)
    stage.work(5, clock=clock)
    assert len(stage.posted()) == 1
    assert len(stage.posted()[0]["media_attachments"]) == 1  # type: ignore[arg-type]


def test_a_confirmation_that_could_not_be_made_does_not_count_as_gone(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    stage.work()
    stage.trouble("down", 0)
    stage.work(6, clock=clock, step=timedelta(minutes=10))
    assert stage.post(post_id).state == "published"
    stage.trouble("none")
    stage.work(4, clock=clock, step=timedelta(hours=1))
    assert stage.post(post_id).state == "confirmed"


def test_a_refused_permission_that_still_stands_is_told_in_the_servers_words(stage: Stage, clock: Any) -> None:
    stage.trouble("forbidden_disabled")
    post_id = stage.approve()
    stage.work(6, clock=clock)
    post = stage.post(post_id)
    assert post.state in ("failed", "held")
    assert "cannot be reached" not in post.sentence
    assert stage.posted() == []


def test_the_artist_says_it_is_there(stage: Stage, clock: Any) -> None:
    stage.trouble("executed_504")
    post_id = stage.approve()
    stage.work()
    stage.trouble("down", 0)
    stage.work(40, clock=clock, step=timedelta(hours=1))
    assert stage.post(post_id).state == "held"
    ask(stage, post_id, states.is_there, clock)
    stage.trouble("none")
    stage.work(5, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    assert len(stage.posted()) == 1
    assert stage.announcement(post_id).state == "announced"


def test_calling_off_the_rest_closes_the_announcement(stage: Stage, clock: Any) -> None:
    post_id = stage.approve()
    stage.work(5, clock=clock)
    announcement_id = stage.post(post_id).announcement_id
    with stage.runtime.session() as session:
        announcement = get_announcement(session, stage.artist_id, announcement_id)
        announcement.state = "approved"
        later = clock.at + timedelta(days=1)
        session.add(
            Post(
                artist_id=stage.artist_id,
                announcement_id=announcement_id,
                account_id=stage.account_id,
                part=1,
                state="waiting",
                due_at=later,
                not_before=later,
                expires_at=later,
                changed_at=clock.at,
            )
        )
    with stage.runtime.session() as session:
        cancel(session, get_announcement(session, stage.artist_id, announcement_id), clock.at, "Alice")
    assert stage.announcement(post_id).state == "announced"


def test_an_account_taken_off_meanwhile_stays_off(stage: Stage, clock: Any) -> None:
    stage.trouble("refused", seconds=3)
    stage.approve()
    with stage.runtime.session() as session:
        session.get_one(Account, stage.account_id).state = "removed"
    stage.work(3, clock=clock)
    with stage.runtime.reading() as session:
        assert session.get_one(Account, stage.account_id).state == "removed"


@pytest.mark.parametrize("field", ["content_warning", "alt_text", "wording"])
def test_no_address_of_our_own_leaves_in_any_field(stage: Stage, field: str) -> None:
    with stage.runtime.session() as session:
        for account in session.exec(select(Account)).all():
            assert account.state == "ok"
    for address in ("http://nas.home/x", "http://[64:ff9b::7f00:1]/", "http://x.localdomain/", "http://[2002:7f00:1::]/"):
        assert private_addresses(f"{field}: {address}") == [address]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Tall Ships by Aoife is out now.\n\nPay what you want\nhttps://a.example/x\n\n#Folk",
            "Tall Ships by Aoife is out now.\n\nPay what you want",
        ),
        ("New!\nhttps://a.example/album/x", "https://a.example/album/x"),
        ("Only words, and no address at all", "Only words, and no address at all"),
    ],
)
def test_what_a_post_without_our_link_is_found_by(text: str, found: str) -> None:
    assert marker_of(text, "shop", "abcd") == found


def test_a_wording_without_a_link_is_refused_nowhere_but_carries_it(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        stage.approve(wording="   ")
    assert stage.approve(wording="Just words") > 0
