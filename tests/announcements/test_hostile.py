"""What a hostile or merely odd world brings: names no database keeps, warnings that would tell somebody, answers nobody expected."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from creatorbot.announcements import edits
from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.announcements.queries import get_post
from creatorbot.models import Artist, Booster, Measuring, PostReply, Release
from jobs import edit_posts
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
    assert looks(both_stage) == [(0, 1, 3, 1, None)] or looks(both_stage)[0][2] == 3
    with both_stage.runtime.reading() as session:
        whole = "".join(letter for letter in name if letter.isalnum())
        assert [one.handle for one in session.exec(select(Booster)).all()] == [f"@{whole}@far.example"]
        assert [one.words for one in session.exec(select(PostReply)).all()] == [whole]
        assert session.exec(select(Measuring)).one().tries == 0
