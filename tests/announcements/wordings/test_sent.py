"""Threads, several wordings and questions as they go out: on the practice server, each message once, in its order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from creatorbot.announcements import states
from creatorbot.announcements.drafts import approve, cancel, new_draft, save_draft
from creatorbot.announcements.send import send_post
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.kept import keep_wording
from creatorbot.announcements.wordings.typed import OtherWords, TypedDraft
from creatorbot.errors import InvalidInput
from creatorbot.models import Announcement, Artist, KeptWording, Post, Release
from creatorbot.networks.base import Poll
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.stage import Stage

THREAD = "{title} is out {link}\n---\nMore about {title}: eight songs about the sea\n---\nThank you all for listening to us"


def begun(stage: Stage, **typed: Any) -> int:
    """A draft that says this."""
    with stage.runtime.session() as session:
        artist, release = session.get_one(Artist, stage.artist_id), session.get_one(Release, stage.release_id)
        draft = new_draft(session, artist, release, None, stage.runtime.clock())
        words = replace(typed_of(session, draft), **typed)
        save_draft(session, draft, words, stage.runtime.clock())
        return draft.id or 0


def sent(stage: Stage, **typed: Any) -> int:
    """An approved announcement that says this."""
    number = begun(stage, **typed)
    approve(stage.runtime, stage.artist_id, number, [stage.account_id], None)
    return number


def posts(runtime: Runtime) -> list[Post]:
    with runtime.reading() as session:
        return list(session.exec(select(Post).order_by(col(Post.part))))


def test_a_thread_goes_out_one_message_after_the_other(stage: Stage, clock: TestClock) -> None:
    sent(stage, wording=THREAD)
    assert len(posts(stage.runtime)) == 1
    stage.work(4, clock=clock)
    out = stage.posted()
    assert [status["in_reply_to_id"] for status in out] == [None, out[0]["id"], out[1]["id"]]
    assert [post.state for post in posts(stage.runtime)][:2] == ["confirmed", "confirmed"]
    assert "eight songs" in str(out[1]["text"])
    assert "/l/" not in str(out[1]["text"])


def test_the_next_message_waits_until_the_one_before_is_known_to_be_out(stage: Stage, clock: TestClock) -> None:
    sent(stage, wording=THREAD)
    stage.trouble("executed_answer_lost")
    stage.work(1)
    assert [post.state for post in posts(stage.runtime)] == ["unknown"]
    stage.work(12, clock=clock)
    out = stage.posted()
    assert [status["in_reply_to_id"] for status in out] == [None, out[0]["id"], out[1]["id"]]


def test_whatever_is_repeated_each_message_is_there_once(both_stage: Stage, clock: TestClock) -> None:
    """The sender is called again and again, and the record of success is made twice."""
    sent(both_stage, wording=THREAD)
    for _ in range(12):
        for post in posts(both_stage.runtime):
            send_post(both_stage.runtime, post.id or 0)
            send_post(both_stage.runtime, post.id or 0)
        both_stage.work(1)
        clock.at += timedelta(seconds=30)
    assert len(both_stage.posted()) == 3
    assert [post.part for post in posts(both_stage.runtime)] == [0, 1, 2]


def test_what_is_called_off_does_not_go_on(stage: Stage, clock: TestClock) -> None:
    number = sent(stage, wording=THREAD)
    send_post(stage.runtime, posts(stage.runtime)[0].id or 0)
    second = next(post for post in posts(stage.runtime) if post.part == 1)
    with stage.runtime.session() as session:
        cancel(session, session.get_one(Announcement, number), clock.at, "Alice")
    stage.work(4, clock=clock)
    assert len(stage.posted()) == 1
    assert stage.post(second.id or 0).state == "cancelled"


def test_a_thread_is_called_off_even_while_its_first_message_is_on_its_way(stage: Stage, clock: TestClock) -> None:
    number = sent(stage, wording=THREAD)
    stage.trouble("executed_answer_lost")
    stage.work(1)
    with stage.runtime.session() as session:
        cancel(session, session.get_one(Announcement, number), clock.at, "Alice")
    stage.work(12, clock=clock)
    assert len(stage.posted()) == 1


def test_where_the_message_before_cannot_be_named_the_artist_is_asked(stage: Stage, clock: TestClock) -> None:
    sent(stage, wording=THREAD)
    stage.trouble("executed_answer_lost")
    stage.work(1)
    with stage.runtime.session() as session:
        (post,) = session.exec(select(Post)).all()
        states.move(session, post, "held", clock.at, "asked")
        states.is_there(session, post, clock.at, "Alice")
    stage.work(3, clock=clock)
    second = posts(stage.runtime)[1]
    assert second.state == "held"
    assert "cannot be joined" in second.sentence
    assert len(stage.posted()) == 1


@pytest.mark.parametrize("wording", ["{title} {link}\n---\nshort", "{title} {link}\n---\n{if kind == 'video'}A video{end}"])
def test_a_message_that_could_not_be_found_again_or_says_nothing_is_refused(stage: Stage, wording: str) -> None:
    number = begun(stage, wording=wording)
    with pytest.raises(InvalidInput) as caught:
        approve(stage.runtime, stage.artist_id, number, [stage.account_id], None)
    assert caught.value.field == "wording"
    assert not posts(stage.runtime)


def test_an_account_carries_its_own_wording_and_the_post_remembers_it(stage: Stage) -> None:
    sent(stage, wording="First words {link}", others=(OtherWords("B", "Andere Worte {link}", "de", (stage.account_id,)),))
    stage.work(1)
    (status,) = stage.posted()
    assert str(status["text"]).startswith("Andere Worte")
    assert status["language"] == "de"
    assert [post.wording for post in posts(stage.runtime)] == ["B"]


def test_a_question_goes_along(stage: Stage) -> None:
    sent(stage, wording="Which song? {link}", poll=Poll(("Sails", "Anchor @bob"), 86_400, several=True))
    stage.work(1)
    (status,) = stage.posted()
    poll: Any = status["poll"]
    assert [option["title"] for option in poll["options"]] == ["Sails", "Anchor @\u2060bob"]
    assert poll["multiple"] is True
    assert posts(stage.runtime)[0].sentence == ""


@pytest.mark.parametrize(
    ("poll", "field"),
    [(Poll(("a", "b", "c", "d", "e")), "poll"), (Poll(("a" * 51, "b")), "poll"), (Poll(("a", "")), "poll")],
)
def test_a_question_the_server_would_refuse(stage: Stage, poll: Poll, field: str) -> None:
    number = begun(stage, poll=poll)
    with pytest.raises(InvalidInput) as caught:
        approve(stage.runtime, stage.artist_id, number, [stage.account_id], None)
    assert caught.value.field == field


def test_only_whom_the_artist_wants_told_is_mentioned(stage: Stage) -> None:
    sent(stage, wording="With @carol@far.example and @bob@far.example {link}", mentions=("@carol@far.example",))
    stage.work(1)
    (status,) = stage.posted()
    assert "@carol@far.example" in str(status["text"])
    assert "@bob" not in str(status["text"])


@pytest.fixture
def keep(stage: Stage) -> Callable[..., KeptWording]:
    """Keep a wording."""

    def kept(name: str, text: str, *, network: str = "", starts: bool = False, language: str = "") -> KeptWording:
        now = stage.runtime.clock()
        row = KeptWording(
            artist_id=stage.artist_id, name=name, text=text, network=network, starts=starts, language=language, changed_at=now
        )
        with stage.runtime.session() as session:
            return keep_wording(session, stage.artist_id, row, now)

    return kept


def drafted(stage: Stage) -> TypedDraft:
    with stage.runtime.session() as session:
        artist, release = session.get_one(Artist, stage.artist_id), session.get_one(Release, stage.release_id)
        return typed_of(session, new_draft(session, artist, release, None, stage.runtime.clock()))


def test_new_announcements_begin_with_the_artists_own_words(stage: Stage, keep: Callable[..., KeptWording]) -> None:
    keep("Old", "Old {title}", starts=True)
    keep("Mine", "New from me: {title}", starts=True, language="de")
    keep("Here", "Only here: {title}", network="mastodon", starts=True)
    keep("There", "Only there: {title}", network="bluesky", starts=True)
    draft = drafted(stage)
    assert (draft.wording, draft.language) == ("New from me: {title}", "de")
    assert draft.others == (OtherWords("B", "Only here: {title}", "", (stage.account_id,)),)


def test_a_kept_wording_has_its_own_name_and_can_be_filled_in(keep: Callable[..., KeptWording]) -> None:
    keep("Mine", "{title}")
    for name, text, field in (("mine", "x", "name"), (" ", "x", "name"), ("Other", "{titel}", "wording"), ("Third", "", "wording")):
        with pytest.raises(InvalidInput) as caught:
            keep(name, text)
        assert caught.value.field == field


def test_what_the_feed_marks_as_explicit_gets_a_warning_when_nobody_is_there_to_add_one(stage: Stage) -> None:
    with stage.runtime.session() as session:
        session.get_one(Release, stage.release_id).explicit = True
    assert drafted(stage).content_warning == "Explicit lyrics"
