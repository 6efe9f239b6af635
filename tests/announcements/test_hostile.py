"""What a hostile or merely odd world brings: names no database keeps, warnings that would tell somebody, answers nobody expected."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from creatorbot.announcements import edits
from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.announcements.handover.outcome import not_found
from creatorbot.announcements.look import looks_needed
from creatorbot.announcements.queries import get_post
from creatorbot.announcements.record import record
from creatorbot.announcements.send import call, take
from creatorbot.announcements.waits import Waits
from creatorbot.errors import ServiceError
from creatorbot.models import Account, Artist, Booster, Measuring, PostReply, Release, Server
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Draft, Health, Published
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from jobs import edit_posts
from tests.announcements.pairs import set_pair
from tests.announcements.test_engagement import came, look, looks, out
from tests.stage import Stage


def test_an_edit_tells_nobody_who_is_named_in_the_content_warning(stage: Stage, clock: Any) -> None:
    with stage.runtime.session() as session:
        artist, release = session.get_one(Artist, stage.artist_id), session.get_one(Release, stage.release_id)
        draft = new_draft(session, artist, release, None, clock())
        draft.content_warning = "@mara@elsewhere.example would not like it"
    (post_id,) = approve(stage.runtime, stage.artist_id, draft.id or 0, [stage.account_id], None)
    stage.work(5, clock=clock)
    (before,) = stage.posted()
    assert "@mara" not in str(before["spoiler_text"])
    with stage.runtime.session() as session:
        post = get_post(session, stage.artist_id, post_id)
        edits.want_edit(session, post, f"{post.text}\nAt last!", "Alice", clock())
    edit_posts.run(stage.runtime, clock())
    (after,) = stage.posted()
    assert "At last!" in str(after["text"])
    assert after["spoiler_text"] == before["spoiler_text"]


@pytest.mark.parametrize("name", ["half\ud83d", "no\x00thing"])
def test_a_name_that_no_database_keeps_does_not_stop_the_figures(both_stage: Stage, clock: Any, name: str) -> None:
    post_id = out(both_stage, clock)
    came(both_stage, post_id, boosters=[f"{name}@far.example"], favourites=3, replies=[{"who": f"{name}@far.example", "words": name}])
    look(both_stage, clock, timedelta(minutes=10))
    assert looks(both_stage)[0][:3] == (0, 1, 3)
    with both_stage.runtime.reading() as session:
        whole = "".join(letter for letter in name if letter.isalnum())
        assert [one.handle for one in session.exec(select(Booster)).all()] == [f"@{whole}@far.example"]
        assert [one.words for one in session.exec(select(PostReply)).all()] == [whole]
        assert session.exec(select(Measuring)).one().tries == 0


class Contradicting:
    """A network that takes our permission away and then falls over when it is asked about it."""

    def publish(self, draft: Draft, account: object, *, key: str, door: Door) -> Published:
        raise ServiceError("%(host)s no longer accepts our permission.", kind="revoked", status=401, host="odd.example")

    def check(self, account: object, door: Door) -> Health:
        raise RuntimeError("nobody expected this")


def test_a_refusal_that_cannot_be_asked_about_proves_nothing_and_loses_nothing(stage: Stage) -> None:
    post_id = stage.approve()
    (parcel,) = take(stage.runtime, [post_id]).to_send
    REGISTRY["odd"] = Contradicting()  # type: ignore[assignment]
    try:
        record(stage.runtime, [call(stage.runtime, replace(parcel, network="odd"))])
    finally:
        del REGISTRY["odd"]
    assert stage.post(post_id).state == "due"
    assert stage.posted() == []


def test_after_a_hand_over_a_server_without_memory_is_looked_at_as_often(both_runtime: Runtime, clock: Any, tmp_path: Path) -> None:
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        duo = set_pair(both_runtime, practice, clock)
        duo.wish(rather="twice")
        duo.stage.trouble("executed_answer_lost")
        duo.stage.approve()
        duo.work(1, minutes=0.1)
        duo.away()
        duo.away(second=True)
        duo.work(30)
        stand_in = duo.stand_in()
        assert stand_in is not None
        with both_runtime.session() as session:
            account = session.get_one(Account, duo.posts()[0].account_id)
            server = session.get_one(Server, account.server_id)
            server.facts = {**server.facts, "software": "gotosocial"}
        needed = looks_needed("mastodon", "gotosocial")
        for look_number in range(1, needed + 1):
            with both_runtime.session() as session:
                not_found(session, stand_in.id or 0, clock.at, Waits())
            assert duo.posts()[0].state == ("due" if look_number == needed else "handed_over")
